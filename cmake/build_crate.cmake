# SPDX-License-Identifier: Apache-2.0
#
# cmake -D CRATE=<directory> -D NAME=<package> -D TARGET_DIR=<directory> -D OUTPUT=<file.wasm> -P build_crate.cmake -- <command>...
#
# Builds an app's crate by the command, in a target directory that crates share, and takes the module out of it.
#
# Cargo names a module after its package alone, so crates of one name overwrite each other's, and Cargo does not notice.
# The lock lasts until this process ends, so nobody else's build comes between; the owner is who built last.

string(REPLACE "-" "_" file ${NAME})
set(owner ${TARGET_DIR}/${file}.owner)
file(LOCK ${TARGET_DIR}/${file}.lock GUARD PROCESS)
set(last "")
if(EXISTS ${owner})
  file(READ ${owner} last)
endif()
if(NOT last STREQUAL CRATE)
  file(GLOB stale ${TARGET_DIR}/wasm32v1-none/release/.fingerprint/${NAME}-*)
  if(stale)
    file(REMOVE_RECURSE ${stale})
  endif()
  file(WRITE ${owner} ${CRATE})
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
execute_process(COMMAND ${command} WORKING_DIRECTORY ${CRATE} COMMAND_ERROR_IS_FATAL ANY)
file(COPY_FILE ${TARGET_DIR}/wasm32v1-none/release/${file}.wasm ${OUTPUT} ONLY_IF_DIFFERENT)
