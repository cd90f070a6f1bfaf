;; Runs for a moment, and traps.
(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "wait-for" (func $wait (param i64)))
  (memory (export "memory") 1 1 (pagesize 1))
  (func (export "run") (result i32)
    (call $wait (i64.const 100000000))
    unreachable))
