# SPDX-License-Identifier: Apache-2.0
#
# zephyr_wasm_api(<name> WIT <file|directory>... CRATE <directory> | SOURCES <file.c>... [TARGET <target>])
# zephyr_wasm_api(<name> CORE <name>.h [MODULE <module>] SOURCES <file.c>... [TARGET <target>])
#
# Adds a host API to the firmware: the interfaces of the last WIT package, which apps then import like any of ours; or, for apps that
# know no WIT, the functions of a header. Call it before zephyr_wasm_app() of the apps that use it.
#
#   WIT      the packages, the one that is added last, the others in any order; a package may have several files; those of this
#            repository need not be named
#   CRATE    a Rust crate that implements them: it generates its bindings by zephyr_wasm_bindings::Bindings with
#            host_api(), and has the generated type `Api` at its root
#   CORE     the header of the functions, as include/zephyr_wasm/core.h says
#   MODULE   the module that apps import them from, if that is not <name>
#   SOURCES  C files that implement them, by the generated header <name>.h, or by that of CORE
#   TARGET   the target that the C files become part of; `app` without it
#
# Firmware in Rust (rust_cargo_application()) names the crate in its own Cargo.toml, and calls zephyr_wasm::host_apis!().

# Where the Rust library comes from; zephyr_wasm_api() changes it for one of the firmware's own.
add_custom_target(zephyr_wasm_rust_crate)
set_target_properties(zephyr_wasm_rust_crate PROPERTIES
  manifest ${ZEPHYR_WASM_DIR}/rust/Cargo.toml
  package zephyr-wasm-staticlib
  library zephyr_wasm_staticlib
)

function(zephyr_wasm_api name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CORE;MODULE;CRATE;TARGET" "WIT;SOURCES")
  if(DEFINED arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "zephyr_wasm_api(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(DEFINED arg_WIT AND DEFINED arg_CORE OR NOT DEFINED arg_WIT AND NOT DEFINED arg_CORE)
    message(FATAL_ERROR "zephyr_wasm_api(${name}): needs one of WIT and CORE")
  endif()
  if(DEFINED arg_MODULE AND NOT DEFINED arg_CORE)
    message(FATAL_ERROR "zephyr_wasm_api(${name}): MODULE is of CORE: interfaces of WIT have names of their own")
  endif()
  if(DEFINED arg_CRATE AND DEFINED arg_CORE)
    message(FATAL_ERROR "zephyr_wasm_api(${name}): CRATE is of WIT: the functions of a header are in C, in SOURCES")
  endif()
  if(DEFINED arg_CORE AND NOT DEFINED arg_SOURCES)
    message(FATAL_ERROR "zephyr_wasm_api(${name}): CORE needs SOURCES: the files in C with the functions of the header")
  endif()
  get_property(names GLOBAL PROPERTY zephyr_wasm_api_names)
  if(name IN_LIST names)
    message(FATAL_ERROR "zephyr_wasm_api(${name}): there is an API of this name already")
  endif()
  set_property(GLOBAL APPEND PROPERTY zephyr_wasm_api_names ${name})
  set_ifndef(arg_TARGET app)
  set(wit)
  foreach(path IN LISTS arg_WIT)
    cmake_path(ABSOLUTE_PATH path NORMALIZE)
    list(APPEND wit ${path})
  endforeach()
  zephyr_wasm_expect("zephyr_wasm_api(${name})" WIT ${wit})
  if(DEFINED arg_CORE)
    cmake_path(ABSOLUTE_PATH arg_CORE NORMALIZE OUTPUT_VARIABLE header)
    zephyr_wasm_expect("zephyr_wasm_api(${name})" CORE ${header})
    cmake_path(GET header FILENAME file)
    if(NOT file STREQUAL "${name}.h")
      message(FATAL_ERROR "zephyr_wasm_api(${name}): CORE: the header has to be called ${name}.h, not ${file}; MODULE says what "
        "apps call the API, if that is something else")
    endif()
    set_ifndef(arg_MODULE ${name})
  endif()
  set_property(GLOBAL APPEND PROPERTY zephyr_wasm_wit ${wit})

  if(DEFINED arg_CRATE)
    cmake_path(ABSOLUTE_PATH arg_CRATE NORMALIZE)
    zephyr_wasm_expect("zephyr_wasm_api(${name})" CRATE ${arg_CRATE}/Cargo.toml)
    set(crate ${arg_CRATE})
  elseif(DEFINED arg_SOURCES)
    foreach(source IN LISTS arg_SOURCES)
      cmake_path(ABSOLUTE_PATH source NORMALIZE)
      zephyr_wasm_expect("zephyr_wasm_api(${name})" SOURCES ${source})
    endforeach()
    set(crate ${CMAKE_CURRENT_BINARY_DIR}/wasm/${name}-host)
    set(features "")
    if(DEFINED arg_CORE)
      zephyr_wasm_core_api(${name} ${header} ${arg_MODULE} ${arg_TARGET})
      set(generated ${crate}/${name}_core.c)
      set(features ", features = [\"core-apis\"]")
    else()
      zephyr_wasm_cli()
      get_property(cli GLOBAL PROPERTY zephyr_wasm_cli)
      set(generated ${crate}/include/${name}.h)
      add_custom_command(OUTPUT ${crate}/src/lib.rs ${generated}
        COMMAND ${cli} host ${name} --wit ${wit} --output ${crate}
        DEPENDS zephyr_wasm_cli ${cli} ${wit}
        COMMENT "Generating ${name}.h from WIT"
        VERBATIM)
      target_include_directories(${arg_TARGET} PRIVATE ${crate}/include)
    endif()
    # The crate has to be there for Cargo to resolve what it depends on.
    add_custom_target(zephyr_wasm_host_${name} DEPENDS ${crate}/src/lib.rs ${generated})
    add_dependencies(zephyr_wasm_rust_crate zephyr_wasm_host_${name})
    add_dependencies(${arg_TARGET} zephyr_wasm_host_${name})
    target_sources(${arg_TARGET} PRIVATE ${arg_SOURCES})
    file(MAKE_DIRECTORY ${crate}/src)
    file(CONFIGURE OUTPUT ${crate}/Cargo.toml @ONLY CONTENT [=[
[package]
name = "@name@-host"
version = "0.1.0"
edition = "2024"

[dependencies]
zephyr-wasm-runtime = { path = "@ZEPHYR_WASM_DIR@/rust/runtime", default-features = false@features@ }
]=])
  else()
    message(FATAL_ERROR "zephyr_wasm_api(${name}): needs one of CRATE and SOURCES")
  endif()

  get_property(apis GLOBAL PROPERTY zephyr_wasm_apis)
  if(NOT apis)
    cmake_language(DEFER CALL zephyr_wasm_firmware_crate)
  endif()
  set_property(GLOBAL APPEND PROPERTY zephyr_wasm_apis ${crate})
endfunction()

# The static library of a firmware that adds host APIs: a crate around them all.
function(zephyr_wasm_firmware_crate)
  if(TARGET librustapp)
    return()
  endif()
  get_property(crates GLOBAL PROPERTY zephyr_wasm_apis)
  set(dependencies "")
  set(apis "")
  foreach(crate IN LISTS crates)
    zephyr_wasm_crate_name(name ${crate})
    string(APPEND dependencies "${name} = { path = \"${crate}\" }\n")
    string(REPLACE "-" "_" name ${name})
    string(APPEND apis "${name}::Api, ")
  endforeach()
  string(MD5 key "${crates}")
  string(SUBSTRING ${key} 0 12 key)
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/wasm/firmware)
  file(CONFIGURE OUTPUT ${directory}/Cargo.toml @ONLY CONTENT [=[
[package]
name = "zephyr-wasm-firmware"
version = "0.1.0"
edition = "2024"

[lib]
name = "zephyr_wasm_firmware_@key@"
crate-type = ["staticlib"]

[features]
generate = ["zephyr-wasm/generate"]
interpreter = ["zephyr-wasm/interpreter"]
compiled = ["zephyr-wasm/compiled"]
validate = ["zephyr-wasm/validate"]
slices = ["zephyr-wasm/slices"]
cooperative = ["zephyr-wasm/cooperative"]
many-exports = ["zephyr-wasm/many-exports"]

[dependencies]
zephyr-wasm = { path = "@ZEPHYR_WASM_DIR@/rust/platform-zephyr", default-features = false }
@dependencies@
# For crates that name these by their versions, as crates outside this workspace do.
[patch.crates-io]
zephyr-wasm = { path = "@ZEPHYR_WASM_DIR@/rust/platform-zephyr" }
zephyr-wasm-bindings = { path = "@ZEPHYR_WASM_DIR@/rust/bindings" }
zephyr-wasm-runtime = { path = "@ZEPHYR_WASM_DIR@/rust/runtime" }

[profile.release]
panic = "abort"
lto = "fat"
codegen-units = 1

[workspace]
]=])
  file(CONFIGURE OUTPUT ${directory}/src/lib.rs @ONLY CONTENT [=[
//! The runtime, with the host APIs that this firmware adds.
#![no_std]

zephyr_wasm::host_apis!(@apis@);

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    zephyr_wasm::panic()
}
]=])
  # The same versions as without; Cargo adds what is new.
  file(COPY ${ZEPHYR_WASM_DIR}/rust/Cargo.lock DESTINATION ${directory})
  set_target_properties(zephyr_wasm_rust_crate PROPERTIES
    manifest ${directory}/Cargo.toml
    package zephyr-wasm-firmware
    library zephyr_wasm_firmware_${key}
  )
endfunction()
