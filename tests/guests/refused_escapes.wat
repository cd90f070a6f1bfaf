;; Imports an interface whose name has control characters for the terminal that shows why the app is refused.
;; end: REFUSED UNKNOWN_INTERFACE "needs `acme:?"
(module
  (import "acme:\c2\9b2J\e2\80\ae\1b[31m" "f" (func))
  (memory (export "memory") 64 (pagesize 1))
  (func (export "run") (result i32) i32.const 0))
