;; Calls itself through a table until its stack is full.
;; end: TRAPPED 8 "trapped: "
(module
  (type $f (func (result i32)))
  (table 1 funcref)
  (elem (i32.const 0) $deeper)
  (func $deeper (export "run") (result i32) (i32.add (call_indirect (type $f) (i32.const 0)) (i32.const 1))))
