;; Calls itself until its stack is full; the native stack does not grow with it.
;; end: TRAPPED 8 "trapped: "
(module
  (func $deeper (param i32) (result i32)
    (i32.add (call $deeper (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
  (func (export "run") (result i32) (call $deeper (i32.const 0))))
