;; Writes to an immutable global.
;; end: REFUSED INVALID "malformed, invalid"
(module
  (global i32 (i32.const 0))
  (func (export "run") (result i32) (global.set 0 (i32.const 1)) i32.const 0))
