;; Works until it is asked to end.
(module
  (import "zephyr:lifecycle/lifecycle@0.1.0" "stopping" (func $stopping (result i32)))
  (import "wasi:clocks/monotonic-clock@0.3.0" "wait-for" (func $wait (param i64)))
  (func (export "run") (result i32)
    (loop $more
      (if (call $stopping) (then (return (i32.const 0))))
      ;; An hour, unless it is asked meanwhile.
      (call $wait (i64.const 3600000000000))
      (br $more))
    unreachable))
