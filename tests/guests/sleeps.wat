;; Waits for a century.
;; end: KILLED 0 "killed"
(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "wait-for" (func $wait (param i64)))
  (func (export "run") (result i32) (call $wait (i64.const -1)) i32.const 0))
