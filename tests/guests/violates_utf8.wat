;; Logs a message that is not UTF-8.
;; end: VIOLATED 2 "a string that is not UTF-8"
(module
  (import "wasi:logging/logging@0.1.0-draft" "log" (func $log (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 64 (pagesize 1))
  (data (i32.const 0) "ok\ff\fe")
  (func (export "run") (result i32)
    (call $log (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 4))
    i32.const 0))
