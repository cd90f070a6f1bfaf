;; Reads an element that its table does not have.
;; end: TRAPPED 3 "out of bounds table"
(module
  (table 4 funcref)
  (func (export "run") (result i32) (ref.is_null (table.get (i32.const -1)))))
