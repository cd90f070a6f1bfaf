# SPDX-License-Identifier: Apache-2.0
#
# zephyr_wasm_wrap(<what> <function>...)
#
# Has the linker put our __wrap_<function> before each of these functions, for `what`, which says who loses by it if it is
# not. Link-time optimisation calls or inlines the function itself where it sees both the caller and it, and no linker says so.

function(zephyr_wasm_wrap what)
  if(CONFIG_LTO)
    message(FATAL_ERROR "zephyr-wasm: ${what} has guards that the linker puts before functions of the image (--wrap), and link-time "
      "optimisation leaves them out without a word: set CONFIG_LTO=n")
  endif()
  foreach(function IN LISTS ARGN)
    zephyr_ld_options(-Wl,--wrap=${function})
  endforeach()
endfunction()
