;; A WASI program that reads into a buffer that begins in its memory and ends at the end of the address space.
;; end: VIOLATED 1 "a pointer outside its memory"
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "_start")
    (i32.store (i32.const 8) (i32.const 16))
    (i32.store (i32.const 12) (i32.const -16))
    (drop (call $read (i32.const 0) (i32.const 8) (i32.const 1) (i32.const 0)))))
