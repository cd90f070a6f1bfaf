;; Sends messages to itself without a pause and never receives them: its queue loses the oldest.
;; end: KILLED 0 "killed"
(module
  (@custom "zephyr-wasm:app" "name message_flood\0azephyr:message subscribe *\0azephyr:message publish *")
  (import "zephyr:message/message@0.1.0" "[static]subscription.open" (func $open (param i32 i32 i32 i32)))
  (import "zephyr:message/message@0.1.0" "publish" (func $publish (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 64 (pagesize 1))
  (data (i32.const 16) "topic")
  (func (export "run") (result i32)
    (call $open (i32.const 16) (i32.const 1) (i32.const 4) (i32.const 0))
    (if (i32.load8_u (i32.const 0)) (then (return (i32.const 1))))
    (loop $forever
      (call $publish (i32.const 16) (i32.const 1) (i32.const 16) (i32.const 5) (i32.const 0))
      ;; One receiver.
      (br_if $forever (i32.and (i32.eqz (i32.load8_u (i32.const 0))) (i32.eq (i32.load (i32.const 4)) (i32.const 1)))))
    (i32.const 2)))
