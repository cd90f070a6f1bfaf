;; Loads from 4 GiB beyond the end of its address space.
;; end: TRAPPED 2 "out of bounds memory"
(module
  (memory 64 (pagesize 1))
  (func (export "run") (result i32) (i32.load offset=0xffffffff (i32.const -1))))
