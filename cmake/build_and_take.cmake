# SPDX-License-Identifier: Apache-2.0
#
# cmake -D LOCK=<file> -D FROM=<file> -D TO=<file> [-D CRATE=<directory> -D PACKAGE=<name>] -P build_and_take.cmake -- <command>...
#
# Builds FROM by a command of Cargo, in a target directory that several builds share, and copies it to TO. The lock, which
# lasts until this process ends, is so that nobody else's comes between.
#
# CRATE, PACKAGE  for an app: Cargo takes two crates of one name for one, and gives the second what the first has built; what
#                 it knows of another crate's is removed

file(LOCK ${LOCK} GUARD PROCESS)

if(DEFINED CRATE)
  set(last "")
  if(EXISTS ${LOCK}.owner)
    file(READ ${LOCK}.owner last)
  endif()
  if(NOT last STREQUAL CRATE)
    cmake_path(GET FROM PARENT_PATH release)
    file(GLOB stale ${release}/.fingerprint/${PACKAGE}-*)
    if(stale)
      file(REMOVE_RECURSE ${stale})
    endif()
    file(WRITE ${LOCK}.owner ${CRATE})
  endif()
endif()

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
