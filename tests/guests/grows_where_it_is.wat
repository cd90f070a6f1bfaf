;; Grows its memory step by step to most of its region, in which the memory would not fit twice, and finds there what it has written.
;; end: RETURNED 0 "returned"
(module
  (memory 5000 12000 (pagesize 1))
  (func (export "run") (result i32)
    (local $size i32)
    (loop $more
      (local.set $size (memory.grow (i32.const 1000)))
      (if (i32.eq (local.get $size) (i32.const -1)) (then (return (memory.size))))
      ;; New memory is zero. The last byte of each step stays as it is written.
      (if (i32.load8_u (i32.add (local.get $size) (i32.const 999))) (then (return (i32.const 1))))
      (i32.store8 (i32.add (local.get $size) (i32.const 999)) (i32.const 7))
      (br_if $more (i32.lt_u (memory.size) (i32.const 12000))))
    (loop $look
      (if (i32.ne (i32.load8_u (i32.add (local.get $size) (i32.const 999))) (i32.const 7))
        (then (return (i32.const 2))))
      (local.set $size (i32.sub (local.get $size) (i32.const 1000)))
      (br_if $look (i32.ge_u (local.get $size) (i32.const 5000))))
    i32.const 0))
