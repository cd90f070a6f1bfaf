;; Selects by comparisons with 0, after `pack`. It returns a bit for each wrong result.
;; end: RETURNED 0 "returned"
(module
  (type $case (func (param i32) (result i32)))
  (table funcref (elem
    $eqz $eq $eq_left $ne $ne_left $eqz_eqz $eqz_extended $eqz64 $call $block $tee $i64 $f32 $f64 $typed $nested))
  (memory 1 (pagesize 1))
  (func $same (param i32) (result i32) (local.get 0))

  ;; Each gives 3 for 0, and 4 for any other number.
  (func $eqz (type $case) (select (i32.const 3) (i32.const 4) (i32.eqz (local.get 0))))
  (func $eq (type $case) (select (i32.const 3) (i32.const 4) (i32.eq (local.get 0) (i32.const 0))))
  (func $eq_left (type $case) (select (i32.const 3) (i32.const 4) (i32.eq (i32.const 0) (local.get 0))))
  (func $ne (type $case) (select (i32.const 4) (i32.const 3) (i32.ne (local.get 0) (i32.const 0))))
  (func $ne_left (type $case) (select (i32.const 4) (i32.const 3) (i32.ne (i32.const 0) (local.get 0))))
  (func $eqz_eqz (type $case) (select (i32.const 4) (i32.const 3) (i32.eqz (i32.eqz (local.get 0)))))
  (func $eqz_extended (type $case)
    (select (i32.const 4) (i32.const 3) (i64.eqz (i64.extend_i32_u (i32.eqz (local.get 0))))))
  (func $eqz64 (type $case) (select (i32.const 3) (i32.const 4) (i64.eqz (i64.extend_i32_u (local.get 0)))))
  (func $call (type $case) (select (i32.const 3) (i32.const 4) (i32.eqz (call $same (local.get 0)))))
  (func $block (type $case) (select (i32.const 3) (i32.const 4) (i32.eqz (block (result i32) (local.get 0)))))
  (func $tee (type $case) (local $copy i32)
    (select (i32.const 3) (i32.const 4) (i32.eqz (local.tee $copy (local.get 0)))))
  (func $i64 (type $case)
    (i32.wrap_i64 (select (i64.const 3) (i64.const 4) (i32.eqz (local.get 0)))))
  (func $f32 (type $case)
    (i32.trunc_f32_s (select (f32.const 3) (f32.const 4) (i32.eqz (local.get 0)))))
  (func $f64 (type $case)
    (i32.trunc_f64_s (select (f64.const 3) (f64.const 4) (i32.eqz (local.get 0)))))
  (func $typed (type $case) (local $four i32)
    (local.set $four (i32.const 4))
    (select (result i32) (i32.const 3) (local.get $four) (i32.eqz (local.get 0))))
  (func $nested (type $case)
    (select (i32.const 3) (i32.const 4)
      (select (i32.const 1) (i32.const 0) (i32.eqz (local.get 0)))))

  (func $wrong (param $case i32) (result i32)
    (i32.or
      (i32.ne (call_indirect (type $case) (i32.const 0) (local.get $case)) (i32.const 3))
      (i32.or
        (i32.ne (call_indirect (type $case) (i32.const 1) (local.get $case)) (i32.const 4))
        (i32.ne (call_indirect (type $case) (i32.const -9) (local.get $case)) (i32.const 4)))))

  (func (export "run") (result i32) (local $case i32) (local $all i32)
    (loop $next
      (local.set $all (i32.or (local.get $all) (i32.shl (call $wrong (local.get $case)) (local.get $case))))
      (br_if $next
        (i32.lt_u (local.tee $case (i32.add (local.get $case) (i32.const 1))) (i32.const 16))))
    (local.get $all)))
