;; A memory whose minimum is larger than its maximum.
;; end: REFUSED INVALID "malformed, invalid"
(module
  (memory 2 1 (pagesize 1))
  (func (export "run") (result i32) i32.const 0))
