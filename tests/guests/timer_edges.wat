;; A period of 0 is an error; a delay of 0, and one of more time than there is, are not.
;; end: RETURNED 0 "returned"
(module
  (import "zephyr:timer/timer@0.1.0" "[static]timer.one-shot" (func $one_shot (param i64 i32)))
  (import "zephyr:timer/timer@0.1.0" "[static]timer.periodic" (func $periodic (param i64 i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "run") (result i32)
    (call $periodic (i64.const 0) (i32.const 0))
    (if (i32.eqz (i32.load8_u (i32.const 0))) (then (return (i32.const 1))))
    (call $one_shot (i64.const 0) (i32.const 0))
    (if (i32.load8_u (i32.const 0)) (then (return (i32.const 2))))
    (call $one_shot (i64.const -1) (i32.const 0))
    (i32.load8_u (i32.const 0))))
