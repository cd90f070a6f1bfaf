;; Uses tail calls, a proposal that apps may not use.
;; end: REFUSED INVALID "uses a proposal that this engine lacks"
(module (func $run (export "run") (result i32) return_call $run))
