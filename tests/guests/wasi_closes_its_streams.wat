;; A WASI program that renumbers its standard streams, closes the others, and then writes to one.
;; end: RETURNED 0 "returned"
(module
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_renumber" (func $renumber (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "_start")
    (if (call $renumber (i32.const 0) (i32.const 1)) (then unreachable))
    (if (call $renumber (i32.const 2) (i32.const 2)) (then unreachable))
    (if (call $close (i32.const 1)) (then unreachable))
    (if (call $close (i32.const 2)) (then unreachable))
    ;; EBADF, each.
    (if (i32.ne (call $close (i32.const 2)) (i32.const 8)) (then unreachable))
    (if (i32.ne (call $write (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 8))
      (then unreachable))))
