;; Exports no `run`.
;; end: REFUSED NO_RUN "does not export `run: func() -> s32`"
(module (func (export "begin") (result i32) i32.const 0))
