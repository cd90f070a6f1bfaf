;; Asks for more message queues than the four that its manifest grants: an error of the call.
;; end: RETURNED 0 "returned"
(module
  (@custom "zephyr-wasm:app" "name limited_messages\0azephyr:message subscribe *\0azephyr:message queue 4")
  (import "zephyr:message/message@0.1.0" "[static]subscription.open" (func $open (param i32 i32 i32 i32)))
  (import "zephyr:message/message@0.1.0" "[resource-drop]subscription" (func $drop (param i32)))
  (memory (export "memory") 64 (pagesize 1))
  (data (i32.const 16) "topic")
  ;; Whether there was no queue: `limit` is the third case of the error.
  (func $subscribe (param $capacity i32) (result i32)
    (call $open (i32.const 16) (i32.const 5) (local.get $capacity) (i32.const 0))
    (if (i32.eqz (i32.load8_u (i32.const 0))) (then (return (i32.const 0))))
    (i32.eq (i32.load8_u (i32.const 4)) (i32.const 2)))
  (func (export "run") (result i32)
    (if (call $subscribe (i32.const 3)) (then (return (i32.const 1))))
    (if (i32.eqz (call $subscribe (i32.const 2))) (then (return (i32.const 2))))
    (if (call $subscribe (i32.const 1)) (then (return (i32.const 3))))
    (call $drop (i32.const 1))
    (call $subscribe (i32.const 2))))
