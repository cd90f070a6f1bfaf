;; A `br_table` that passes two values, with a third below them: this engine would read what another app has left in place of the first.
;; end: REFUSED INVALID "a `br_table` with more than one value, which this engine computes wrongly"
(module
  (func $before)
  (func (export "run") (result i32) (local $way i32)
    (block (result i32 i32)
      (block (result i32 i32)
        (i32.const 7)
        (i32.const 1)
        (i32.const 2)
        (br_table 0 1 (local.get $way))))
    (i32.sub)
    (i32.const 1)
    (i32.add)))
