;; A WASI program that asks for one random byte more than its memory has.
;; end: VIOLATED 1 "a pointer outside its memory"
(module
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "_start")
    (if (call $random (i32.const 0) (i32.const 64)) (then unreachable))
    (drop (call $random (i32.const 0) (i32.const 65)))))
