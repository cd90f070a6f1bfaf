# SPDX-License-Identifier: Apache-2.0
#
# zephyr_wasm_core_api(<name> <header> <module> <target>)
#
# What a host API of a header (zephyr_wasm_api(... CORE ...)) has in C: the functions between Rust and those of the header, and what
# stands before them where calls are counted or apps are in user mode. The header is read here, so that one that is not understood
# ends the configuration.

function(zephyr_wasm_core_api name header module target)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
  set_property(GLOBAL APPEND PROPERTY zephyr_wasm_core ${module}=${header})
  get_property(options GLOBAL PROPERTY zephyr_wasm_core)
  list(LENGTH options count)
  list(TRANSFORM options PREPEND "--core=")
  # With those of all headers so far, in a directory of its own, so that what does not change is not built again.
  set(declared ${CMAKE_BINARY_DIR}/wasm/declared/${count})
  get_property(declare GLOBAL PROPERTY zephyr_wasm_declare)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env --unset=RUST_BACKTRACE ${declare} --checkout=${ZEPHYR_WASM_DIR} --output=${declared} --config=${DOTCONFIG} ${options}
    RESULT_VARIABLE result ERROR_VARIABLE said ERROR_STRIP_TRAILING_WHITESPACE
  )
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "zephyr_wasm_api(${name}): ${said}")
  endif()
  set_property(GLOBAL PROPERTY zephyr_wasm_declared ${declared})

  # Before what was generated without it.
  target_include_directories(zephyr_wasm BEFORE PRIVATE ${declared})
  file(STRINGS ${declared}/zephyr_wasm_wrapped.txt functions)
  get_property(wrapped GLOBAL PROPERTY zephyr_wasm_core_wrapped)
  list(FILTER functions INCLUDE REGEX "^zephyr_wasm_core_")
  if(wrapped)
    list(REMOVE_ITEM functions ${wrapped})
  endif()
  if(functions)
    set_property(GLOBAL APPEND PROPERTY zephyr_wasm_core_wrapped ${functions})
    zephyr_wasm_wrap("calling host APIs (CONFIG_WASM_USERSPACE, CONFIG_WASM_METRICS)" ${functions})
  endif()

  zephyr_wasm_cli()
  get_property(cli GLOBAL PROPERTY zephyr_wasm_cli)
  set(crate ${CMAKE_CURRENT_BINARY_DIR}/wasm/${name}-host)
  set(between ${crate}/${name}_core.c)
  add_custom_command(OUTPUT ${crate}/src/lib.rs ${between}
    COMMAND ${cli} host ${name} --core ${module}=${header} --output ${crate}
    DEPENDS zephyr_wasm_cli ${cli} ${header}
    COMMENT "Generating what calls the functions of ${name}.h"
    VERBATIM)
  cmake_path(GET header PARENT_PATH directory)
  target_include_directories(${target} PRIVATE ${directory})
  target_sources(${target} PRIVATE ${between})
endfunction()
