;; Gives a sign of life every 50 ms, 20 times.
(module
  (import "zephyr:lifecycle/lifecycle@0.1.0" "heartbeat" (func $heartbeat))
  (import "wasi:clocks/monotonic-clock@0.3.0" "wait-for" (func $wait (param i64)))
  (func (export "run") (result i32) (local $left i32)
    (local.set $left (i32.const 20))
    (loop $more
      (call $heartbeat)
      (call $wait (i64.const 50000000))
      (br_if $more (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    i32.const 0))
