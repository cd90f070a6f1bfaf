# SPDX-License-Identifier: Apache-2.0

# GCC 12 knows _zicsr and _zifencei, but has its libraries for the bare rv32imac only. The last -march decides, and the
# directory that Zephyr finds by the longer name is the 64-bit one's, so the right one goes before it.
if(CONFIG_RISCV AND NOT CONFIG_64BIT)
  if(CONFIG_LTO)
    message(FATAL_ERROR "CONFIG_LTO=y: what the distribution's compiler for RISC-V compiles as it links is without the extension zicsr: take a "
      "Zephyr SDK (west sdk install -t riscv64-zephyr-elf)")
  endif()
  execute_process(COMMAND ${CMAKE_C_COMPILER} -march=rv32imac -mabi=ilp32 -print-libgcc-file-name
                  OUTPUT_VARIABLE libgcc OUTPUT_STRIP_TRAILING_WHITESPACE)
  cmake_path(GET libgcc PARENT_PATH libgcc_dir)
  zephyr_link_libraries(-march=rv32imac -L${libgcc_dir})
endif()

# bindgen's clang (firmware in Rust) does not understand GCC's arm_acle.h, and nothing needs what is in it.
if(CONFIG_ARM)
  zephyr_compile_definitions(_GCC_ARM_ACLE_H)
endif()

# What ld warns of is an error with CONFIG_COMPILER_WARNINGS_AS_ERRORS: that libgcc has files in assembler which do not say
# that they need no executable stack, and that code and data are in one memory, where that is all that a board has.
if(NOT CONFIG_ARCH_POSIX)
  zephyr_ld_options(-Wl,-z,noexecstack -Wl,--no-warn-rwx-segments)
endif()

# The RP2040's second stage of booting is an external project, whose linker script names no entry. The picolibc.specs of a
# distribution has the linker drop what nothing refers to, which would be all of it. An external project takes options from a
# cache that is there.
if(CONFIG_RP2_REQUIRES_SECOND_STAGE_BOOT AND NOT EXISTS ${CMAKE_BINARY_DIR}/bootloader/CMakeCache.txt)
  file(WRITE ${CMAKE_BINARY_DIR}/bootloader/CMakeCache.txt "CMAKE_EXE_LINKER_FLAGS:STRING=-Wl,--no-gc-sections\n")
endif()
