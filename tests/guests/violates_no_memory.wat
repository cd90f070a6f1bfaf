;; Passes a string, and exports no memory.
;; end: VIOLATED 9 "no exported memory"
(module
  (import "wasi:logging/logging@0.1.0-draft" "log" (func $log (param i32 i32 i32 i32 i32)))
  (memory 64 (pagesize 1))
  (func (export "run") (result i32)
    (call $log (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
    i32.const 0))
