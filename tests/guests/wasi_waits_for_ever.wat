;; A WASI program that waits for the last nanosecond that a clock can count.
;; end: KILLED 0 "killed"
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 128 (pagesize 1))
  (func (export "_start")
    ;; A clock, after all the nanoseconds that there are.
    (i32.store (i32.const 16) (i32.const 1))
    (i64.store (i32.const 24) (i64.const -1))
    (drop (call $poll (i32.const 0) (i32.const 48) (i32.const 1) (i32.const 96)))))
