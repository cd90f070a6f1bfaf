;; A WASI program that waits for two thousand million events.
;; end: VIOLATED 1 "a pointer outside its memory"
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "_start")
    (drop (call $poll (i32.const 0) (i32.const 0) (i32.const 0x7fffffff) (i32.const 0)))))
