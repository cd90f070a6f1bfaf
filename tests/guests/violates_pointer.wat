;; Logs a message that begins inside its memory and ends outside.
;; end: VIOLATED 1 "a pointer outside its memory"
(module
  (import "wasi:logging/logging@0.1.0-draft" "log" (func $log (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "run") (result i32)
    (call $log (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 60) (i32.const 5))
    i32.const 0))
