# SPDX-License-Identifier: Apache-2.0
#
# What an image with AddressSanitizer (CONFIG_ASAN=y) has besides: its options, and a test that it watches.
if(CONFIG_ASAN)
  target_sources(app PRIVATE ${CMAKE_CURRENT_LIST_DIR}/watches.c)
  # It asks before anything of the image runs.
  target_sources(native_simulator INTERFACE ${CMAKE_CURRENT_LIST_DIR}/options.c)
endif()
