;; Divides the smallest integer by -1.
;; end: TRAPPED 6 "integer overflow"
(module
  (global $least (mut i32) (i32.const 0x80000000))
  (func (export "run") (result i32) (i32.div_s (global.get $least) (i32.const -1))))
