;; Loads from just beyond its memory.
;; end: TRAPPED 2 "trapped: "
(module
  (memory 16 (pagesize 1))
  (func (export "run") (result i32) (i32.load8_u (i32.const 16))))
