;; A `run` that returns a text: where it is, is an i32 as an exit code is.
(component
  (core module $m
    (memory (export "memory") 1)
    (data (i32.const 64) "\48\00\00\00\05\00\00\00hello")
    (func (export "run") (result i32) i32.const 64))
  (core instance $i (instantiate $m))
  (alias core export $i "memory" (core memory $memory))
  (func (export "run") (result string) (canon lift (core func $i "run") (memory $memory)))
)
