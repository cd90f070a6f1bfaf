;; Two memories.
;; end: REFUSED INVALID "malformed, invalid"
(module
  (memory 1 (pagesize 1))
  (memory 1 (pagesize 1))
  (func (export "run") (result i32) i32.const 0))
