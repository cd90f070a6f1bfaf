# SPDX-License-Identifier: Apache-2.0
#
# What crosses between Rust and C is declared in rust/platform-zephyr/src, and what a manifest can say in rust/manifest. zephyr-wasm-declare (rust/declare) makes of it,
# before anything of the image is compiled: the header with the prototypes, assertions that structures and numbers of both
# sides are alike, and what the linker puts before the functions of host APIs (cmake/wrapped.cmake).

# The tool, which ZEPHYR_WASM_DECLARE in the environment has built already. It shares what the command line tool is built of.
file(GLOB declarations CONFIGURE_DEPENDS ${ZEPHYR_WASM_DIR}/rust/platform-zephyr/src/*.rs ${ZEPHYR_WASM_DIR}/wit/*.wit)
list(APPEND declarations
  ${ZEPHYR_WASM_DIR}/rust/api/src/failure.rs
  ${ZEPHYR_WASM_DIR}/rust/api/src/coap/server.rs
  ${ZEPHYR_WASM_DIR}/rust/engine/src/compiled/abi.rs
  ${ZEPHYR_WASM_DIR}/rust/supervise/src/lib.rs
)
if(DEFINED ENV{ZEPHYR_WASM_DECLARE})
  set(declare $ENV{ZEPHYR_WASM_DECLARE})
  list(APPEND declarations ${declare})
else()
  set(declare ${ZEPHYR_WASM_CACHE}/host/host/zephyr-wasm-declare)
  message(STATUS "zephyr-wasm: building what reads the declarations between Rust and C")
  execute_process(
    COMMAND ${ZEPHYR_WASM_RUN_CARGO} ${ZEPHYR_WASM_CARGO} build
      --package zephyr-wasm-declare --profile host --target-dir ${ZEPHYR_WASM_CACHE}/host
    WORKING_DIRECTORY ${ZEPHYR_WASM_DIR}/rust
    COMMAND_ERROR_IS_FATAL ANY
  )
  file(GLOB sources CONFIGURE_DEPENDS ${ZEPHYR_WASM_DIR}/rust/declare/src/*.rs ${ZEPHYR_WASM_DIR}/rust/manifest/src/*.rs)
  list(APPEND declarations ${ZEPHYR_WASM_DIR}/rust/declare/Cargo.toml ${sources})
endif()

set(ZEPHYR_WASM_DECLARED ${CMAKE_CURRENT_BINARY_DIR}/declared CACHE INTERNAL "")
execute_process(
  COMMAND ${declare} --checkout=${ZEPHYR_WASM_DIR} --output=${ZEPHYR_WASM_DECLARED} --config=${DOTCONFIG}
  COMMAND_ERROR_IS_FATAL ANY
)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${declarations})

# Also for tests, which look into src.
zephyr_include_directories(${ZEPHYR_WASM_DECLARED})
zephyr_library_sources(${ZEPHYR_WASM_DECLARED}/zephyr_wasm_layouts.c)
# A function that the header does not have would not be compared with what Rust calls.
zephyr_library_compile_options($<$<COMPILE_LANGUAGE:C>:-Werror=missing-prototypes>)
