# SPDX-License-Identifier: Apache-2.0
#
# zephyr_wasm_app(<name> [MANIFEST <app.toml>] [TARGET <target>] [PRIORITY <priority>] [STACK_SIZE <bytes>] [HEAP_SIZE <bytes>]
#                 [OPTIONS <option>...] [INTERPRETED|COMPILED] [UNCHECKED] [STORED [KEY <key.pem>]] [WIT <file|directory>... WORLD <world>] CRATE <directory> | SOURCES <file.c>... | MODULE <file.wasm|file.wat>)
#
# Builds a WebAssembly app from a Rust crate or C sources, or takes a module; validates it for exactly what the engine
# on the board can do; strips it; and embeds it into the firmware, where zephyr_wasm_start_all() finds it, or
# zephyr_wasm_start(ZEPHYR_WASM_IMAGE(<name>), ...).
#
#   TARGET      the target that it becomes part of; `app` without it
#   MANIFEST    the app's manifest in TOML; without it, app.toml in the crate or beside the first source, or the
#               .toml of the same name beside the module, if there is one
#   PRIORITY    the priority of its thread, in place of the manifest's; without both, CONFIG_WASM_APP_PRIORITY
#   STACK_SIZE  the stack of its own code in its linear memory; 1024 bytes without it. A module that is taken has one.
#   HEAP_SIZE   what malloc() has, for an app in C; 1024 bytes without it. A crate says it in app!().
#   OPTIONS     further options of the compiler, for an app in C: -O2 for one that is fast rather than small
#   WIT, WORLD  for an app in C: the packages and the world it is of, in place of wit/app.wit
#   STORED      do not embed it: the file <build>/wasm/<name>.wasm is for the store (`zephyr-wasm push`)
#   KEY         the private key to sign that with
#   INTERPRETED its code is translated on the board, where the image has both kinds of apps
#   COMPILED    its code is compiled and part of the firmware: without these, so where CONFIG_WASM_COMPILED=y. What is STORED has
#               its machine code in the file, for this image's processor: so where CONFIG_WASM_COMPILED_STORE=y
#   UNCHECKED   do not validate it, and say so: only an image with CONFIG_WASM_VALIDATE=y starts it

find_program(ZEPHYR_WASM_CLANG NAMES clang-22 clang-21 clang-20 clang-19 clang)
find_program(ZEPHYR_WASM_LD NAMES wasm-ld-22 wasm-ld-21 wasm-ld-20 wasm-ld-19 wasm-ld)

# The packages in wit/, the world last. These variables are read where applications call the functions.
file(GLOB wit ${ZEPHYR_WASM_DIR}/wit/*.wit)
list(REMOVE_ITEM wit ${ZEPHYR_WASM_DIR}/wit/app.wit)
set(ZEPHYR_WASM_WIT ${wit} ${ZEPHYR_WASM_DIR}/wit/app.wit CACHE INTERNAL "")

# The linker's options of every app: a memory of just what it needs, and a stack that cannot grow into its data.
set(ld_args --no-entry --page-size=1 --stack-first --gc-sections)
# Line tables, of apps that say where they ended; what is embedded has none of them.
set(debug)
if(CONFIG_WASM_TRACE)
  set(debug -gline-tables-only)
else()
  list(APPEND ld_args --strip-all)
endif()
set(ZEPHYR_WASM_LD_ARGS ${ld_args} CACHE INTERNAL "")
set(ZEPHYR_WASM_DEBUG ${debug} CACHE INTERNAL "")

# The command line tool, built when the first app needs it; ZEPHYR_WASM_TOOL in the environment is one that is built.
function(zephyr_wasm_cli)
  if(TARGET zephyr_wasm_cli)
    return()
  endif()
  if(DEFINED ENV{ZEPHYR_WASM_TOOL})
    add_custom_target(zephyr_wasm_cli)
    set_property(GLOBAL PROPERTY zephyr_wasm_cli $ENV{ZEPHYR_WASM_TOOL})
    return()
  endif()
  zephyr_wasm_expect_cargo()
  set(directory ${ZEPHYR_WASM_CACHE}/host)
  add_custom_target(zephyr_wasm_cli
    COMMAND ${ZEPHYR_WASM_RUN_CARGO}
      ${ZEPHYR_WASM_CARGO} build --package zephyr-wasm-cli --profile host --target-dir ${directory}
    WORKING_DIRECTORY ${ZEPHYR_WASM_DIR}/rust
    BYPRODUCTS ${directory}/host/zephyr-wasm
    COMMENT "Building the zephyr-wasm command line tool"
    USES_TERMINAL VERBATIM)
  set_property(GLOBAL PROPERTY zephyr_wasm_cli ${directory}/host/zephyr-wasm)
endfunction()

# The name of a crate's package.
function(zephyr_wasm_crate_name output crate)
  file(STRINGS ${crate}/Cargo.toml name REGEX "^name = " LIMIT_COUNT 1)
  string(REGEX REPLACE "^name = \"([^\"]*)\".*" "\\1" name "${name}")
  if(NOT name)
    message(FATAL_ERROR "${crate}/Cargo.toml: has no line `name = \"...\"`")
  endif()
  set(${output} ${name} PARENT_SCOPE)
endfunction()

# An app in Rust: a crate of crate-type cdylib. Options of the linker are given for this crate only, so that all apps share the
# libraries that they depend on.
function(zephyr_wasm_app_from_crate call name crate output stack_size)
  zephyr_wasm_expect(${call} CRATE ${crate}/Cargo.toml)
  zephyr_wasm_expect_cargo()
  zephyr_wasm_expect_target(wasm32v1-none ${crate})
  set(args ${ZEPHYR_WASM_LD_ARGS} -zstack-size=${stack_size})
  list(TRANSFORM args PREPEND "-Clink-arg=")
  if(ZEPHYR_WASM_LD)
    list(PREPEND args -Clinker=${ZEPHYR_WASM_LD} -Clinker-flavor=wasm-ld)
  endif()
  set(debug)
  if(CONFIG_WASM_TRACE)
    set(debug --config "profile.release.debug=\"line-tables-only\"")
  endif()
  set(directory ${ZEPHYR_WASM_CACHE}/guests)
  zephyr_wasm_crate_name(package ${crate})
  string(REPLACE "-" "_" file ${package})
  zephyr_wasm_expect_cdylib(${call} ${crate} ${file})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${crate}/Cargo.toml)
  # Copies are instructions of the engine, and not functions of the app: bulk memory.
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D CRATE=${crate} -D PACKAGE=${package} -D LOCK=${directory}/${file}.lock
      -D FROM=${directory}/wasm32v1-none/release/${file}.wasm -D TO=${output}
      -P ${ZEPHYR_WASM_DIR}/cmake/build_and_take.cmake --
      ${ZEPHYR_WASM_RUN_CARGO} RUSTFLAGS=-Ctarget-feature=+bulk-memory
      ${ZEPHYR_WASM_CARGO} rustc --lib --release --target wasm32v1-none --target-dir ${directory}
      --config profile.release.opt-level="z" --config profile.release.lto=true
      --config profile.release.panic="abort" --config profile.release.codegen-units=1 ${debug} -- ${args}
    DEPFILE ${output}.d
    WORKING_DIRECTORY ${crate}
    COMMENT "Building the WebAssembly app ${name} (Rust)"
    USES_TERMINAL VERBATIM)
endfunction()

# An app in C or C++: sources with the bindings of the world, and a small runtime of its own.
function(zephyr_wasm_app_from_sources name sources output stack_size heap_size options wit world)
  if(NOT ZEPHYR_WASM_CLANG OR NOT ZEPHYR_WASM_LD)
    message(FATAL_ERROR "zephyr_wasm_app(${name}): an app in C needs clang and wasm-ld (lld), version 19 or later")
  endif()
  get_property(cli GLOBAL PROPERTY zephyr_wasm_cli)
  if(wit)
    set(bindings ${CMAKE_CURRENT_BINARY_DIR}/wasm/${name}/bindings)
  else()
    set(bindings ${ZEPHYR_WASM_CACHE}/bindings-c)
  endif()
  set(guest ${ZEPHYR_WASM_DIR}/guest/c)
  set(args ${ZEPHYR_WASM_LD_ARGS} -zstack-size=${stack_size})
  list(TRANSFORM args PREPEND "-Wl,")
  file(GLOB libc ${guest}/*.c)
  file(GLOB runtime ${libc} ${guest}/*.h ${guest}/include/*.h)
  add_custom_command(OUTPUT ${output}
    COMMAND ${cli} bindings ${ZEPHYR_WASM_WIT} ${wit} --world ${world} --output ${bindings}
    COMMAND ${ZEPHYR_WASM_CLANG} --target=wasm32 -mbulk-memory -Oz -Wall -nostdlib -ffreestanding -fno-exceptions
      -fno-rtti -fno-threadsafe-statics -Wno-unused-command-line-argument -fvisibility=hidden
      -fuse-ld=${ZEPHYR_WASM_LD} ${args} -I${guest}/include -I${bindings} -DHEAP_SIZE=${heap_size}
      ${options} ${ZEPHYR_WASM_DEBUG} -o ${output} ${sources} ${bindings}/app.c ${bindings}/app_component_type.o ${libc}
    DEPENDS zephyr_wasm_cli ${cli} ${sources} ${ZEPHYR_WASM_WIT} ${wit} ${runtime}
    COMMENT "Building the WebAssembly app ${name} (C)"
    VERBATIM)
endfunction()

# zephyr_wasm_component(<file> [STACK_SIZE <bytes>] CRATE <directory>)
#
# Builds an app as a component, by `wasm-tools component new` if that is installed: for hosts other than boards, and for
# zephyr_wasm_app(... MODULE <file>), which takes components, too.
function(zephyr_wasm_component file)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CRATE;STACK_SIZE" "")
  if(NOT DEFINED arg_CRATE OR DEFINED arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "zephyr_wasm_component(${file}): needs CRATE, and knows no ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set_ifndef(arg_STACK_SIZE 1024)
  cmake_path(ABSOLUTE_PATH arg_CRATE NORMALIZE)
  zephyr_wasm_cli()
  get_property(cli GLOBAL PROPERTY zephyr_wasm_cli)
  cmake_path(GET file STEM name)
  find_program(ZEPHYR_WASM_TOOLS wasm-tools)
  if(ZEPHYR_WASM_TOOLS)
    set(encode ${ZEPHYR_WASM_TOOLS} component new)
  else()
    set(encode ${cli} component)
  endif()
  zephyr_wasm_app_from_crate("zephyr_wasm_component(${file})" ${name} ${arg_CRATE} ${file}.core ${arg_STACK_SIZE})
  add_custom_command(OUTPUT ${file}
    COMMAND ${encode} ${file}.core --output ${file}
    DEPENDS zephyr_wasm_cli ${cli} ${file}.core
    COMMENT "Making the component ${name}"
    VERBATIM)
endfunction()

# An app as a file, which its manifest names and a key signs, with machine code if it is to be compiled; `options` are those of
# `pack`.
function(zephyr_wasm_stored_app name built manifest key unchecked is_compiled options)
  get_property(cli GLOBAL PROPERTY zephyr_wasm_cli)
  set(compile)
  set(sign)
  set(output ${CMAKE_BINARY_DIR}/wasm/${name}.wasm)
  set(compiler)
  set(source)
  if(is_compiled)
    zephyr_wasm_code(${output} ${built} compile compiler source)
  endif()
  if(key)
    set(sign COMMAND ${compiler} ${cli} sign ${output} --key ${key} ${unchecked} ${source})
  endif()
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/wasm)
  add_custom_command(OUTPUT ${output}
    COMMAND ${cli} pack ${built} --output ${output} ${options}
    ${compile}
    ${sign}
    DEPENDS zephyr_wasm_cli ${cli} ${built} ${manifest} ${key}
    COMMENT "Packing the WebAssembly app ${name} for the store"
    VERBATIM)
  add_custom_target(wasm_${name} ALL DEPENDS ${output})
endfunction()

function(zephyr_wasm_app name)
  set(call "zephyr_wasm_app(${name})")
  cmake_parse_arguments(PARSE_ARGV 1 arg "UNCHECKED;STORED;INTERPRETED;COMPILED"
                        "TARGET;PRIORITY;STACK_SIZE;HEAP_SIZE;CRATE;MODULE;WORLD;MANIFEST;KEY"
                        "SOURCES;OPTIONS;WIT")
  # A file is made for any engine.
  if(NOT arg_STORED)
    zephyr_wasm_expect_wasm(${call})
  endif()
  if(NOT name MATCHES "^[a-zA-Z_][a-zA-Z0-9_]*$")
    message(FATAL_ERROR "zephyr_wasm_app(${name}): the name has to be an identifier of C")
  endif()
  # Where things are kept by the name of an app, a longer name would be cut.
  file(STRINGS ${ZEPHYR_WASM_DIR}/include/zephyr_wasm/store.h most REGEX "^#define ZEPHYR_WASM_NAME_SIZE [0-9]+$")
  string(REGEX REPLACE ".* " "" most "${most}")
  string(LENGTH ${name} length)
  # The size includes the final zero.
  if(NOT length LESS most)
    message(FATAL_ERROR "zephyr_wasm_app(${name}): the name has ${length} characters, and has to have less than ${most}")
  endif()
  if(DEFINED arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "zephyr_wasm_app(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(TARGET zephyr_wasm_app_${name} OR TARGET wasm_${name})
    message(FATAL_ERROR "zephyr_wasm_app(${name}): there is an app of this name already")
  endif()
  if(arg_STORED AND TARGET wasm_program_${name})
    message(FATAL_ERROR "zephyr_wasm_app(${name}): STORED: there is a program of this name already, whose file is the same")
  endif()
  if(DEFINED arg_KEY)
    cmake_path(ABSOLUTE_PATH arg_KEY NORMALIZE)
    zephyr_wasm_expect(${call} KEY ${arg_KEY})
  endif()
  zephyr_wasm_is_compiled(
    is_compiled ${call} "${arg_INTERPRETED}" "${arg_COMPILED}" "${arg_UNCHECKED}" "${arg_STORED}")
  set_ifndef(arg_TARGET app)
  set_ifndef(arg_STACK_SIZE 1024)
  set_ifndef(arg_HEAP_SIZE 1024)
  set_ifndef(arg_WORLD app)
  set_ifndef(arg_PRIORITY ZEPHYR_WASM_PRIORITY_OF_MANIFEST)
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/wasm/${name})
  set(built ${directory}/built.wasm)
  set(packed ${directory}/${name}.wasm)
  file(MAKE_DIRECTORY ${directory})
  zephyr_wasm_cli()
  get_property(cli GLOBAL PROPERTY zephyr_wasm_cli)

  if(DEFINED arg_CRATE)
    cmake_path(ABSOLUTE_PATH arg_CRATE NORMALIZE)
    set(manifest ${arg_CRATE}/app.toml)
    zephyr_wasm_app_from_crate(${call} ${name} ${arg_CRATE} ${built} ${arg_STACK_SIZE})
  elseif(DEFINED arg_SOURCES)
    set(sources)
    foreach(source IN LISTS arg_SOURCES)
      cmake_path(ABSOLUTE_PATH source NORMALIZE)
      list(APPEND sources ${source})
    endforeach()
    zephyr_wasm_expect(${call} SOURCES ${sources})
    list(GET sources 0 manifest)
    cmake_path(REPLACE_FILENAME manifest app.toml)
    set(app_wit)
    foreach(path IN LISTS arg_WIT)
      cmake_path(ABSOLUTE_PATH path NORMALIZE)
      list(APPEND app_wit ${path})
    endforeach()
    zephyr_wasm_expect(${call} WIT ${app_wit})
    zephyr_wasm_app_from_sources(
      ${name} "${sources}" ${built} ${arg_STACK_SIZE} ${arg_HEAP_SIZE} "${arg_OPTIONS}" "${app_wit}"
      ${arg_WORLD})
  elseif(DEFINED arg_MODULE)
    cmake_path(ABSOLUTE_PATH arg_MODULE NORMALIZE)
    zephyr_wasm_expect(${call} MODULE ${arg_MODULE})
    set(built ${arg_MODULE})
    cmake_path(REPLACE_EXTENSION built LAST_ONLY .toml OUTPUT_VARIABLE manifest)
  else()
    message(FATAL_ERROR "zephyr_wasm_app(${name}): needs one of CRATE, SOURCES and MODULE")
  endif()

  get_property(added GLOBAL PROPERTY zephyr_wasm_wit)
  list(TRANSFORM added PREPEND "--wit=")
  get_property(core GLOBAL PROPERTY zephyr_wasm_core)
  list(TRANSFORM core PREPEND "--core=")
  list(APPEND added ${core})
  if(DEFINED arg_MANIFEST)
    cmake_path(ABSOLUTE_PATH arg_MANIFEST NORMALIZE OUTPUT_VARIABLE manifest)
    zephyr_wasm_expect(${call} MANIFEST ${manifest})
  elseif(NOT EXISTS ${manifest})
    set(manifest)
  endif()
  list(TRANSFORM manifest PREPEND "--manifest=" OUTPUT_VARIABLE manifest_option)
  set(unchecked)
  set(validated true)
  if(arg_UNCHECKED)
    set(unchecked --unchecked)
    set(validated false)
  endif()
  set(trace)
  # Of a compiled app, whoever handles a trap is told where it was.
  if(CONFIG_WASM_TRACE AND (arg_STORED OR NOT is_compiled))
    set(trace --trace)
  endif()
  if(NOT CONFIG_WASM_VALIDATE)
    list(APPEND trace --no-stack-pointer)
  endif()
  if(arg_STORED)
    zephyr_wasm_stored_app(
      ${name} ${built} "${manifest}" "${arg_KEY}" "${unchecked}" ${is_compiled} "${manifest_option};${unchecked};${trace};${added}")
    return()
  endif()
  set(elements ${directory}/${name}.wasm.inc)
  set(entry)
  set(entry_field)
  set(packed_elements ${elements})
  if(is_compiled)
    zephyr_wasm_compile(${name} ${arg_TARGET} ${built} ${packed} ${elements})
    set(packed_elements ${directory}/${name}.packed.inc)
    list(APPEND trace --compiled)
    set(entry "zephyr_wasm_compiled_entry zephyr_wasm_compiled_app_${name};\n")
    set(entry_field "\n\t.entry = zephyr_wasm_compiled_app_${name},")
  endif()
  add_custom_command(OUTPUT ${packed} ${packed_elements}
    COMMAND ${cli} pack ${built} --output ${packed} --c ${packed_elements} --name ${name} --board ${DOTCONFIG}
      ${manifest_option} ${unchecked} ${trace} ${added}
    DEPENDS zephyr_wasm_cli ${cli} ${built} ${manifest} ${DOTCONFIG}
    COMMENT "Packing the WebAssembly app ${name}"
    VERBATIM)
  add_custom_target(zephyr_wasm_app_${name} DEPENDS ${elements})
  add_dependencies(${arg_TARGET} zephyr_wasm_app_${name})

  get_property(apps GLOBAL PROPERTY zephyr_wasm_apps_of_${arg_TARGET})
  if(NOT apps)
    # The arguments of a deferred call are evaluated late, so the name of the target is written into the call.
    cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY [[${CMAKE_SOURCE_DIR}]] CALL zephyr_wasm_embed [[${arg_TARGET}]])")
  endif()
  set_property(GLOBAL APPEND PROPERTY zephyr_wasm_apps_of_${arg_TARGET} ${name})
  set_property(GLOBAL APPEND PROPERTY zephyr_wasm_elements_of_${arg_TARGET} ${elements})
  string(CONFIGURE [=[
@entry@static const uint8_t wasm_@name@[] = {
#include "@elements@"
};

const STRUCT_SECTION_ITERABLE(zephyr_wasm_image, zephyr_wasm_image_@name@) = {
	.name = "@name@",
	.wasm = wasm_@name@,
	.size = sizeof(wasm_@name@),
	.priority = @arg_PRIORITY@,
	.validated = @validated@,@entry_field@
};
]=] image @ONLY)
  set_property(GLOBAL APPEND_STRING PROPERTY zephyr_wasm_images_of_${arg_TARGET} "${image}\n")
endfunction()

# The apps of a target, in one file: a compiler reads Zephyr's headers once for all of them.
function(zephyr_wasm_embed target)
  get_property(apps GLOBAL PROPERTY zephyr_wasm_apps_of_${target})
  list(LENGTH apps count)
  if(count GREATER CONFIG_WASM_MAX_APPS AND NOT CONFIG_ZTEST)
    message(WARNING "zephyr-wasm: ${count} apps are embedded, and CONFIG_WASM_MAX_APPS=${CONFIG_WASM_MAX_APPS} of them can be there at the "
      "same time: zephyr_wasm_start_all() starts no more")
  endif()
  get_property(elements GLOBAL PROPERTY zephyr_wasm_elements_of_${target})
  get_property(images GLOBAL PROPERTY zephyr_wasm_images_of_${target})
  set(file ${CMAKE_BINARY_DIR}/wasm/apps_of_${target}.c)
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT [=[
/* Generated by zephyr_wasm_app(). */
#include <zephyr/sys/iterable_sections.h>
#include <zephyr_wasm/zephyr_wasm.h>

@images@]=])
  target_sources(${target} PRIVATE ${file})
  set_source_files_properties(${file} TARGET_DIRECTORY ${target} PROPERTIES OBJECT_DEPENDS "${elements}")
endfunction()
