# SPDX-License-Identifier: Apache-2.0
#
# cmake -D LOCK=<file> -D FROM=<file> -D TO=<file> -P build_and_take.cmake -- <command>...
#
# Builds FROM by a command of Cargo, in a target directory that several builds share, and copies it to TO. Cargo keeps what
# was built with other options apart, but gives the result the same name: the lock, which lasts until this process ends,
# is so that nobody else's comes between.

file(LOCK ${LOCK} GUARD PROCESS)

set(command)
math(EXPR end "${CMAKE_ARGC} - 1")
foreach(index RANGE ${end})
  if(DEFINED behind)
    list(APPEND command ${CMAKE_ARGV${index}})
  elseif(CMAKE_ARGV${index} STREQUAL "--")
    set(behind TRUE)
  endif()
endforeach()
execute_process(COMMAND ${command} COMMAND_ERROR_IS_FATAL ANY)
file(COPY_FILE ${FROM} ${TO} ONLY_IF_DIFFERENT)
