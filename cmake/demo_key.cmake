# SPDX-License-Identifier: Apache-2.0
#
# zephyr_wasm_demo_key(<name>)
#
# Makes a pair of keys in the build directory, <name>.pem and <name>.pub.pem, for tests and samples, whose private keys need not be
# kept. A product has keys of its own, and keeps the private ones out of its repository.

find_program(ZEPHYR_WASM_OPENSSL openssl REQUIRED)

function(zephyr_wasm_demo_key name)
  set(key ${CMAKE_BINARY_DIR}/${name}.pem)
  set(public ${CMAKE_BINARY_DIR}/${name}.pub.pem)
  if(NOT EXISTS ${public})
    execute_process(COMMAND ${ZEPHYR_WASM_OPENSSL} genpkey -algorithm ed25519 -out ${key} COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND ${ZEPHYR_WASM_OPENSSL} pkey -in ${key} -pubout -out ${public} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endfunction()
