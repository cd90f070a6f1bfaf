;; Sleeps, again and again, until it is asked to end: then it does, as it should.
(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "wait-for" (func $wait (param i64)))
  (import "zephyr:lifecycle/lifecycle@0.1.0" "stopping" (func $stopping (result i32)))
  (memory (export "memory") 1 1 (pagesize 1))
  (func (export "run") (result i32)
    (loop $again
      (call $wait (i64.const 50000000))
      (br_if $again (i32.eqz (call $stopping))))
    (i32.const 0)))
