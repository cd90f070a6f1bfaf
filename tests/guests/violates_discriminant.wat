;; Logs with a level that does not exist.
;; end: VIOLATED 4 "a discriminant out of range"
(module
  (import "wasi:logging/logging@0.1.0-draft" "log" (func $log (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "run") (result i32)
    (call $log (i32.const 6) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
    i32.const 0))
