;; Asks for more memory than an app has.
;; end: REFUSED MEMORY "asks for 1048576 bytes of memory or tables"
(module
  (memory 1048576 (pagesize 1))
  (func (export "run") (result i32) i32.const 0))
