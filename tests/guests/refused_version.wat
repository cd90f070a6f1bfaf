;; Imports a version of WASI that this image does not have.
;; end: REFUSED UNKNOWN_INTERFACE "this image has `wasi:clocks/monotonic-clock@0.3.0`"
(module
  (import "wasi:clocks/monotonic-clock@0.2.0" "now" (func (result i64)))
  (func (export "run") (result i32) i32.const 0))
