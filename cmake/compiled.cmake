# SPDX-License-Identifier: Apache-2.0
#
# Apps that are compiled: C is made of them, and that becomes part of the firmware.

# Whether an app is to be compiled, of what its call says and the image has.
function(zephyr_wasm_is_compiled output call interpreted compiled unchecked stored)
  set(${output} OFF PARENT_SCOPE)
  if(interpreted AND compiled)
    message(FATAL_ERROR "${call}: INTERPRETED and COMPILED: an app is one of them")
  endif()
  if(compiled AND unchecked)
    message(FATAL_ERROR "${call}: COMPILED: what is UNCHECKED cannot be compiled")
  endif()
  if(compiled AND stored AND NOT CONFIG_WASM_COMPILED_STORE)
    message(FATAL_ERROR "${call}: COMPILED: this image runs no machine code of STORED apps: set CONFIG_WASM_COMPILED_STORE=y")
  endif()
  if(compiled AND NOT CONFIG_WASM_COMPILED)
    message(FATAL_ERROR "${call}: COMPILED: this image runs no compiled apps: set CONFIG_WASM_COMPILED=y")
  endif()
  set(runs ${CONFIG_WASM_COMPILED})
  if(stored)
    set(runs ${CONFIG_WASM_COMPILED_STORE})
  endif()
  if(runs AND NOT interpreted AND NOT unchecked)
    set(${output} ON PARENT_SCOPE)
  elseif(CONFIG_WASM AND NOT CONFIG_WASM_INTERPRETER)
    foreach(option INTERPRETED UNCHECKED STORED)
      string(TOLOWER ${option} argument)
      if(${argument})
        message(FATAL_ERROR "${call}: ${option}: this image interprets no apps: set CONFIG_WASM_INTERPRETER=y")
      endif()
    endforeach()
  endif()
endfunction()

# The most bytes of a function's frame: what is kept of the stack, less what the way out of a function takes.
function(zephyr_wasm_compiled_frame output)
  if(CONFIG_64BIT)
    set(way_out 640)
  elseif(CONFIG_CPU_CORTEX_M AND CONFIG_FPU)
    set(way_out 512)
  else()
    set(way_out 384)
  endif()
  math(EXPR frame "${CONFIG_WASM_COMPILED_STACK_MARGIN} - ${way_out}")
  set(${output} ${frame} PARENT_SCOPE)
endfunction()

# What a compiler has to be told of the C is in compiled.flags, for firmware and for `zephyr-wasm run --compiled`: one option in a
# line, with CMake's name of the compiler before those that only one has, and @frame@ for the most bytes of a function's frame. The
# level comes last, as Zephyr has one of its own. `call_indirect` and memory go by any type; floating-point numbers are computed one
# operation at a time, and a signalling NaN is one (Clang knows that where it knows of exceptions: not for Arm); a recursion without an end takes stack until there is none. What a function has on the stack before it looks whether there is any
# has to fit what is kept, and something of that is for the way out: behind the function for one of the compiler's that divides, or
# ours that rounds, and for what the processor saves at an interrupt.
# GCC's frame-larger-than counts neither the registers that are kept nor what is handed to functions, of which an app may have much:
# its stack-usage does, which Clang lacks, whose frame-larger-than counts all of it. All of that is known as a file is compiled, and
# nobody checks it where that is left to the link (CONFIG_LTO).
# GCC's partial inlining would make two functions of one: the first checks the stack, and the second has the frame.
# Memory is read and written as it is where the board serves any address; elsewhere the compiler takes words apart.
function(zephyr_wasm_compiled_options output)
  if(CONFIG_WASM_COMPILED_SPEED)
    set(level -O2)
  else()
    set(level -Os)
  endif()
  set(unaligned)
  if(CONFIG_WASM_RISCV_UNALIGNED_ACCESS)
    set(unaligned -DZEPHYR_WASM_COMPILED_UNALIGNED)
  endif()
  zephyr_wasm_compiled_frame(frame)
  set(list ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/compiled.flags)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
  file(STRINGS ${list} lines)
  set(flags)
  foreach(line ${lines})
    string(CONFIGURE "${line}" flag @ONLY)
    string(REGEX REPLACE " .*" "" compiler "${flag}")
    string(REGEX REPLACE "^[A-Za-z]+ " "" flag "${flag}")
    # Clang of Apple and of Arm have names that end so.
    if(compiler STREQUAL flag OR CMAKE_C_COMPILER_ID MATCHES "${compiler}$")
      list(APPEND flags ${flag})
    endif()
  endforeach()
  set(${output} ${flags} ${level} ${unaligned} PARENT_SCOPE)
endfunction()

# Makes C of an app that is packed, and makes that a part of the target; its outside becomes `elements`, for an array in C.
function(zephyr_wasm_compile name target built packed elements)
  get_property(cli GLOBAL PROPERTY zephyr_wasm_cli)
  cmake_path(GET packed PARENT_PATH directory)
  set(c ${directory}/${name}.c)
  set(outside ${directory}/${name}.outside.wasm)
  set(places --no-places)
  if(CONFIG_WASM_TRACE)
    set(places)
  endif()
  add_custom_command(OUTPUT ${c} ${outside} ${elements}
    COMMAND ${cli} compile ${packed} --source ${built} --output ${c} --name ${name} --outside ${outside} --elements ${elements}
      --largest-table ${CONFIG_WASM_APP_TABLE_SIZE} ${places}
    DEPENDS zephyr_wasm_cli ${cli} ${packed}
    COMMENT "Compiling the WebAssembly app ${name} to C"
    VERBATIM)
  # The rule that makes the C may be another directory's than the target, so that it is included by a file that is there.
  set(file ${directory}/compiled.c)
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT [=[
/* Generated by zephyr_wasm_app(). */
#include "@c@"
]=])
  zephyr_wasm_compiled_options(options)
  target_sources(${target} PRIVATE ${file})
  set_source_files_properties(${file} TARGET_DIRECTORY ${target} PROPERTIES OBJECT_DEPENDS ${c} COMPILE_OPTIONS "${options}")
endfunction()

# How machine code for this image comes into an app's file: `command` makes it. To sign the file, the tool needs the same compiler,
# which `environment` names, and `source`.
function(zephyr_wasm_code file built command environment source)
  get_property(cli GLOBAL PROPERTY zephyr_wasm_cli)
  set(family ARM)
  if(CONFIG_RISCV)
    set(family RISCV)
  endif()
  set(with ${CMAKE_COMMAND} -E env ZEPHYR_WASM_CC_${family}=${CMAKE_C_COMPILER})
  set(options --target ${CONFIG_WASM_COMPILED_TARGET} --largest-table ${CONFIG_WASM_APP_TABLE_SIZE})
  if(CONFIG_WASM_COMPILED_SPEED)
    list(APPEND options --speed)
  endif()
  if(CONFIG_WASM_RISCV_UNALIGNED_ACCESS)
    list(APPEND options --unaligned)
  endif()
  set(places)
  if(CONFIG_WASM_TRACE)
    set(places --source ${built})
  endif()
  set(${command} COMMAND ${with} ${cli} compile ${file} ${options} ${places} PARENT_SCOPE)
  set(${environment} ${with} PARENT_SCOPE)
  set(${source} ${places} PARENT_SCOPE)
endfunction()
