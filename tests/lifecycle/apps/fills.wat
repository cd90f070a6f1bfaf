;; Takes all the memory that it can have, and leaves a byte all over it.
(module
  (memory (export "memory") 256 (pagesize 1))
  (func (export "run") (result i32)
    (loop $more
      (br_if $more (i32.ne (memory.grow (i32.const 256)) (i32.const -1))))
    (memory.fill (i32.const 0) (i32.const 0xa5) (memory.size))
    (i32.const 0)))
