;; Calls the function after the last of its table.
;; end: TRAPPED 3 "out of bounds table"
(module
  (type $f (func))
  (table 1 funcref)
  (func (export "run") (result i32) (call_indirect (type $f) (i32.const 1)) i32.const 0))
