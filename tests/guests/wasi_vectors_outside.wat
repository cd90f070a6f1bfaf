;; A WASI program that writes from a list of buffers that ends outside its memory.
;; end: VIOLATED 1 "a pointer outside its memory"
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "_start")
    (drop (call $write (i32.const 1) (i32.const 48) (i32.const 3) (i32.const 0)))))
