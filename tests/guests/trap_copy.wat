;; Copies as many bytes as its address space has.
;; end: TRAPPED 2 "out of bounds memory"
(module
  (memory 64 (pagesize 1))
  (func (export "run") (result i32) (memory.copy (i32.const 0) (i32.const 1) (i32.const -1)) i32.const 0))
