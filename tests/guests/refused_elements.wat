;; An element segment that does not fit into its table.
;; end: REFUSED INVALID "an element segment does not fit its table"
(module
  (table 1 funcref)
  (elem (i32.const 1) $f)
  (func $f)
  (func (export "run") (result i32) (i32.eqz (table.size))))
