;; Copies from a data segment that it has dropped.
;; end: TRAPPED 2 "out of bounds memory"
(module
  (memory 64 (pagesize 1))
  (data $d "abcd")
  (func (export "run") (result i32) (data.drop $d) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 4)) i32.const 0))
