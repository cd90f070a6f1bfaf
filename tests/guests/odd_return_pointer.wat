;; Asks for a result at an odd address, where it is written: the host needs no alignment.
;; end: RETURNED 0 "returned"
(module
  (import "zephyr:timer/timer@0.1.0" "[static]timer.periodic" (func $periodic (param i64 i32)))
  (memory (export "memory") 256 (pagesize 1))
  (func (export "run") (result i32)
    (call $periodic (i64.const 50000000) (i32.const 1))
    i32.const 0))
