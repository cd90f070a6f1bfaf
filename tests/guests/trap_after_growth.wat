;; Traps because its memory could not grow, as allocators of languages do: the message says so.
;; end: TRAPPED 1 "its memory could not grow to 2147483393 bytes"
(module
  (memory 1 (pagesize 1))
  (func (export "run") (result i32)
    (if (i32.eq (memory.grow (i32.const 0x7fffff00)) (i32.const -1)) (then (unreachable)))
    i32.const 0))
