;; Asks for as much memory as there could be, again and again.
;; end: KILLED 0 "killed"
(module
  (memory 1 (pagesize 1))
  (func (export "run") (result i32)
    (loop $more (br_if $more (i32.eq (memory.grow (i32.const 0x7fffffff)) (i32.const -1))))
    i32.const 0))
