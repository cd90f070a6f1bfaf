# SPDX-License-Identifier: Apache-2.0
#
# cmake -D LOCK=<file> -D FROM=<file> -D TO=<file> [-D CRATE=<directory> -D PACKAGE=<name>] -P build_and_take.cmake -- <command>...
#
# Builds FROM by a command of Cargo, in a target directory that several builds share, and copies it to TO. The lock is held
# until this process ends, so that no other build replaces FROM before it is copied. TO.d lists the files that it was made of.
# By that list, Ninja and Make call Cargo only if one of them has changed: Cargo itself would first wait until no other build
# uses the target directory.
#
# CRATE, PACKAGE  for an app: Cargo takes two crates of the same name for one, and would give the second what it has built of
#                 the first, so what it knows of the other crate is removed

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

# The files to compare: for a directory, all files in it; for each file, also those that say how its package is built; and the
# compiler.
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
