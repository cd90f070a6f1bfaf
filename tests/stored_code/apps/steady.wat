;; Sleeps, again and again, and looks whether its memory is as it was.
(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "wait-for" (func $wait (param i64)))
  (memory (export "memory") 256 256 (pagesize 1))
  (func (export "run") (result i32)
    (i64.store (i32.const 8) (i64.const 0x123456789abcdef0))
    (loop $again
      (call $wait (i64.const 10000000))
      (br_if $again (i64.eq (i64.load (i32.const 8)) (i64.const 0x123456789abcdef0))))
    (i32.const 1)))
