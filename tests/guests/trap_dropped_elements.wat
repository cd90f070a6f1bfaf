;; Copies from an element segment that it has dropped.
;; end: TRAPPED 3 "out of bounds table"
(module
  (table 4 funcref)
  (elem $e func $f)
  (func $f)
  (func (export "run") (result i32) (elem.drop $e) (table.init $e (i32.const 0) (i32.const 0) (i32.const 1)) i32.const 0))
