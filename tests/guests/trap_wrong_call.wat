;; Calls a function as one of another type.
;; end: TRAPPED 9 "indirect call type mismatch"
(module
  (type $f (func (param i64 i64 i64) (result i64)))
  (table 1 funcref)
  (elem (i32.const 0) $other)
  (func $other)
  (func (export "run") (result i32) (i32.wrap_i64 (call_indirect (type $f) (i64.const 1) (i64.const 2) (i64.const 3) (i32.const 0)))))
