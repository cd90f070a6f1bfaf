# SPDX-License-Identifier: Apache-2.0
#
# The public keys of CONFIG_WASM_STORE_KEYS, as a source file.

zephyr_wasm_cli()
get_property(cli GLOBAL PROPERTY zephyr_wasm_cli)
if(CONFIG_WASM_STORE_KEYS STREQUAL "" AND CONFIG_WASM_STORE_ADDED_KEY_COUNT EQUAL 0 AND CONFIG_WASM_STORE_UNSIGNED_REFUSED)
  message(WARNING "CONFIG_WASM_STORE: the store takes no app at all: it has no key, and refuses apps without a signature. Name a "
    "public key in CONFIG_WASM_STORE_KEYS, or have room for one that the firmware adds (CONFIG_WASM_STORE_ADDED_KEY_COUNT)")
endif()
separate_arguments(names UNIX_COMMAND ${CONFIG_WASM_STORE_KEYS})
set(keys)
foreach(name IN LISTS names)
  cmake_path(ABSOLUTE_PATH name BASE_DIRECTORY ${APPLICATION_SOURCE_DIR} NORMALIZE)
  if(NOT EXISTS ${name})
    message(FATAL_ERROR
      "CONFIG_WASM_STORE_KEYS: there is no ${name}; `zephyr-wasm keygen` and openssl make pairs of keys")
  endif()
  list(APPEND keys ${name})
endforeach()
set(store_keys ${CMAKE_CURRENT_BINARY_DIR}/store_keys.c)
add_custom_command(OUTPUT ${store_keys}
  COMMAND ${cli} keys ${keys} --output ${store_keys}
  DEPENDS zephyr_wasm_cli ${cli} ${keys}
  COMMENT "Writing the public keys of the store"
  VERBATIM)
zephyr_library_sources(${store_keys})
