# SPDX-License-Identifier: Apache-2.0
#
# GCC 12 knows _zicsr and _zifencei, but has its libraries for the bare rv32imac only. The last -march decides.

if(CONFIG_RISCV AND NOT CONFIG_64BIT)
  zephyr_link_libraries(-march=rv32imac)
endif()
