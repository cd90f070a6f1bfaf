;; A manifest that asks for more than the image gives to an app.
;; end: REFUSED LIMITS "table = 70000"
(module
  (@custom "zephyr-wasm:app" "name refused_limit\0atable 70000")
  (func (export "run") (result i32) (i32.const 0)))
