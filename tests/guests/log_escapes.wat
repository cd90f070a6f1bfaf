;; Logs control characters for a terminal.
;; end: RETURNED 0 "returned"
(module
  (import "wasi:logging/logging@0.1.0-draft" "log" (func $log (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 64 (pagesize 1))
  (data (i32.const 0) "\1b[2J\07\00\0d\0a%s%n\7f")
  (func (export "run") (result i32)
    (call $log (i32.const 2) (i32.const 0) (i32.const 6) (i32.const 0) (i32.const 14))
    i32.const 0))
