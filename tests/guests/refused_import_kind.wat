;; Imports a memory.
;; end: REFUSED NOT_A_FUNCTION "only functions can be imported"
(module
  (import "env" "memory" (memory 1))
  (func (export "run") (result i32) i32.const 0))
