;; Grows a table until it cannot grow any more, which is not an error.
;; end: RETURNED 0 "returned"
(module
  (table 1 funcref)
  (func (export "run") (result i32)
    (loop $more (br_if $more (i32.ne (table.grow (ref.null func) (i32.const 16)) (i32.const -1))))
    (i32.lt_u (table.size) (i32.const 17))))
