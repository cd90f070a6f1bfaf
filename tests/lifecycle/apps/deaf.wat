;; Sees that it is asked to end, and does not.
(module
  (import "zephyr:lifecycle/lifecycle@0.1.0" "stopping" (func $stopping (result i32)))
  (func (export "run") (result i32)
    (loop $more (drop (call $stopping)) (br $more))
    unreachable))
