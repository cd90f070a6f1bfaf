;; Its `cabi_realloc` returns the last bytes of the address space.
;; end: VIOLATED 1 "a pointer outside its memory"
(module
  (import "wasi:random/random@0.3.0" "get-random-bytes" (func $bytes (param i64 i32)))
  (memory (export "memory") 256 (pagesize 1))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const -8)
  (func (export "run") (result i32)
    (call $bytes (i64.const 16) (i32.const 0))
    i32.const 0))
