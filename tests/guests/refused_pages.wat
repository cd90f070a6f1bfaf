;; Asks for more memory than any board has, in pages of 64 KiB.
;; end: REFUSED MEMORY "CONFIG_WASM_APP_HEAP_SIZE"
(module
  (memory 60000)
  (func (export "run") (result i32) i32.const 0))
