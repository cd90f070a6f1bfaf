# SPDX-License-Identifier: Apache-2.0
#
# What the linker puts between an app's thread and the host APIs: the gate of user mode, or the counters of CONFIG_WASM_METRICS.

if(NOT (CONFIG_WASM_USERSPACE OR CONFIG_WASM_METRICS))
  return()
endif()

# The functions for which zephyr-wasm-declare has generated wrappers.
file(STRINGS ${ZEPHYR_WASM_DECLARED}/zephyr_wasm_wrapped.txt functions)

if(CONFIG_WASM_USERSPACE)
  if(TARGET librustapp)
    message(FATAL_ERROR "CONFIG_WASM_USERSPACE is for firmware in C: all of firmware in Rust is one library, of which "
      "apps would have the data")
  endif()
  list(APPEND functions
    zephyr_wasm_started
    zephyr_wasm_stopped
    zephyr_wasm_loaded
    zephyr_wasm_host_begin
    zephyr_wasm_host_end
    zephyr_wasm_call_begin
    zephyr_wasm_call_end
    zephyr_wasm_is_in_call
    zephyr_wasm_panic
    _k_syscall_table
  )
  if(CONFIG_CPU_CORTEX_M)
    list(APPEND functions z_arm_do_syscall z_arm_fault)
    if(CONFIG_ARMV7_M_ARMV8_M_MAINLINE)
      list(APPEND functions z_arm_svc)
    endif()
  endif()

  # The image's system calls are known once all headers are read, which the build does.
  set(calls ${ZEPHYR_WASM_DECLARED}/zephyr_wasm_calls.c)
  set(generated ${PROJECT_BINARY_DIR}/include/generated/zephyr)
  set(open_calls ${ZEPHYR_WASM_DIR}/src/user/open_calls.txt)
  add_custom_command(
    OUTPUT ${calls}
    COMMAND ${PYTHON_EXECUTABLE} ${ZEPHYR_WASM_DIR}/cmake/closed.py
      --out ${calls}
      --dispatch ${generated}/syscall_dispatch.c
      --list ${generated}/syscall_list.h
      --open ${open_calls}
      --also "${CONFIG_WASM_USERSPACE_CALLS}"
    DEPENDS ${ZEPHYR_WASM_DIR}/cmake/closed.py ${open_calls} ${generated}/syscall_list.h ${SYSCALL_LIST_H_TARGET}
    VERBATIM
  )
  set_source_files_properties(${ZEPHYR_WASM_DIR}/src/user/closed.c PROPERTIES OBJECT_DEPENDS ${calls})
  # The engine's static data: src/user/region.c says what that is.
  set_property(TARGET zephyr_property_target APPEND PROPERTY COMPILE_OPTIONS
    "-l" libzephyr_wasm_rust.a zephyr_wasm_engine_partition)
endif()

# Kconfig has neither with CONFIG_LTO.
zephyr_wasm_wrap("calling host APIs (CONFIG_WASM_USERSPACE, CONFIG_WASM_METRICS)" ${functions})
