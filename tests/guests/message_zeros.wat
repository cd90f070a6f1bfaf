;; Uses topics and patterns with a zero byte. Each is granted as a whole, and would be another one up to the zero.
;; end: RETURNED 0 "returned"
(module
  (@custom "zephyr-wasm:app" "name message_zeros\0azephyr:message subscribe */status\0azephyr:message publish key*")
  (import "zephyr:message/message@0.1.0" "[static]subscription.open" (func $open (param i32 i32 i32 i32)))
  (import "zephyr:message/message@0.1.0" "publish" (func $publish (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 64 (pagesize 1))
  (data (i32.const 32) "key\00/status")
  (data (i32.const 48) "*\00/status")
  ;; `invalid` is the second case of the error.
  (func $is_invalid (result i32)
    (i32.and (i32.eq (i32.load8_u (i32.const 0)) (i32.const 1)) (i32.eq (i32.load8_u (i32.const 4)) (i32.const 1))))
  (func (export "run") (result i32)
    (call $open (i32.const 32) (i32.const 11) (i32.const 1) (i32.const 0))
    (if (i32.eqz (call $is_invalid)) (then (return (i32.const 1))))
    (call $open (i32.const 48) (i32.const 9) (i32.const 1) (i32.const 0))
    (if (i32.eqz (call $is_invalid)) (then (return (i32.const 4))))
    (call $publish (i32.const 32) (i32.const 11) (i32.const 0) (i32.const 0) (i32.const 0))
    (if (i32.eqz (call $is_invalid)) (then (return (i32.const 2))))
    (call $publish (i32.const 32) (i32.const 4) (i32.const 0) (i32.const 0) (i32.const 0))
    (if (i32.eqz (call $is_invalid)) (then (return (i32.const 3))))
    (call $publish (i32.const 32) (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0))
    (i32.load8_u (i32.const 0))))
