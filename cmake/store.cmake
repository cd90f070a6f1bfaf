# SPDX-License-Identifier: Apache-2.0
#
# The public keys of CONFIG_WASM_COMPILED_KEYS and CONFIG_WASM_STORE_KEYS, as a source file.

# The files that a symbol of Kconfig names.
function(zephyr_wasm_keys output symbol)
  separate_arguments(names UNIX_COMMAND "${${symbol}}")
  set(keys)
  foreach(name IN LISTS names)
    cmake_path(ABSOLUTE_PATH name BASE_DIRECTORY ${APPLICATION_SOURCE_DIR} NORMALIZE)
    if(NOT EXISTS ${name})
      message(FATAL_ERROR "${symbol}: there is no ${name}; `zephyr-wasm keygen` and openssl make pairs of keys")
    endif()
    list(APPEND keys ${name})
  endforeach()
  set(${output} ${keys} PARENT_SCOPE)
endfunction()

if(NOT CONFIG_WASM_INTERPRETER AND NOT CONFIG_WASM_COMPILED_STORE)
  message(FATAL_ERROR "CONFIG_WASM_STORE: this image has nothing that runs an app of the store. CONFIG_WASM_INTERPRETER=y interprets "
    "it; CONFIG_WASM_COMPILED_STORE=y runs its machine code, and needs CONFIG_WASM_USERSPACE=y or "
    "CONFIG_WASM_COMPILED_STORE_UNCONFINED=y")
endif()
zephyr_wasm_cli()
get_property(cli GLOBAL PROPERTY zephyr_wasm_cli)
zephyr_wasm_keys(keys CONFIG_WASM_STORE_KEYS)
zephyr_wasm_keys(compiled_keys CONFIG_WASM_COMPILED_KEYS)
if(CONFIG_WASM_COMPILED_STORE AND NOT compiled_keys)
  message(WARNING "CONFIG_WASM_COMPILED_STORE: no machine code runs, because nobody may sign it: name a public key in "
    "CONFIG_WASM_COMPILED_KEYS")
endif()
if(NOT keys AND NOT compiled_keys AND CONFIG_WASM_STORE_ADDED_KEY_COUNT EQUAL 0 AND CONFIG_WASM_STORE_UNSIGNED_REFUSED)
  message(WARNING "CONFIG_WASM_STORE: the store takes no app at all: it has no key, and refuses apps without a signature. Name a "
    "public key in CONFIG_WASM_STORE_KEYS, or have room for one that the firmware adds (CONFIG_WASM_STORE_ADDED_KEY_COUNT)")
endif()
set(store_keys ${CMAKE_CURRENT_BINARY_DIR}/store_keys.c)
list(TRANSFORM compiled_keys PREPEND "--compiled=" OUTPUT_VARIABLE compiled_options)
add_custom_command(OUTPUT ${store_keys}
  COMMAND ${cli} keys ${keys} ${compiled_options} --output ${store_keys}
  DEPENDS zephyr_wasm_cli ${cli} ${keys} ${compiled_keys}
  COMMENT "Writing the public keys of the store"
  VERBATIM)
zephyr_library_sources(${store_keys})
