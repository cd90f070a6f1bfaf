;; Keeps a period of 50 ms and a memory full of a pattern until it is asked to end. Returns by how many microseconds it
;; was late at worst, or -1 if its memory was changed.
(module
  (import "zephyr:timer/timer@0.1.0" "[static]timer.periodic" (func $periodic (param i64 i32)))
  (import "zephyr:timer/timer@0.1.0" "[method]timer.wait" (func $wait (param i32) (result i32)))
  (import "wasi:clocks/monotonic-clock@0.3.0" "now" (func $now (result i64)))
  (import "zephyr:lifecycle/lifecycle@0.1.0" "stopping" (func $stopping (result i32)))
  (memory (export "memory") 1024 (pagesize 1))
  (global $due (mut i64) (i64.const 0))
  (global $worst (mut i64) (i64.const 0))
  (func $is_whole (result i32) (local $at i32)
    (local.set $at (i32.const 16))
    (loop $more
      (if (i64.ne (i64.load (local.get $at)) (i64.const 0xa5a5a5a5a5a5a5a5)) (then (return (i32.const 0))))
      (br_if $more (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (i32.const 1024))))
    i32.const 1)
  (func (export "run") (result i32) (local $late i64) (local $expired i32)
    (drop (call $stopping))
    (memory.fill (i32.const 16) (i32.const 0xa5) (i32.const 1008))
    (call $periodic (i64.const 50000000) (i32.const 0))
    (drop (call $wait (i32.load (i32.const 4))))
    (global.set $due (call $now))
    (loop $more
      (local.set $expired (call $wait (i32.load (i32.const 4))))
      (if (call $stopping) (then (return (i32.wrap_i64 (i64.div_u (global.get $worst) (i64.const 1000))))))
      (global.set $due (i64.add (global.get $due) (i64.const 50000000)))
      (local.set $late (i64.sub (call $now) (global.get $due)))
      ;; It goes on from the last of several periods that it slept through.
      (global.set $due (i64.add (global.get $due)
        (i64.mul (i64.extend_i32_u (i32.sub (local.get $expired) (i32.const 1))) (i64.const 50000000))))
      (if (i64.gt_s (local.get $late) (global.get $worst)) (then (global.set $worst (local.get $late))))
      (if (i32.eqz (call $is_whole)) (then (return (i32.const -1))))
      (br $more))
    unreachable))
