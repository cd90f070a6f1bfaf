;; Takes its memory to the last byte, and then has the engine's stack grow. The engine copes with that by a trap.
;; end: TRAPPED 8 "trapped: "
(module
  (memory 1 (pagesize 1))
  (func $deeper (param i64 i64 i64 i64 i64 i64 i64 i64) (result i64)
    (i64.add
      (call $deeper (local.get 1) (local.get 2) (local.get 3) (local.get 4)
                    (local.get 5) (local.get 6) (local.get 7) (local.get 0))
      (local.get 3)))
  (func $grow (param i32)
    (loop $more
      (br_if $more (i32.ne (memory.grow (local.get 0)) (i32.const -1)))))
  (func (export "run") (result i32)
    (call $grow (i32.const 256))
    (call $grow (i32.const 16))
    (call $grow (i32.const 1))
    (i32.wrap_i64 (call $deeper (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)
                                (i64.const 5) (i64.const 6) (i64.const 7) (i64.const 8)))))
