;; Logs without end, a line each millisecond, and asks for a rate that no app has.
(module
  (import "wasi:logging/logging@0.1.0-draft" "log" (func $log (param i32 i32 i32 i32 i32)))
  (import "wasi:clocks/monotonic-clock@0.3.0" "wait-for" (func $wait (param i64)))
  (memory (export "memory") 64 (pagesize 1))
  (data (i32.const 0) "again")
  (func (export "run") (result i32)
    (loop $more
      (call $log (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 5))
      (call $wait (i64.const 1000000))
      (br $more))
    unreachable))
