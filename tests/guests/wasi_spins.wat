;; A WASI program that never ends.
;; end: KILLED 0 "killed"
(module
  (func (export "_start") (loop $again (br $again))))
