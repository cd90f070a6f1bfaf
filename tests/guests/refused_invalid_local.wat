;; A local that is not there.
;; end: REFUSED INVALID "malformed, invalid"
(module
  (func (export "run") (result i32) (local.get 1000)))
