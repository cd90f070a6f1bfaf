;; More memory than there is on any board, in the usual pages.
;; end: REFUSED MEMORY "CONFIG_WASM_APP_HEAP_SIZE"
(module
  (memory 60000)
  (func (export "run") (result i32) i32.const 0))
