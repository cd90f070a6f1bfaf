# SPDX-License-Identifier: Apache-2.0
#
# Where things are. The caches are filled by Cargo, which keeps them right; sharing them between builds saves minutes.

cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH repository)
set(ZEPHYR_WASM_DIR ${repository} CACHE INTERNAL "")

if(DEFINED ENV{ZEPHYR_WASM_CACHE})
  set(ZEPHYR_WASM_CACHE $ENV{ZEPHYR_WASM_CACHE} CACHE PATH "Where builds share what Cargo has built")
else()
  set(ZEPHYR_WASM_CACHE ${CMAKE_BINARY_DIR}/zephyr-wasm CACHE PATH "Where builds share what Cargo has built")
endif()

find_program(ZEPHYR_WASM_CARGO cargo REQUIRED)
