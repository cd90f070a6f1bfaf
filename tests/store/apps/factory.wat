;; What the firmware has from the factory.
(module
  (func (export "run") (result i32)
    (i32.const 0)))
