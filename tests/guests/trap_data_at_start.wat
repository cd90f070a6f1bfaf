;; A data segment that does not fit into its memory.
;; end: TRAPPED 2 "out of bounds memory"
(module
  (memory 4 (pagesize 1))
  (data (i32.const 0) "12345")
  (func (export "run") (result i32) i32.const 0))
