# SPDX-License-Identifier: Apache-2.0
#
# Where an app's code runs: beside the kernel, or in user mode behind a gate.

if(NOT CONFIG_WASM_USERSPACE)
  zephyr_library_sources(src/region.c)
  return()
endif()

if(TARGET librustapp)
  message(FATAL_ERROR "CONFIG_WASM_USERSPACE is for firmware in C: all of firmware in Rust is one library, of which apps "
    "would have the data")
endif()

# What the Rust side of the image's host APIs calls in C.
set(gated "")
foreach(api ADC CLOCKS GPIO I2C LIFECYCLE LOG MESSAGE PWM RANDOM SENSOR SPI STORAGE TIMER UART)
  if(CONFIG_WASM_API_${api})
    string(TOLOWER ${api} file)
    list(APPEND gated rust/platform-zephyr/src/${file}.rs)
  endif()
endforeach()
if(CONFIG_WASM_TRACE)
  list(APPEND gated rust/platform-zephyr/src/remains.rs)
endif()
set(without "")
if(NOT CONFIG_WASM_API_SENSOR_STREAMS)
  list(APPEND without sensor_watch sensor_next sensor_lost sensor_stop)
endif()
if(NOT CONFIG_WASM_API_MESSAGE_REQUESTS)
  list(APPEND without message_request message_respond)
endif()
list(TRANSFORM without PREPEND --without=zephyr_wasm_)

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${gated} cmake/gate.py)
set(gate_dir ${CMAKE_CURRENT_BINARY_DIR}/gate)
file(MAKE_DIRECTORY ${gate_dir})
execute_process(
  COMMAND ${PYTHON_EXECUTABLE} cmake/gate.py --out ${gate_dir}/zephyr_wasm_gate_calls.c ${without} ${gated}
  WORKING_DIRECTORY ${ZEPHYR_WASM_DIR}
  OUTPUT_VARIABLE gated_functions
  COMMAND_ERROR_IS_FATAL ANY
)

zephyr_library_sources(src/user/calls.c src/user/gate.c src/user/region.c src/user/thread.c)
zephyr_library_include_directories(${gate_dir} src/user)
zephyr_syscall_include_directories(src/user)

# In place of these, an app enters the gate.
foreach(function
    ${gated_functions}
    zephyr_wasm_started
    zephyr_wasm_stopped
    zephyr_wasm_loaded
    zephyr_wasm_host_begin
    zephyr_wasm_host_end
    zephyr_wasm_panic
)
  zephyr_ld_options(-Wl,--wrap=${function})
endforeach()

# The engine's static data: src/user/region.c says what that is.
set_property(TARGET zephyr_property_target APPEND PROPERTY COMPILE_OPTIONS
  "-l" libzephyr_wasm_rust.a zephyr_wasm_engine_partition)
