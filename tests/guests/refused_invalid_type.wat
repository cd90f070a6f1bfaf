;; Code whose types do not match.
;; end: REFUSED INVALID "malformed, invalid, or uses a proposal"
(module (func (export "run") (result i32) i64.const 0))
