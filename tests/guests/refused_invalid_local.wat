;; Reads a local that does not exist.
;; end: REFUSED INVALID "malformed, invalid"
(module
  (func (export "run") (result i32) (local.get 1000)))
