# SPDX-License-Identifier: Apache-2.0
#
# Where an app's code runs, beside the kernel or in user mode, and what the linker puts between it and the host APIs.

# What the Rust side of the image's host APIs calls in C.
set(files "")
set(packages "")
foreach(api
    ADC BLE CLOCKS COAP GPIO HTTP I2C LIFECYCLE LOG MESSAGE PWM RANDOM SENSOR SOCKETS SPI STORAGE TIMER UART)
  if(CONFIG_WASM_API_${api})
    string(TOLOWER ${api} file)
    list(APPEND files rust/platform-zephyr/src/${file}.rs)
    list(APPEND packages wit/${file}.wit)
  endif()
endforeach()
if(CONFIG_WASM_WASI)
  list(APPEND files rust/platform-zephyr/src/wasi.rs)
endif()
if(CONFIG_WASM_TRACE)
  list(APPEND files rust/platform-zephyr/src/remains.rs)
endif()
# tests/gate attacks what is declared there, and tests/kills has apps killed in it.
list(TRANSFORM files PREPEND ${ZEPHYR_WASM_DIR}/ OUTPUT_VARIABLE declarations)
set_property(GLOBAL PROPERTY zephyr_wasm_declarations ${declarations})

zephyr_library_sources_ifdef(CONFIG_WASM_GROW_IN_PLACE src/linear.c)
if(NOT CONFIG_WASM_USERSPACE)
  zephyr_library_sources(src/region.c)
  if(NOT CONFIG_WASM_METRICS)
    return()
  endif()
endif()

set(without "")
if(NOT CONFIG_WASM_API_SENSOR_STREAMS)
  list(APPEND without sensor_watch sensor_next sensor_lost sensor_stop)
endif()
if(NOT CONFIG_WASM_API_MESSAGE_REQUESTS)
  list(APPEND without message_request message_respond)
endif()
list(TRANSFORM without PREPEND --without=zephyr_wasm_)
set(options "")
if(CONFIG_WASM_METRICS)
  list(APPEND options --count)
endif()
if(CONFIG_WASM_USERSPACE)
  list(APPEND options --gate)
endif()

set(wrapped_dir ${CMAKE_CURRENT_BINARY_DIR}/wrapped)
file(MAKE_DIRECTORY ${wrapped_dir})
execute_process(
  COMMAND ${PYTHON_EXECUTABLE} cmake/gate.py --out ${wrapped_dir}/zephyr_wasm_wrapped.c ${options} ${without} ${files}
  WORKING_DIRECTORY ${ZEPHYR_WASM_DIR}
  OUTPUT_VARIABLE functions
  COMMAND_ERROR_IS_FATAL ANY
)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  ${files} ${packages} cmake/gate.py cmake/declared.py)
zephyr_library_include_directories(${wrapped_dir})

if(CONFIG_WASM_USERSPACE)
  if(TARGET librustapp)
    message(FATAL_ERROR "CONFIG_WASM_USERSPACE is for firmware in C: all of firmware in Rust is one library, of which "
      "apps would have the data")
  endif()
  zephyr_library_sources(src/user/calls.c src/user/closed.c src/user/gate.c src/user/region.c src/user/thread.c)
  zephyr_library_sources_ifdef(CONFIG_NET_SOCKETS src/user/sockets.c)
  zephyr_library_sources_ifdef(CONFIG_CPU_CORTEX_M src/user/arm.c src/user/arm_flash.c)
  zephyr_library_include_directories(src/user)
  zephyr_syscall_include_directories(src/user)
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
  set(calls ${wrapped_dir}/zephyr_wasm_calls.c)
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
zephyr_wasm_wrap("what apps call of the host (CONFIG_WASM_USERSPACE, CONFIG_WASM_METRICS)" ${functions})
