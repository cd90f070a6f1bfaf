;; Does what it has to do, and is started again for the next time.
(module (func (export "run") (result i32) i32.const 0))
