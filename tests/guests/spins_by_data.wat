;; Searches for a byte that its memory does not have, again and again.
;; end: KILLED 0 "killed"
(module
  (memory 64 (pagesize 1))
  (func (export "run") (result i32) (local $at i32)
    (loop $more
      (local.set $at (i32.and (i32.add (local.get $at) (i32.const 1)) (i32.const 63)))
      (br_if $more (i32.ne (i32.load8_u (local.get $at)) (i32.const 7))))
    i32.const 0))
