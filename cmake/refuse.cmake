# SPDX-License-Identifier: Apache-2.0
#
# What ends the configuration of an image that could not be built, or would have no apps, with the reason.

# Why Kconfig has not taken CONFIG_WASM=y, as far as it can be told.
function(zephyr_wasm_why_not output)
  if(NOT CONFIG_RUST_SUPPORTED)
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

# For what needs CONFIG_WASM, which `what` is.
function(zephyr_wasm_expect_wasm what)
  if(NOT CONFIG_WASM)
    zephyr_wasm_why_not(reason)
    message(FATAL_ERROR "${what}: this image has no apps (CONFIG_WASM=n): ${reason}")
  endif()
endfunction()

# Where the configuration asks for CONFIG_WASM=y, and Kconfig has dropped it: it only warns of that.
function(zephyr_wasm_refuse_what_was_dropped)
  # Zephyr's list of what it has merged.
  foreach(file IN LISTS merge_config_files)
    if(EXISTS ${file})
      file(STRINGS ${file} asked REGEX "^CONFIG_WASM=y")
      if(asked)
        zephyr_wasm_expect_wasm("${file} has CONFIG_WASM=y")
      endif()
    endif()
  endforeach()
endfunction()

function(zephyr_wasm_expect_cargo)
  if(NOT ZEPHYR_WASM_CARGO)
    message(FATAL_ERROR "zephyr-wasm: there is no cargo: install Rust (https://rustup.rs, or scripts/setup of ${ZEPHYR_WASM_DIR})")
  endif()
endfunction()

# zephyr_wasm_expect_target(<target> <directory>): the Rust of this directory compiles for the target.
function(zephyr_wasm_expect_target target directory)
  get_property(known GLOBAL PROPERTY zephyr_wasm_has_${target})
  if(known)
    return()
  endif()
  execute_process(COMMAND rustc --print sysroot WORKING_DIRECTORY ${directory} OUTPUT_VARIABLE sysroot OUTPUT_STRIP_TRAILING_WHITESPACE
                  ERROR_VARIABLE error RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "zephyr-wasm: rustc does not run in ${directory}: ${error}")
  endif()
  file(GLOB core ${sysroot}/lib/rustlib/${target}/lib/libcore-*.rlib)
  if(NOT core)
    message(FATAL_ERROR "zephyr-wasm: the Rust in ${sysroot} does not compile for ${target}: rustup target add ${target} (in ${directory}), or "
      "scripts/setup of ${ZEPHYR_WASM_DIR}")
  endif()
  set_property(GLOBAL PROPERTY zephyr_wasm_has_${target} TRUE)
endfunction()

# The engine counts references by compare-and-swap.
function(zephyr_wasm_expect_atomics target)
  if(target MATCHES "^(thumbv6m|riscv32im?c?-)")
    message(FATAL_ERROR "zephyr-wasm: ${BOARD}${BOARD_QUALIFIERS} has no compare-and-swap (${target}), which the engine needs: apps need a Cortex-M3 or later, or "
      "RISC-V with the extension A (and M and C)")
  endif()
endfunction()
