;; Has a function with 30,000 locals, for each of which the engine keeps a record while it translates the function.
;; end: OUT_OF_MEMORY 0 "out of memory"
(module binary
  "\00asm" "\01\00\00\00"
  "\01\05\01\60\00\01\7f"               ;; type 0: () -> i32
  "\03\02\01\00"                        ;; function 0: type 0
  "\07\07\01\03run\00\00"               ;; export "run": function 0
  "\0a\0a\01\08\01\b0\ea\01\7e\41\00\0b" ;; 30,000 locals of i64; i32.const 0
)
