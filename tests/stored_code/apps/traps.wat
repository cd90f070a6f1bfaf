;; Reads behind its memory.
(module
  (memory (export "memory") 64 64 (pagesize 1))
  (func (export "run") (result i32)
    (i32.load (i32.const 64))))
