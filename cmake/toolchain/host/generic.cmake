# SPDX-License-Identifier: Apache-2.0
#
# native_sim takes the variant `host`, whatever the user set; with TOOLCHAIN_ROOT on this repository (for the variant
# `distro`), it is looked for here. It is Zephyr's own.

set(TOOLCHAIN_ROOT ${ZEPHYR_BASE})
set(TOOLCHAIN_KCONFIG_DIR ${ZEPHYR_BASE}/cmake/toolchain/host)
include(${ZEPHYR_BASE}/cmake/toolchain/host/generic.cmake)
