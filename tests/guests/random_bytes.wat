;; Asks for more random bytes than one call gives; they arrive in memory that its `cabi_realloc` reserves.
;; end: RETURNED 64 "returned error 64"
(module
  (import "wasi:random/random@0.3.0" "get-random-bytes" (func $bytes (param i64 i32)))
  (memory (export "memory") 256 (pagesize 1))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 128)
  (func (export "run") (result i32)
    (call $bytes (i64.const 1000) (i32.const 0))
    (if (i32.ne (i32.load (i32.const 0)) (i32.const 128)) (then unreachable))
    (i32.load (i32.const 4))))
