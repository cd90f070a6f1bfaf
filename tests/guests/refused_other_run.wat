;; Exports a `run` of another type.
;; end: REFUSED NO_RUN "does not export `run: func() -> s32`"
(module (func (export "run") (param i32)))
