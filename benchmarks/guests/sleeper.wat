;; Calls the host's `wait` 1000 times.
(module
    (import "bench:calls/threads@0.1.0" "wait" (func $call))
    (func (export "run") (result i32)
        (local $left i32)
        (local.set $left (i32.const 1000))
        (loop $again
            (call $call)
            (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (i32.const 0)))
