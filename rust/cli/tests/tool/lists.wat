;; Opens the file that its argument names in its first directory, and copies it to its output; exits with WASI's error.
(module
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1024 (pagesize 1))
  (func $check (param i32)
    (if (local.get 0) (then (call $exit (local.get 0)))))
  (func (export "_start") (local $name i32) (local $length i32)
    ;; Places of the arguments at 16, their texts at 64.
    (call $check (call $sizes (i32.const 0) (i32.const 4)))
    (call $check (call $args (i32.const 16) (i32.const 64)))
    (local.set $name (i32.load (i32.const 20)))
    (loop $next
      (local.set $length (i32.add (local.get $length) (i32.const 1)))
      (br_if $next (i32.load8_u (i32.add (local.get $name) (local.get $length)))))
    ;; With the right to read.
    (call $check (call $open (i32.const 3) (i32.const 1) (local.get $name) (local.get $length) (i32.const 0)
      (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 8)))
    ;; One piece at 512.
    (i32.store (i32.const 40) (i32.const 512))
    (i32.store (i32.const 44) (i32.const 256))
    (call $check (call $read (i32.load (i32.const 8)) (i32.const 40) (i32.const 1) (i32.const 44)))
    (call $check (call $write (i32.const 1) (i32.const 40) (i32.const 1) (i32.const 48)))))
