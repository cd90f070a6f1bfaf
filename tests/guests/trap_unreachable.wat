;; What a panic in Rust and abort() in C compile to.
;; end: TRAPPED 1 "trapped: "
(module (func (export "run") (result i32) unreachable))
