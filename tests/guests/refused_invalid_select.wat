;; A `select` by a comparison with 0 that this engine computes wrongly, and that `zephyr-wasm pack` has not rewritten.
;; end: REFUSED INVALID "`zephyr-wasm pack` mends it"
(module
  (func (export "run") (result i32) (local $x i32)
    (local.set $x (i32.const 9))
    (select (i32.const 3) (i32.const 0) (i32.eqz (local.get $x)))))
