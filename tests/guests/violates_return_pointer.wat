;; Asks for a result at an address beyond its memory.
;; end: VIOLATED 1 "a pointer outside its memory"
(module
  (import "zephyr:timer/timer@0.1.0" "[static]timer.periodic" (func $periodic (param i64 i32)))
  (memory (export "memory") 256 (pagesize 1))
  (func (export "run") (result i32)
    (call $periodic (i64.const 50000000) (i32.const 256))
    i32.const 0))
