;; Has a start function, which would run before the app is ready.
;; end: REFUSED START_FUNCTION "has a start function"
(module
  (func $early)
  (start $early)
  (func (export "run") (result i32) i32.const 0))
