# SPDX-License-Identifier: Apache-2.0
#
# The functions and structures that Rust and C share are declared in rust/platform-zephyr/src, the keys of manifests in
# rust/manifest, and the records of the store in rust/cli/src/image/record.rs. From these, zephyr-wasm-declare (rust/declare) generates, before anything of the image is compiled: the header
# with the prototypes, assertions that structures and numbers are the same on both sides, and the functions that the linker puts
# before those of host APIs (cmake/wrapped.cmake).

# The generator. ZEPHYR_WASM_DECLARE in the environment names one that is built already. It shares its target directory with the
# command line tool.
file(GLOB declarations CONFIGURE_DEPENDS ${ZEPHYR_WASM_DIR}/rust/platform-zephyr/src/*.rs ${ZEPHYR_WASM_DIR}/wit/*.wit)
list(APPEND declarations
  ${ZEPHYR_WASM_DIR}/rust/api/src/failure.rs
  ${ZEPHYR_WASM_DIR}/rust/api/src/coap/shared.rs
  ${ZEPHYR_WASM_DIR}/rust/cli/src/image/record.rs
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

set_property(GLOBAL PROPERTY zephyr_wasm_declare ${declare})
set(ZEPHYR_WASM_DECLARED ${CMAKE_CURRENT_BINARY_DIR}/declared CACHE INTERNAL "")
execute_process(
  COMMAND ${declare} --checkout=${ZEPHYR_WASM_DIR} --output=${ZEPHYR_WASM_DECLARED} --config=${DOTCONFIG}
  COMMAND_ERROR_IS_FATAL ANY
)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${declarations})

# Also for tests, which look into src.
zephyr_include_directories(${ZEPHYR_WASM_DECLARED})
zephyr_library_sources(${ZEPHYR_WASM_DECLARED}/zephyr_wasm_layouts.c)
# Without this, a function that is missing in the header would not be compared with what Rust calls.
zephyr_library_compile_options($<$<COMPILE_LANGUAGE:C>:-Werror=missing-prototypes>)
# What is called has to be declared: older compilers would take its result for an int, and only warn.
zephyr_library_compile_options($<$<COMPILE_LANGUAGE:C>:-Werror=implicit-function-declaration>)
