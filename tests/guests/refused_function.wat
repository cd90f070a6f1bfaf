;; Imports a function that the interface does not have.
;; end: REFUSED UNKNOWN_FUNCTION "imports `tomorrow`, which `wasi:clocks/monotonic-clock@0.3.0` does not have"
(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "tomorrow" (func (result i64)))
  (func (export "run") (result i32) i32.const 0))
