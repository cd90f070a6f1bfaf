;; Calls itself through a table, never deep, without end.
;; end: KILLED 0 "killed"
(module
  (type $f (func))
  (table 1 funcref)
  (elem (i32.const 0) $nothing)
  (func $nothing)
  (func (export "run") (result i32)
    (loop $more (call_indirect (type $f) (i32.const 0)) (br $more))
    unreachable))
