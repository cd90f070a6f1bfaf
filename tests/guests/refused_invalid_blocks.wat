;; A block with a parameter above a local, which this engine computes wrongly.
;; end: REFUSED INVALID "a block with parameters, which this engine computes wrongly"
(module
  (func $before)
  (func (export "run") (result i32) (local $x i32) (local $way i32)
    (local.set $x (i32.const 9))
    (local.get $x)
    (i32.const 1)
    (if (param i32) (local.get $way) (then (drop) (loop)) (else (drop)))
    (i32.const 9)
    (i32.sub)))
