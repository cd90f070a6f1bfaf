;; A WASI program that exports no memory.
;; end: VIOLATED 9 "a pointer, but no exported memory"
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (func (export "_start")
    (drop (call $time (i32.const 0) (i64.const 0) (i32.const 0)))))
