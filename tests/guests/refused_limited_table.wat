;; A table that is larger than its own manifest allows.
;; end: REFUSED MEMORY "asks for 72 bytes"
(module
  (@custom "zephyr-wasm:app" "name refused_limited_table\0atable 8")
  (table 9 funcref)
  (func (export "run") (result i32) (i32.const 0)))
