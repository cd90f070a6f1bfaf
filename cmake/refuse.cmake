# SPDX-License-Identifier: Apache-2.0
#
# Ends the configuration of an image that could not be built, or would have no apps, and says why.

# Returns why Kconfig has not accepted CONFIG_WASM=y, as far as that can be known.
function(zephyr_wasm_why_not output)
  set(is_known FALSE)
  if(CONFIG_CPU_CORTEX_M OR (CONFIG_ARCH_POSIX AND CONFIG_64BIT)
     OR (CONFIG_RISCV AND NOT CONFIG_RISCV_ISA_RV32E AND NOT CONFIG_RISCV_ISA_RV128I))
    set(is_known TRUE)
  endif()
  if(NOT CONFIG_RUST_SUPPORTED AND is_known AND CONFIG_TIMER_READS_ITS_FREQUENCY_AT_RUNTIME)
    set(reason "zephyr-lang-rust has to know the clock's frequency as it is built, and ${BOARD}${BOARD_QUALIFIERS} "
      "reads it as it runs (CONFIG_TIMER_READS_ITS_FREQUENCY_AT_RUNTIME)")
  elseif(NOT CONFIG_RUST_SUPPORTED)
    set(reason "zephyr-lang-rust has no Rust target for ${BOARD}${BOARD_QUALIFIERS}: it knows Cortex-M, RISC-V (neither RV32E nor RV128I), and "
      "native_sim of 64 bits (CONFIG_RUST_SUPPORTED in its Kconfig)")
  elseif(CONFIG_SMP)
    set(reason "apps run on one core: set CONFIG_SMP=n")
  elseif(NOT CONFIG_MULTITHREADING)
    set(reason "each app has a thread: set CONFIG_MULTITHREADING=y")
  else()
    set(reason "set CONFIG_WASM=y")
  endif()
  list(JOIN reason "" reason)
  set(${output} "${reason}" PARENT_SCOPE)
endfunction()

# Ends the configuration if it lacks CONFIG_WASM, which `what` needs.
function(zephyr_wasm_expect_wasm what)
  if(NOT CONFIG_WASM)
    zephyr_wasm_why_not(reason)
    message(FATAL_ERROR "${what}: this image has no apps (CONFIG_WASM=n): ${reason}")
  endif()
endfunction()

# Ends the configuration if it sets a symbol of this module to y, and Kconfig has dropped it, of which Kconfig only warns. The same
# of CONFIG_MCUMGR, without which nothing reaches a store.
#
# The last assignment counts. A symbol that Kconfig has dropped is not in .config at all. One that was turned off by menuconfig
# is there, and is no error.
function(zephyr_wasm_refuse_what_was_dropped)
  set(symbols)
  # The files that Zephyr has merged.
  foreach(file IN LISTS merge_config_files FORCED_CONF_FILE)
    if(EXISTS ${file})
      file(STRINGS ${file} lines REGEX "^CONFIG_(WASM[A-Z0-9_]*|MCUMGR)=[yn]|^# CONFIG_(WASM[A-Z0-9_]*|MCUMGR) is not set" ENCODING UTF-8)
      foreach(line IN LISTS lines)
        string(REGEX MATCH "WASM[A-Z0-9_]*|MCUMGR" symbol ${line})
        list(APPEND symbols ${symbol})
        set(is_asked_${symbol} FALSE)
        if(line MATCHES "=y")
          set(is_asked_${symbol} TRUE)
          set(file_of_${symbol} ${file})
        endif()
      endforeach()
    endif()
  endforeach()
  list(REMOVE_DUPLICATES symbols)
  file(STRINGS ${DOTCONFIG} lines REGEX "^CONFIG_(WASM[A-Z0-9_]*|MCUMGR)=|^# CONFIG_(WASM[A-Z0-9_]*|MCUMGR) is not set" ENCODING UTF-8)
  foreach(line IN LISTS lines)
    string(REGEX MATCH "WASM[A-Z0-9_]*|MCUMGR" symbol ${line})
    set(is_there_${symbol} TRUE)
  endforeach()
  if(is_asked_WASM AND NOT is_there_WASM)
    zephyr_wasm_expect_wasm("${file_of_WASM} has CONFIG_WASM=y")
  endif()
  if(NOT CONFIG_WASM)
    return()
  endif()

  set(dropped)
  set(off)
  foreach(symbol IN LISTS symbols)
    if(NOT is_asked_${symbol} OR (is_there_${symbol} AND NOT CONFIG_${symbol}))
      list(APPEND off ${symbol})
    # These need no warning: an app that imports a host API which is missing is refused as it is packed, and a log level
    # changes only what is logged.
    elseif(NOT is_there_${symbol} AND NOT symbol MATCHES "^WASM_(API|LOG_LEVEL)_" AND (CONFIG_WASM_STORE OR NOT symbol STREQUAL MCUMGR))
      list(APPEND dropped ${symbol})
    endif()
  endforeach()
  if(NOT dropped)
    return()
  endif()
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env ZEPHYR_BASE=${ZEPHYR_BASE} ${COMMON_KCONFIG_ENV_SETTINGS}
      SHIELD_AS_LIST=${SHIELD_AS_LIST_ESCAPED_COMMAND}
      ${PYTHON_EXECUTABLE} ${ZEPHYR_WASM_DIR}/cmake/dropped.py
      --kconfig ${KCONFIG_ROOT} --config ${DOTCONFIG} ${dropped} --off ${off}
    WORKING_DIRECTORY ${APPLICATION_SOURCE_DIR}
    OUTPUT_VARIABLE reasons
    COMMAND_ERROR_IS_FATAL ANY)
  if(reasons)
    set(files)
    foreach(symbol IN LISTS dropped)
      list(APPEND files ${file_of_${symbol}})
    endforeach()
    list(REMOVE_DUPLICATES files)
    list(JOIN files ", " files)
    message(FATAL_ERROR "zephyr-wasm: Kconfig has dropped what ${files} asks for:\n${reasons}"
      "Set what is needed, or the symbol to n")
  endif()
endfunction()

# An image runs apps in one way at least.
function(zephyr_wasm_expect_a_kind_of_apps)
  if(NOT CONFIG_WASM_INTERPRETER AND NOT CONFIG_WASM_COMPILED)
    message(FATAL_ERROR "zephyr-wasm: this image can run no app: set CONFIG_WASM_INTERPRETER=y, CONFIG_WASM_COMPILED=y, or both")
  endif()
  # The compiler keeps numbers of a compiled app in floating-point registers, which Zephyr has to save for each thread. Kconfig
  # cannot select this: Zephyr's symbols of user mode depend on it.
  if(CONFIG_WASM_COMPILED AND CONFIG_FPU AND NOT CONFIG_FPU_SHARING)
    message(FATAL_ERROR "zephyr-wasm: CONFIG_WASM_COMPILED with CONFIG_FPU=y needs CONFIG_FPU_SHARING=y: two apps would have each "
      "other's numbers")
  endif()
endfunction()

# Warns of symbols that the configuration sets by their former names.
function(zephyr_wasm_warn_of_former_names)
  file(STRINGS ${ZEPHYR_WASM_DIR}/src/Kconfig.former lines REGEX "^config |Former name of ")
  foreach(line IN LISTS lines)
    if(line MATCHES "^config (.*)$")
      set(former ${CMAKE_MATCH_1})
    elseif(NOT "${CONFIG_${former}}" STREQUAL "" AND NOT "${CONFIG_${former}}" EQUAL -1)
      string(REGEX REPLACE ".*Former name of ([A-Z0-9_]+).*" "\\1" name ${line})
      message(DEPRECATION "zephyr-wasm: CONFIG_${former} is called CONFIG_${name} now")
    endif()
  endforeach()
endfunction()

# zephyr_wasm_expect(<call> <option> <path>...): ends the configuration if one of these files does not exist. Files that the build
# makes need not exist yet.
function(zephyr_wasm_expect call option)
  foreach(path IN LISTS ARGN)
    cmake_path(IS_PREFIX CMAKE_BINARY_DIR ${path} is_made)
    if(NOT is_made AND NOT EXISTS ${path})
      message(FATAL_ERROR "${call}: ${option}: there is no ${path}")
    endif()
  endforeach()
endfunction()

function(zephyr_wasm_expect_cargo)
  if(NOT ZEPHYR_WASM_CARGO)
    message(FATAL_ERROR "zephyr-wasm: there is no cargo: install Rust (https://rustup.rs, or scripts/setup of ${ZEPHYR_WASM_DIR})")
  endif()
endfunction()

# zephyr_wasm_expect_target(<target> <directory>): ends the configuration if the Rust toolchain of this directory (a directory may
# choose its own) does not compile for the target.
function(zephyr_wasm_expect_target target directory)
  get_property(known GLOBAL PROPERTY zephyr_wasm_has_${target}_in_${directory})
  if(known)
    return()
  endif()
  execute_process(COMMAND rustc --print sysroot WORKING_DIRECTORY ${directory} OUTPUT_VARIABLE sysroot OUTPUT_STRIP_TRAILING_WHITESPACE
                  ERROR_VARIABLE error RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "zephyr-wasm: rustc does not run in ${directory} (${result}): ${error}")
  endif()
  file(GLOB core ${sysroot}/lib/rustlib/${target}/lib/libcore-*.rlib)
  if(NOT core)
    message(FATAL_ERROR "zephyr-wasm: the Rust in ${sysroot} does not compile for ${target}: rustup target add ${target} (in ${directory}), or "
      "scripts/setup of ${ZEPHYR_WASM_DIR}")
  endif()
  set_property(GLOBAL PROPERTY zephyr_wasm_has_${target}_in_${directory} TRUE)
endfunction()

# The interpreter counts references by compare-and-swap. What runs compiled apps counts none.
function(zephyr_wasm_expect_atomics target)
  if(CONFIG_WASM_INTERPRETER AND target MATCHES "^(thumbv6m|riscv32im?c?-)")
    message(FATAL_ERROR "zephyr-wasm: ${BOARD}${BOARD_QUALIFIERS} has no compare-and-swap (${target}), which the interpreter needs: set "
      "CONFIG_WASM_COMPILED=y and CONFIG_WASM_INTERPRETER=n, or take a Cortex-M3 or later, or RISC-V with the extension A (and M and C)")
  endif()
endfunction()

# zephyr-lang-rust ends with "Unknown Cortex-M target." for cores that it does not name.
function(zephyr_wasm_expect_core)
  file(READ ${RUST_MODULE_DIR}/CMakeLists.txt names)
  foreach(core M52 M85)
    if(CONFIG_CPU_CORTEX_${core} AND NOT names MATCHES "CONFIG_CPU_CORTEX_${core}")
      message(FATAL_ERROR "zephyr-wasm: ${BOARD}${BOARD_QUALIFIERS} has a Cortex-${core}, for which zephyr-lang-rust has no Rust "
        "target: apps need a Cortex-M3, M4, M7, M33 or M55")
    endif()
  endforeach()
endfunction()

# Rust and C have to use the same calling convention, or they do not link.
function(zephyr_wasm_expect_float_abi target)
  if(CONFIG_RISCV AND CONFIG_FLOAT_HARD)
    message(FATAL_ERROR "zephyr-wasm: CONFIG_FLOAT_HARD=y: Rust passes floating-point numbers in integer registers (${target}): set "
      "CONFIG_FLOAT_HARD=n")
  endif()
endfunction()

# Ends the configuration if a crate is no cdylib, or if its library does not have the name of its package, by which the built file
# is found.
function(zephyr_wasm_expect_cdylib call crate name)
  execute_process(COMMAND ${ZEPHYR_WASM_RUN_CARGO} ${ZEPHYR_WASM_CARGO} read-manifest WORKING_DIRECTORY ${crate}
                  OUTPUT_VARIABLE manifest ERROR_VARIABLE error RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${call}: CRATE: Cargo does not read ${crate}/Cargo.toml (${result}): ${error}")
  endif()
  string(JSON count LENGTH "${manifest}" targets)
  math(EXPR last "${count} - 1")
  set(found)
  foreach(index RANGE ${last})
    string(JSON types GET "${manifest}" targets ${index} crate_types)
    string(JSON library GET "${manifest}" targets ${index} name)
    if(types MATCHES "\"cdylib\"")
      set(found ${library})
    endif()
  endforeach()
  if(NOT found)
    message(FATAL_ERROR "${call}: CRATE: an app is a cdylib: ${crate}/Cargo.toml needs [lib] with crate-type = [\"cdylib\"]")
  endif()
  string(REPLACE "-" "_" found ${found})
  if(NOT found STREQUAL name)
    message(FATAL_ERROR "${call}: CRATE: the library of ${crate} is called ${found}: take that `name` out of [lib], so that it is "
      "called by its package")
  endif()
endfunction()
