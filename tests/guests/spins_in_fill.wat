;; Fills all of its memory, again and again: each of these instructions takes long.
;; end: KILLED 0 "killed"
(module
  (memory 4096 (pagesize 1))
  (func (export "run") (result i32)
    (loop $more (memory.fill (i32.const 0) (i32.const 1) (i32.const 4096)) (br $more))
    unreachable))
