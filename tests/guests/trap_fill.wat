;; Fills memory across the end of its memory, of which nothing is written.
;; end: TRAPPED 2 "out of bounds memory"
(module
  (memory 64 (pagesize 1))
  (func (export "run") (result i32) (memory.fill (i32.const 60) (i32.const 1) (i32.const 5)) i32.const 0))
