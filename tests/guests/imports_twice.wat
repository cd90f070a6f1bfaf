;; Imports one function under two names.
;; end: RETURNED 0 "returned"
(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "now" (func $now (result i64)))
  (import "wasi:clocks/monotonic-clock@0.3.0" "now" (func $again (result i64)))
  (func (export "run") (result i32)
    (i64.gt_u (call $now) (call $again))))
