;; Calls a function that returns a list, and exports no `cabi_realloc`.
;; end: VIOLATED 10 "no cabi_realloc"
(module
  (import "wasi:random/random@0.3.0" "get-random-bytes" (func $bytes (param i64 i32)))
  (memory (export "memory") 256 (pagesize 1))
  (func (export "run") (result i32)
    (call $bytes (i64.const 16) (i32.const 0))
    i32.const 0))
