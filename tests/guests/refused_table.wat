;; A table of 4 million elements.
;; end: REFUSED MEMORY "asks for 32000000 bytes of memory or tables"
(module
  (table 4000000 funcref)
  (func (export "run") (result i32) (i32.eqz (table.size))))
