;; Writes to the log without a pause.
;; end: KILLED 0 "killed"
(module
  (import "wasi:logging/logging@0.1.0-draft" "log" (func $log (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 64 (pagesize 1))
  (data (i32.const 0) "flood")
  (func (export "run") (result i32)
    (loop $forever
      (call $log (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 5))
      (br $forever))
    unreachable))
