;; Imports a function with another type than it has.
;; end: REFUSED SIGNATURE "imports `now` of `wasi:clocks/monotonic-clock@0.3.0` with another signature"
(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "now" (func (result i32)))
  (func (export "run") (result i32) i32.const 0))
