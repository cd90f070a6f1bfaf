;; Imports an interface that no host API has.
;; end: REFUSED UNKNOWN_INTERFACE "needs `acme:robot/arm@1.0.0`, which no host API of this image provides"
(module
  (import "acme:robot/arm@1.0.0" "grab" (func))
  (func (export "run") (result i32) i32.const 0))
