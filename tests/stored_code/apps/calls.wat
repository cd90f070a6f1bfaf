;; Makes 1,000 host calls.
(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "now" (func $now (result i64)))
  (memory (export "memory") 256 256 (pagesize 1))
  (func (export "run") (result i32) (local $left i32)
    (local.set $left (i32.const 1000))
    (loop $again
      (drop (call $now))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0)))
