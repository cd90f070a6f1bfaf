;; A function that the header does not have.
(module
  (import "probe-1.0" "sleep" (func $sleep))
  (func (export "run") (result i32) (i32.const 0)))
