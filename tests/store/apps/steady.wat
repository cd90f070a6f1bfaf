;; Sleeps, again and again. The data make it as large as an app.
(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "wait-for" (func $wait (param i64)))
  (memory (export "memory") 1024 1024 (pagesize 1))
  (func (export "run") (result i32)
    (loop $again
      (call $wait (i64.const 50000000))
      (br $again))
    (i32.const 0))
  (data (i32.const 0) "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"))
