# SPDX-License-Identifier: Apache-2.0
#
# Only here, and not yet in generic.cmake, is the board's architecture known.

if("${ARCH}" STREQUAL "arm")
  set(CROSS_COMPILE_TARGET arm-none-eabi)
elseif("${ARCH}" STREQUAL "riscv")
  set(CROSS_COMPILE_TARGET riscv64-unknown-elf)
else()
  message(FATAL_ERROR "The toolchain variant `distro` has no compiler for ${ARCH}")
endif()

find_program(DISTRO_GCC ${CROSS_COMPILE_TARGET}-gcc)
if(NOT DISTRO_GCC)
  message(FATAL_ERROR "No ${CROSS_COMPILE_TARGET}-gcc here; install gcc-${CROSS_COMPILE_TARGET}")
endif()
cmake_path(GET DISTRO_GCC PARENT_PATH distro_bin)
set(CROSS_COMPILE ${distro_bin}/${CROSS_COMPILE_TARGET}-)

# What follows in FindTargetTools is the compiler's and linker's own, which Zephyr has.
set(TOOLCHAIN_ROOT ${ZEPHYR_BASE})
