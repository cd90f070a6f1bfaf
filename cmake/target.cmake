# SPDX-License-Identifier: Apache-2.0
#
# zephyr-lang-rust maps every 32-bit RISC-V to riscv32i, which has no atomics, and so no Arc, which the interpreter
# needs. CMake keeps the function that is redefined here under its name with one more underscore.

if(COMMAND _rust_map_target AND NOT COMMAND __rust_map_target)
  function(_rust_map_target)
    __rust_map_target()
    if(RUST_TARGET STREQUAL "riscv32i-unknown-none-elf" AND CONFIG_RISCV_ISA_EXT_M
       AND CONFIG_RISCV_ISA_EXT_A AND CONFIG_RISCV_ISA_EXT_C)
      set(RUST_TARGET riscv32imac-unknown-none-elf)
    endif()
    set(RUST_TARGET ${RUST_TARGET} PARENT_SCOPE)
  endfunction()
endif()
