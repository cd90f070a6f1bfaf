;; Traps at once.
(module (func (export "run") (result i32) unreachable))
