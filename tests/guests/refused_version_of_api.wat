;; Imports a version of a host API that does not exist.
;; end: REFUSED UNKNOWN_INTERFACE "this image has `zephyr:timer/timer@0.1.0`"
(module
  (import "zephyr:timer/timer@9.9.9" "x" (func))
  (func (export "run") (result i32) i32.const 0))
