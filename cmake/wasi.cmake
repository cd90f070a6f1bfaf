# SPDX-License-Identifier: Apache-2.0
#
# zephyr_wasm_program(<name> SOURCES <file>... [STACK_SIZE <bytes>] [MANIFEST <file>] [OPTIONS <option>...] [EMBED])
#
# Builds a WASI program in C against wasi-libc: the file <build>/wasm/<name>.wasm. Its memory is just as large as it needs
# (guest/c/wasi.cfg says by which options).
#
#   STACK_SIZE  the stack of its own code in its linear memory; 4096 bytes without it
#   MANIFEST    its manifest in TOML, if it has one
#   OPTIONS     more options of the compiler and linker
#   EMBED       make it part of the image, too, as zephyr_wasm_app() does
#
# It takes clang and wasi-libc from WASI_SDK_PATH (cache or environment) if there is a wasi-sdk, else the distribution's.

set(ZEPHYR_WASM_GUEST ${CMAKE_CURRENT_LIST_DIR}/../guest/c CACHE INTERNAL "")

# The compiler for WASI, and where its libc is: the target's name depends on how old that is.
function(zephyr_wasm_wasi compiler options)
  set(sdk "${WASI_SDK_PATH}")
  if(NOT sdk)
    set(sdk "$ENV{WASI_SDK_PATH}")
  endif()
  if(sdk)
    set(${compiler} ${sdk}/bin/clang PARENT_SCOPE)
    set(${options} --target=wasm32-wasip1 PARENT_SCOPE)
    return()
  endif()
  foreach(target wasm32-wasip1 wasm32-wasi)
    if(EXISTS /usr/lib/${target}/crt1-command.o)
      set(${compiler} ${ZEPHYR_WASM_CLANG} PARENT_SCOPE)
      set(${options} --target=${target} -Wno-deprecated --sysroot=/usr -fuse-ld=${ZEPHYR_WASM_LD} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(${compiler} "" PARENT_SCOPE)
endfunction()

function(zephyr_wasm_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "EMBED" "STACK_SIZE;MANIFEST" "SOURCES;OPTIONS")
  if(NOT arg_SOURCES OR DEFINED arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "zephyr_wasm_program(${name}): needs SOURCES, and knows no ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(TARGET wasm_program_${name} OR TARGET wasm_${name})
    message(FATAL_ERROR "zephyr_wasm_program(${name}): there is a program or an app of this name already, whose file is the same")
  endif()
  set_ifndef(arg_STACK_SIZE 4096)
  zephyr_wasm_wasi(compiler options)
  if(NOT compiler)
    message(FATAL_ERROR "zephyr_wasm_program(${name}): no wasi-libc here: install wasi-libc and "
                        "libclang-rt-*-dev-wasm32, or set WASI_SDK_PATH")
  endif()
  zephyr_wasm_cli()
  get_property(cli GLOBAL PROPERTY zephyr_wasm_cli)
  set(sources)
  foreach(source IN LISTS arg_SOURCES)
    cmake_path(ABSOLUTE_PATH source NORMALIZE)
    list(APPEND sources ${source})
  endforeach()
  zephyr_wasm_expect("zephyr_wasm_program(${name})" SOURCES ${sources})
  set(output ${CMAKE_BINARY_DIR}/wasm/${name}.wasm)
  set(built ${CMAKE_BINARY_DIR}/wasm/built/${name}.wasm)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/wasm/built)
  set(manifest)
  if(DEFINED arg_MANIFEST)
    cmake_path(ABSOLUTE_PATH arg_MANIFEST NORMALIZE)
    zephyr_wasm_expect("zephyr_wasm_program(${name})" MANIFEST ${arg_MANIFEST})
    set(manifest --manifest=${arg_MANIFEST})
  endif()
  add_custom_command(OUTPUT ${output} ${built}
    COMMAND ${compiler} --config=${ZEPHYR_WASM_GUEST}/wasi.cfg ${options} -Wl,-zstack-size=${arg_STACK_SIZE}
      -o ${built} ${sources} ${ZEPHYR_WASM_GUEST}/heap.c ${arg_OPTIONS}
    COMMAND ${cli} pack ${built} --output ${output} ${manifest}
    DEPENDS zephyr_wasm_cli ${cli} ${sources} ${arg_MANIFEST} ${ZEPHYR_WASM_GUEST}/heap.c ${ZEPHYR_WASM_GUEST}/wasi.cfg
    COMMENT "Building the WASI program ${name}"
    VERBATIM)
  add_custom_target(wasm_program_${name} ALL DEPENDS ${output})
  if(arg_EMBED)
    zephyr_wasm_app(${name} MODULE ${output})
  endif()
endfunction()
