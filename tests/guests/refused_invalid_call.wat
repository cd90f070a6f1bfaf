;; A call of a function that does not exist.
;; end: REFUSED INVALID "malformed, invalid"
(module
  (func (export "run") (result i32) (call 99)))
