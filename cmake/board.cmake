# SPDX-License-Identifier: Apache-2.0
#
# include() this before find_package(Zephyr) to use the files in boards/ for the current board: the names by which apps know its
# devices, and the settings that the devices need.

set(zephyr_wasm_board ${BOARD})
if(NOT zephyr_wasm_board)
  set(zephyr_wasm_board $ENV{BOARD})
endif()
string(REGEX REPLACE "[/@]" "_" zephyr_wasm_board "${zephyr_wasm_board}")
set(zephyr_wasm_board ${CMAKE_CURRENT_LIST_DIR}/../boards/${zephyr_wasm_board})
if(EXISTS ${zephyr_wasm_board}.overlay)
  list(APPEND EXTRA_DTC_OVERLAY_FILE ${zephyr_wasm_board}.overlay)
endif()
if(EXISTS ${zephyr_wasm_board}.conf)
  list(APPEND EXTRA_CONF_FILE ${zephyr_wasm_board}.conf)
endif()
