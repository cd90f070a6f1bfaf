;; Uses SIMD, a proposal that the engine does not have.
;; end: REFUSED INVALID "uses a proposal that this engine lacks"
(module
  (func (export "run") (result i32)
    (i32x4.extract_lane 0 (v128.const i32x4 1 2 3 4))))
