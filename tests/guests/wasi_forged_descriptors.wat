;; A WASI program that closes, seeks and renumbers a thousand descriptors that it does not have.
;; end: RETURNED 0 "returned"
(module
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_renumber" (func $renumber (param i32 i32) (result i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func $expect (param i32)
    ;; EBADF
    (if (i32.ne (local.get 0) (i32.const 8)) (then unreachable)))
  (func (export "_start") (local $fd i32)
    (local.set $fd (i32.const -500))
    (loop $next
      ;; Those that it has are its streams.
      (if (i32.gt_u (local.get $fd) (i32.const 2))
        (then
          (call $expect (call $close (local.get $fd)))
          (call $expect (call $seek (local.get $fd) (i64.const -1) (i32.const 7) (i32.const 0)))
          (call $expect (call $renumber (i32.const 1) (local.get $fd)))))
      (local.set $fd (i32.add (local.get $fd) (i32.const 1)))
      (br_if $next (i32.ne (local.get $fd) (i32.const 500))))))
