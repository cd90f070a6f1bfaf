# SPDX-License-Identifier: Apache-2.0
#
# zephyr_wasm_wrap(<what> <function>...)
#
# Makes the linker call our __wrap_<function> in place of each of these functions. `what` says, for the error message, what these
# functions are for. Link-time optimisation calls or inlines the original function where it sees both the caller and the function,
# without a warning.

function(zephyr_wasm_wrap what)
  if(CONFIG_LTO)
    message(FATAL_ERROR "zephyr-wasm: ${what} has guards that the linker puts before functions of the image (--wrap), and link-time "
      "optimisation leaves them out without a word: set CONFIG_LTO=n")
  endif()
  foreach(function IN LISTS ARGN)
    zephyr_ld_options(-Wl,--wrap=${function})
  endforeach()
endfunction()
