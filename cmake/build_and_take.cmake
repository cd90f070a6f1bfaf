# SPDX-License-Identifier: Apache-2.0
#
# cmake -D LOCK=<file> -D FROM=<file> -D TO=<file> [-D CRATE=<directory> -D PACKAGE=<name>] -P build_and_take.cmake -- <command>...
#
# Builds FROM by a command of Cargo, in a target directory that several builds share, and copies it to TO. The lock, which
# lasts until this process ends, is so that nobody else's comes between. TO.d has what it was made of, for Ninja and Make,
# which call Cargo only if some of that has changed: Cargo itself would have to wait until no other build has its
# directory.
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

# Cargo's list is one line: what it has built, a colon, and files; a space in a name has a backslash before it.
cmake_path(REPLACE_EXTENSION FROM LAST_ONLY .d OUTPUT_VARIABLE list)
file(READ ${list} rule)
string(REGEX REPLACE "^[^\n]*: |\n.*" "" rule "${rule}")
string(REPLACE "\\ " "\t" rule "${rule}")
string(REPLACE " " ";" paths "${rule}")
list(TRANSFORM paths REPLACE "\t" " ")

# Of a directory, what is in it. Of each file, what says how its package is built. And the compiler.
set(files)
set(directories)
foreach(path IN LISTS paths)
  if(IS_DIRECTORY "${path}")
    file(GLOB_RECURSE inside "${path}/*")
    list(APPEND files ${inside})
  else()
    list(APPEND files "${path}")
  endif()
  cmake_path(GET path PARENT_PATH directory)
  list(APPEND directories "${directory}")
endforeach()
list(REMOVE_DUPLICATES directories)
while(directories)
  set(above)
  foreach(directory IN LISTS directories)
    foreach(name Cargo.toml Cargo.lock rust-toolchain.toml .cargo/config.toml)
      if(EXISTS "${directory}/${name}")
        list(APPEND files "${directory}/${name}")
      endif()
    endforeach()
    cmake_path(GET directory PARENT_PATH parent)
    if(NOT parent STREQUAL directory)
      list(APPEND above "${parent}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES above)
  set(directories ${above})
endwhile()
execute_process(COMMAND rustc --print sysroot OUTPUT_VARIABLE sysroot OUTPUT_STRIP_TRAILING_WHITESPACE
                COMMAND_ERROR_IS_FATAL ANY)
list(APPEND files "${sysroot}/bin/rustc")

list(REMOVE_DUPLICATES files)
list(TRANSFORM files REPLACE " " "\\\\ ")
list(JOIN files " " files)
string(REPLACE " " "\\ " target "${TO}")
file(WRITE ${TO}.d "${target}: ${files}\n")
