;; Uses a handle that it was never given.
;; end: VIOLATED 5 "no such handle"
(module
  (import "zephyr:timer/timer@0.1.0" "[method]timer.wait" (func $wait (param i32) (result i32)))
  (func (export "run") (result i32) (call $wait (i32.const 1))))
