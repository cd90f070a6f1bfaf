;; SPDX-License-Identifier: Apache-2.0
;; Ends badly, and leaves a memory of which no line is zeroes.
(module
  (memory (export "memory") 4096 (pagesize 1))
  (func (export "run") (result i32)
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 4096))
    unreachable))
