;; Loops whose addresses are sums: on Arm at -O2, what is added is in the memory's base, of which only a board knows whether
;; it is the same. In the form of the specification's tests, as these are run on boards.

(module
    (memory 1)
    (data (i32.const 0) "\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\10")
    (data (i32.const 65528) "\11\12\13\14\15\16\17\18")

    ;; The sum of bytes that are 4 behind an address which goes up.
    (func (export "bytes") (param $at i32) (param $count i32) (result i32)
        (local $sum i32)
        (loop $next
            (local.set $sum (i32.add (local.get $sum) (i32.load8_u (i32.add (local.get $at) (i32.const 4)))))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
        (local.get $sum))

    ;; The same of words, of which two are checked by one compare.
    (func (export "words") (param $at i32) (param $step i32) (param $count i32) (result i32)
        (local $sum i32)
        (loop $next
            (local.set $sum (i32.add (local.get $sum)
                (i32.mul (i32.load (i32.add (local.get $at) (i32.const 4))) (i32.load (local.get $at)))))
            (local.set $at (i32.add (local.get $at) (local.get $step)))
            (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
        (local.get $sum))

    ;; What has been loaded stays what it was, although the variable in its address has another value by the time it is used.
    (func (export "before") (param $at i32) (param $count i32) (result i32)
        (local $sum i32)
        (loop $next
            (local.set $sum
                (i32.add
                    (i32.load8_u (i32.add (local.get $at) (i32.const 8)))
                    (i32.mul (local.get $sum) (local.tee $at (i32.add (local.get $at) (i32.const 3))))))
            (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
        (local.get $sum))

    ;; The address is computed before its variable has another value.
    (func (export "address") (param $at i32) (param $count i32) (result i32)
        (local $sum i32)
        (loop $next
            (i32.add (local.get $at) (i32.const 2))
            (local.set $at (i32.add (local.get $at) (i32.const 5)))
            (local.set $sum (i32.add (i32.load8_u) (i32.mul (local.get $sum) (i32.const 10))))
            (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
        (local.get $sum))

    ;; Stores 16 and 20 behind an address, from the last one down.
    (func (export "store") (param $at i32) (param $count i32)
        (loop $next
            (i32.store16 (i32.add (local.get $at) (i32.const 16)) (local.get $count))
            (i32.store8 (i32.add (local.get $at) (i32.const 20)) (i32.const -1))
            (local.set $at (i32.sub (local.get $at) (i32.const 8)))
            (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))

    ;; A list is turned around: its first element is the last one then.
    (func (export "turn") (param $list i32) (result i32)
        (local $turned i32) (local $next i32)
        (loop $more
            (local.set $next (i32.load (local.get $list)))
            (i32.store (local.get $list) (local.get $turned))
            (local.set $turned (local.get $list))
            (br_if $more (local.tee $list (local.get $next))))
        (local.get $turned))

    (func (export "set") (param $at i32) (param $to i32)
        (i32.store (local.get $at) (local.get $to)))
    (func (export "get") (param $at i32) (result i32)
        (i32.load (local.get $at))))

(assert_return (invoke "bytes" (i32.const 0) (i32.const 4)) (i32.const 26))
;; From below 0, where only the sum is in the memory.
(assert_return (invoke "bytes" (i32.const -4) (i32.const 3)) (i32.const 6))
(assert_return (invoke "bytes" (i32.const -1) (i32.const 1)) (i32.const 4))
(assert_trap (invoke "bytes" (i32.const -5) (i32.const 1)) "out of bounds memory access")
(assert_return (invoke "bytes" (i32.const 65531) (i32.const 1)) (i32.const 24))
(assert_trap (invoke "bytes" (i32.const 65531) (i32.const 2)) "out of bounds memory access")
(assert_trap (invoke "bytes" (i32.const 65532) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "bytes" (i32.const 0x7fffffff) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "bytes" (i32.const 0x80000000) (i32.const 1)) "out of bounds memory access")

(assert_return (invoke "words" (i32.const 12) (i32.const 4) (i32.const 1)) (i32.const 0))
(assert_return (invoke "words" (i32.const 0) (i32.const 4) (i32.const 2)) (i32.const 0x48d47832))
(assert_return (invoke "words" (i32.const 65528) (i32.const 4) (i32.const 1)) (i32.const 0x80a4f165))
(assert_trap (invoke "words" (i32.const 65528) (i32.const 1) (i32.const 2)) "out of bounds memory access")
(assert_trap (invoke "words" (i32.const -4) (i32.const 4) (i32.const 1)) "out of bounds memory access")
(assert_trap (invoke "words" (i32.const -1) (i32.const 4) (i32.const 1)) "out of bounds memory access")

(assert_return (invoke "before" (i32.const -8) (i32.const 2)) (i32.const 2))
(assert_return (invoke "before" (i32.const 0) (i32.const 2)) (i32.const 66))
(assert_return (invoke "address" (i32.const -2) (i32.const 3)) (i32.const 171))

(assert_return (invoke "store" (i32.const 1000) (i32.const 2)))
(assert_return (invoke "get" (i32.const 1016)) (i32.const 2))
(assert_return (invoke "get" (i32.const 1020)) (i32.const 255))
(assert_return (invoke "get" (i32.const 1008)) (i32.const 1))
(assert_return (invoke "get" (i32.const 1012)) (i32.const 255))
(assert_return (invoke "get" (i32.const 1000)) (i32.const 0))
;; The last one that there is, and what comes before one that is not.
(assert_return (invoke "store" (i32.const 65515) (i32.const 1)))
(assert_return (invoke "get" (i32.const 65532)) (i32.const 0xff171600))
(assert_trap (invoke "store" (i32.const 65516) (i32.const 1)) "out of bounds memory access")
(assert_return (invoke "get" (i32.const 65532)) (i32.const 0xff170001))
(assert_trap (invoke "store" (i32.const -20) (i32.const 7)) "out of bounds memory access")
(assert_return (invoke "store" (i32.const -16) (i32.const 1)))
(assert_return (invoke "get" (i32.const 0)) (i32.const 0x04030001))
(assert_return (invoke "get" (i32.const 4)) (i32.const 0x080706ff))

(assert_return (invoke "set" (i32.const 2000) (i32.const 3000)))
(assert_return (invoke "set" (i32.const 3000) (i32.const 2500)))
(assert_return (invoke "set" (i32.const 2500) (i32.const 0)))
(assert_return (invoke "turn" (i32.const 2000)) (i32.const 2500))
(assert_return (invoke "get" (i32.const 2500)) (i32.const 3000))
(assert_return (invoke "get" (i32.const 3000)) (i32.const 2000))
(assert_return (invoke "get" (i32.const 2000)) (i32.const 0))
(assert_return (invoke "set" (i32.const 2000) (i32.const 65533)))
(assert_trap (invoke "turn" (i32.const 2000)) "out of bounds memory access")
(assert_return (invoke "get" (i32.const 2000)) (i32.const 0))
