# SPDX-License-Identifier: Apache-2.0
#
# Where things are. The caches are filled by Cargo, which keeps them right; sharing them between builds saves minutes.
# scripts/lib/common.sh has the same place.

cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH repository)
set(ZEPHYR_WASM_DIR ${repository} CACHE INTERNAL "")

# Cargo takes two checkouts that share a target directory for one, and then gives one of them what the other's paths
# were compiled into. scripts/lib/common.sh makes the same name.
string(MD5 checkout ${ZEPHYR_WASM_DIR})
if(NOT "$ENV{ZEPHYR_WASM_CACHE}" STREQUAL "")
  set(cache $ENV{ZEPHYR_WASM_CACHE}/${checkout})
elseif(NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(cache $ENV{XDG_CACHE_HOME}/zephyr-wasm/${checkout})
elseif(NOT "$ENV{HOME}" STREQUAL "")
  set(cache $ENV{HOME}/.cache/zephyr-wasm/${checkout})
else()
  set(cache ${CMAKE_BINARY_DIR}/zephyr-wasm)
endif()
set(ZEPHYR_WASM_CACHE ${cache} CACHE PATH "Where builds share what Cargo has built")
# For `scripts/setup --where`, which tells whose it is.
if(NOT EXISTS ${ZEPHYR_WASM_CACHE}/checkout)
  file(WRITE ${ZEPHYR_WASM_CACHE}/checkout "${ZEPHYR_WASM_DIR}\n")
endif()

find_program(ZEPHYR_WASM_CARGO cargo)

# Cargo with an environment of its own: flags that are not for it, and a job server (twister's) that has no job left for
# it, so that it would build by one process.
set(ZEPHYR_WASM_RUN_CARGO ${CMAKE_COMMAND} -E env
  --unset=CFLAGS --unset=DOTCONFIG --unset=MAKEFLAGS --unset=RUSTFLAGS CACHE INTERNAL "")
