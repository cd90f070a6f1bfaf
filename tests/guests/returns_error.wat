;; Returns an error code of its own.
;; end: RETURNED 7 "returned error 7"
(module (func (export "run") (result i32) i32.const 7))
