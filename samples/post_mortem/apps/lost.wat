;; Never comes back.
(module
  (func $wander
    (loop $on
      (br $on)))
  (func (export "run") (result i32)
    (call $wander)
    i32.const 0))
