(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "now" (func $now (result i64)))
  (func (export "run") (result i32) (drop (call $now)) i32.const 0))
