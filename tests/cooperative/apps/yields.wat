;; Has others go on as often as it can, a thousand times.
(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "wait-for" (func $wait (param i64)))
  (func (export "run") (result i32) (local $left i32)
    (local.set $left (i32.const 1000))
    (loop $more
      (call $wait (i64.const 0))
      (br_if $more (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    i32.const 0))
