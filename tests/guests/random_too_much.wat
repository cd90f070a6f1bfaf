;; Asks for more random bytes than there are atoms.
;; end: RETURNED 0 "returned"
(module
  (import "wasi:random/random@0.3.0" "get-random-bytes" (func $bytes (param i64 i32)))
  (memory (export "memory") 256 (pagesize 1))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 64)
  (func (export "run") (result i32)
    (call $bytes (i64.const -1) (i32.const 0))
    ;; It gets fewer.
    (i32.gt_u (i32.load (i32.const 4)) (i32.const 64))))
