;; Waits in its cabi_realloc, which a host call runs: there is no way out of that, and so it ends.
(module
  (import "wasi:random/random@0.3.0" "get-random-bytes" (func $bytes (param i64 i32)))
  (import "wasi:clocks/monotonic-clock@0.3.0" "wait-for" (func $wait (param i64)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (call $wait (i64.const 1000000))
    i32.const 16)
  (func (export "run") (result i32)
    (call $bytes (i64.const 8) (i32.const 0))
    i32.const 0))
