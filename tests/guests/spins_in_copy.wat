;; Copies its memory over itself, overlapping, again and again.
;; end: KILLED 0 "killed"
(module
  (memory 4096 (pagesize 1))
  (func (export "run") (result i32)
    (loop $more (memory.copy (i32.const 1) (i32.const 0) (i32.const 4095)) (br $more))
    unreachable))
