;; Grows a table beyond the eight elements that its manifest allows: the growth fails, which is not an error.
;; end: RETURNED 0 "returned"
(module
  (@custom "zephyr-wasm:app" "name limited_table\0atable 8")
  (table 1 funcref)
  (func (export "run") (result i32)
    (if (i32.ne (table.grow (ref.null func) (i32.const 7)) (i32.const 1)) (then (return (i32.const 1))))
    (if (i32.ne (table.grow (ref.null func) (i32.const 1)) (i32.const -1)) (then (return (i32.const 2))))
    (i32.ne (table.size) (i32.const 8))))
