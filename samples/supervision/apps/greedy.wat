;; Takes all of the processor that it gets.
(module (func (export "run") (result i32) (loop $forever (br $forever)) unreachable))
