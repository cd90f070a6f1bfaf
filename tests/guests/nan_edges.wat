;; Computes with NaN: the result stays NaN.
;; end: RETURNED 0 "returned"
(module
  (func $is_nan (param f64) (result i32) (f64.ne (local.get 0) (local.get 0)))
  (func (export "run") (result i32)
    (i32.eqz (i32.and
      (call $is_nan (f64.min (f64.const nan:0x123) (f64.const -inf)))
      (i32.and (call $is_nan (f64.sqrt (f64.const -1)))
        (i64.eq (i64.reinterpret_f64 (f64.neg (f64.const nan:0x4000000000001)))
          (i64.const 0xfff4000000000001)))))))
