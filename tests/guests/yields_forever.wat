;; Yields the processor again and again, without a pause.
;; end: KILLED 0 "killed"
(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "wait-for" (func $wait (param i64)))
  (func (export "run") (result i32)
    (loop $more (call $wait (i64.const 0)) (br $more))
    unreachable))
