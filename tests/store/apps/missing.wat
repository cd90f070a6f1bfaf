;; Wants what this image does not have.
(module
  (import "acme:warp/drive@1.0.0" "engage" (func))
  (func (export "run") (result i32)
    (i32.const 0)))
