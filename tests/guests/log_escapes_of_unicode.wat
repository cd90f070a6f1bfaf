;; Logs the control characters that take two bytes in UTF-8, and those that change the direction of text.
;; end: RETURNED 0 "returned"
(module
  (import "wasi:logging/logging@0.1.0-draft" "log" (func $log (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 64 (pagesize 1))
  (data (i32.const 0) "\c2\9b2J\e2\80\ae\e2\81\a6\c2\9d0;title\c2\9c\d8\9c\c3\a4")
  (func (export "run") (result i32)
    (call $log (i32.const 2) (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 27))
    i32.const 0))
