;; Calls an empty element of its table.
;; end: TRAPPED 4 "uninitialized element"
(module
  (type $f (func))
  (table 1 funcref)
  (func (export "run") (result i32) (call_indirect (type $f) (i32.const 0)) i32.const 0))
