;; A WASI program that calls `proc_exit` in the middle.
;; end: RETURNED 7 "returned error 7"
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "_start")
    (call $exit (i32.const 7))
    unreachable))
