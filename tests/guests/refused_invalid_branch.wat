;; A branch to a block that does not exist.
;; end: REFUSED INVALID "malformed, invalid"
(module
  (func (export "run") (result i32) (br 7) i32.const 0))
