;; Calls itself without end, each time with a frame on the stack that compilers keep in linear memory: the message says so.
;; end: TRAPPED 2 "its own stack of 512 bytes is full: STACK_SIZE"
(module
  (memory 1024 (pagesize 1))
  (global $__stack_pointer (export "__stack_pointer") (mut i32) (i32.const 512))
  (data (i32.const 512) "data")
  (func $deeper (param $depth i32)
    (local $frame i32)
    (global.set $__stack_pointer (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 32))))
    (i32.store (local.get $frame) (local.get $depth))
    (call $deeper (i32.add (local.get $depth) (i32.const 1)))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 32))))
  (func (export "run") (result i32)
    (call $deeper (i32.const 0))
    i32.const 0))
