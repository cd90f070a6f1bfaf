;; Loads and stores with an alignment that they do not have.
;; end: RETURNED 0 "returned"
(module
  (memory 64 (pagesize 1))
  (func (export "run") (result i32)
    (i64.store align=8 (i32.const 3) (i64.const 0x1122334455667788))
    (i32.ne (i32.load align=4 (i32.const 5)) (i32.const 0x33445566))))
