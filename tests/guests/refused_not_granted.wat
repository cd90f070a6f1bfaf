;; Imports an API that reaches outside of the app, and has no manifest.
;; end: REFUSED NOT_GRANTED "does not grant"
(module
  (import "zephyr:message/message@0.1.0" "publish" (func (param i32 i32 i32 i32 i32)))
  (func (export "run") (result i32) i32.const 0))
