;; Has two functions that call each other in turn, never deep, without end.
;; end: KILLED 0 "killed"
(module
  (func $odd (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $even (param i32) (result i32) (call $odd (i32.add (local.get 0) (i32.const 1))))
  (func (export "run") (result i32) (local $n i32)
    (loop $more (local.set $n (call $even (local.get $n))) (br $more))
    unreachable))
