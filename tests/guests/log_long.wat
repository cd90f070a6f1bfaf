;; Logs a message that is longer than the log allows.
;; end: RETURNED 0 "returned"
(module
  (import "wasi:logging/logging@0.1.0-draft" "log" (func $log (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 2048 (pagesize 1))
  (func (export "run") (result i32)
    (memory.fill (i32.const 0) (i32.const 97) (i32.const 2048))
    (call $log (i32.const 2) (i32.const 0) (i32.const 2048) (i32.const 0) (i32.const 2048))
    i32.const 0))
