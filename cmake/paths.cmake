# SPDX-License-Identifier: Apache-2.0
#
# The paths of this repository and of its cache. Cargo fills the cache and keeps it up to date; builds share it, which saves
# minutes. scripts/lib/common.sh has the same path.

cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH repository)
set(ZEPHYR_WASM_DIR ${repository} CACHE INTERNAL "")

# A directory for each checkout: Cargo takes two checkouts that share a target directory for one, and could give one of them a
# library that has the paths of the other compiled into it. scripts/lib/common.sh makes the same name.
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
# For `scripts/setup --where`, which says which checkout a directory of the cache belongs to.
if(NOT EXISTS ${ZEPHYR_WASM_CACHE}/checkout)
  file(WRITE ${ZEPHYR_WASM_CACHE}/checkout "${ZEPHYR_WASM_DIR}\n")
endif()

find_program(ZEPHYR_WASM_CARGO cargo)

# Runs Cargo without variables of the build around it: flags that are not for Cargo, and twister's job server, which has no
# job left for it, so that Cargo would build with one process.
set(ZEPHYR_WASM_RUN_CARGO ${CMAKE_COMMAND} -E env
  --unset=CFLAGS --unset=DOTCONFIG --unset=MAKEFLAGS --unset=RUSTFLAGS CACHE INTERNAL "")
