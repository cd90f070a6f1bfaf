;; Copies more of its table than it has.
;; end: TRAPPED 3 "out of bounds table"
(module
  (table 4 funcref)
  (func (export "run") (result i32) (table.copy (i32.const 1) (i32.const 0) (i32.const 4)) i32.const 0))
