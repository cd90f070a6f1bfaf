;; Calls the same host call again in the `cabi_realloc` that it calls, and so on.
;; end: VIOLATED 13 "host calls inside host calls"
(module
  (import "wasi:random/random@0.3.0" "get-random-bytes" (func $bytes (param i64 i32)))
  (memory (export "memory") 256 (pagesize 1))
  (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (call $bytes (i64.const 8) (i32.const 0))
    i32.const 16)
  (func (export "run") (result i32)
    (call $bytes (i64.const 8) (i32.const 0))
    i32.const 0))
