;; Asks for as large a table as there could be, again and again.
;; end: KILLED 0 "killed"
(module
  (table 1 funcref)
  (func (export "run") (result i32)
    (loop $more (br_if $more (i32.eq (table.grow (ref.null func) (i32.const 0x7fffffff)) (i32.const -1))))
    i32.const 0))
