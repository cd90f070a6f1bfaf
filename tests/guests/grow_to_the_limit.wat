;; Grows its memory until it cannot grow any more, which is not an error, and is still alive.
;; end: RETURNED 0 "returned"
(module
  (memory 1 (pagesize 1))
  (func (export "run") (result i32)
    (loop $more
      (br_if $more (i32.ne (memory.grow (i32.const 512)) (i32.const -1))))
    ;; Some growth succeeded.
    (i32.lt_u (memory.size) (i32.const 513))))
