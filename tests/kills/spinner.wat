;; Computes without a pause, behind all but the least urgent threads.
(module
  (@custom "zephyr-wasm:app" "name spinner\0apriority 12")
  (func (export "run") (result i32) (loop $forever (br $forever)) unreachable))
