;; It has no manifest, and so no grant.
(module
  (import "probe-1.0" "wait" (func $wait))
  (func (export "run") (result i32) (i32.const 0)))
