;; Promises signs of life, and gives none.
(module (func (export "run") (result i32) (loop $forever (br $forever)) unreachable))
