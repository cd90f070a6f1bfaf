;; Waits in each of 40 calls on its way down and up, and returns what they all had on their stacks.
(module
  (import "wasi:clocks/monotonic-clock@0.3.0" "wait-for" (func $wait (param i64)))
  (func $down (param $left i32) (result i32)
    (call $wait (i64.const 1000000))
    (i32.add
      (local.get $left)
      (if (result i32) (local.get $left)
        (then (call $down (i32.sub (local.get $left) (i32.const 1))))
        (else (call $wait (i64.const 1000000)) (i32.const 0)))))
  ;; 40 + 39 + ... is 820.
  (func (export "run") (result i32)
    (i32.sub (call $down (i32.const 40)) (i32.const 820))))
