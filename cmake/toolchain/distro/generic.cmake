# SPDX-License-Identifier: Apache-2.0
#
# The cross compilers that a Linux distribution packages, for where no Zephyr SDK is:
#   -DZEPHYR_TOOLCHAIN_VARIANT=distro -DTOOLCHAIN_ROOT=<this repository>
# Packages: gcc-arm-none-eabi, gcc-riscv64-unknown-elf, picolibc-arm-none-eabi, picolibc-riscv64-unknown-elf.

set(COMPILER gcc)
set(CC gcc)
set(C++ g++)
set(LINKER ld)
set(BINTOOLS gnu)
set(TOOLCHAIN_KCONFIG_DIR ${CMAKE_CURRENT_LIST_DIR})
set(TOOLCHAIN_HAS_NEWLIB OFF CACHE BOOL "True if the toolchain has newlib")
set(TOOLCHAIN_HAS_PICOLIBC ON CACHE BOOL "True if the toolchain has picolibc")

# For the preprocessor of the devicetree only: the architecture is not known yet.
find_program(DISTRO_PREPROCESSOR NAMES gcc arm-none-eabi-gcc riscv64-unknown-elf-gcc REQUIRED)
set(CMAKE_C_COMPILER ${DISTRO_PREPROCESSOR})

message(STATUS "Found toolchain: distro")
