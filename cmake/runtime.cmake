# SPDX-License-Identifier: Apache-2.0
#
# The runtime as a static library, for firmware in C. Firmware in Rust (rust_cargo_application()) has it as a Cargo
# dependency instead.
#
# The library depends on the target and on a few Kconfig symbols only, which become options of Cargo here. Cargo keeps builds
# with different options apart, so all libraries of an architecture have one target directory. The generator of the bindings,
# a third of a first build, is built once there. Libraries of one directory are built one after the other, mostly on one core.

zephyr_wasm_expect_cargo()
zephyr_wasm_expect_core()
_rust_map_target()
zephyr_wasm_expect_atomics(${RUST_TARGET})
zephyr_wasm_expect_float_abi(${RUST_TARGET})

set(rust_dir ${ZEPHYR_WASM_CACHE}/runtime-${ARCH})

# By default, LLVM merges the common ends of several paths through an instruction of the interpreter, and puts what differs into
# registers. Without that, CoreMark takes 8 % less time at level 3 and 21 % less at level s, for no more flash.
# docs/performance.md has the figures.
set(rust_flags -Cllvm-args=-simplifycfg-sink-common=false)
# A panic tells its place by a path within the checkout, so that an image does not depend on where the checkout is.
list(APPEND rust_flags --remap-path-prefix=${ZEPHYR_WASM_DIR}/rust=.)
set(rust_features "")
set(rust_args --release --target ${RUST_TARGET} --no-default-features)

# Rust's own library, with our options.
if(CONFIG_WASM_BUILD_STD)
  execute_process(COMMAND rustc --print sysroot WORKING_DIRECTORY ${ZEPHYR_WASM_DIR}/rust
                  OUTPUT_VARIABLE rust_sysroot OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(EXISTS ${rust_sysroot}/lib/rustlib/src/rust/library/Cargo.lock)
    set(rust_build_std ON)
    list(APPEND rust_args -Zbuild-std=core,alloc)
    if(CONFIG_WASM_BUILD_STD_FOR_SIZE)
      list(APPEND rust_args -Zbuild-std-features=optimize_for_size)
    endif()
  else()
    message(STATUS "zephyr-wasm: no sources of Rust's library, taking it as it is (rustup component add rust-src)")
  endif()
endif()

if(NOT rust_build_std)
  zephyr_wasm_expect_target(${RUST_TARGET} ${ZEPHYR_WASM_DIR}/rust)
endif()

if(CONFIG_WASM_PROFILE_SIZE)
  # Level z alone makes the interpreter four times slower: its small functions are not inlined, and LLVM's machine CSE, which
  # does this for minimal size only, moves what any instruction might need to the code before the dispatch. Without
  # machine CSE, the image is smaller, too. docs/size.md has the figures.
  list(APPEND rust_args --config profile.release.opt-level="z")
  list(APPEND rust_flags -Cllvm-args=-inline-threshold=60 -Cllvm-args=-disable-machine-cse
    -Cllvm-args=-enable-machine-outliner=always)
  if(rust_build_std AND NOT CONFIG_ARCH_POSIX)
    # A panic aborts at once, and the image has no file names and no formatting for its message.
    list(APPEND rust_flags -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none)
  endif()
elseif(CONFIG_WASM_PROFILE_BALANCED)
  list(APPEND rust_args --config profile.release.opt-level="s")
else()
  # Otherwise, LLVM merges instructions that end alike, which costs each one jump more.
  list(APPEND rust_args --config profile.release.opt-level=3)
  list(APPEND rust_flags -Cllvm-args=-tail-merge-size=8)
endif()

if(CONFIG_WASM_RISCV_UNALIGNED_ACCESS)
  list(APPEND rust_flags -Ctarget-feature=+unaligned-scalar-mem)
endif()

if(CONFIG_RISCV)
  # The linker makes a call one instruction of two, as it does in C.
  list(APPEND rust_flags -Ctarget-feature=+relax)
endif()

# The generator of the bindings is built for each architecture. With ZEPHYR_WASM_BINDINGS, the tool has generated them already.
if(NOT DEFINED ENV{ZEPHYR_WASM_BINDINGS})
  list(APPEND rust_args --features generate)
endif()

if(CONFIG_WASM_INTERPRETER)
  list(APPEND rust_args --features interpreter)
endif()

if(CONFIG_WASM_COMPILED)
  list(APPEND rust_args --features compiled)
endif()

if(CONFIG_WASM_VALIDATE)
  list(APPEND rust_args --features validate)
endif()

if(CONFIG_WASM_APP_STACK_SIZE GREATER_EQUAL CONFIG_WASM_APP_STACK_NEEDED_TO_SORT)
  list(APPEND rust_args --features many-exports)
endif()

if(CONFIG_WASM_COOPERATIVE)
  list(APPEND rust_args --features cooperative)
endif()

if(CONFIG_WASM_NATIVE_SIM_CLOCK)
  list(APPEND rust_args --features slices)
endif()

# Which crate it is, is known only after the application has added its host APIs.
set(crate_property "TARGET_PROPERTY:zephyr_wasm_rust_crate")
set(rust_library ${CMAKE_CURRENT_BINARY_DIR}/libzephyr_wasm_rust.a)
add_custom_command(
  OUTPUT ${rust_library}
  COMMAND ${CMAKE_COMMAND}
    -D LOCK=${rust_dir}/$<${crate_property},library>.lock
    -D FROM=${rust_dir}/${RUST_TARGET}/release/lib$<${crate_property},library>.a -D TO=${rust_library}
    -P ${ZEPHYR_WASM_DIR}/cmake/build_and_take.cmake --
    ${ZEPHYR_WASM_RUN_CARGO} RUSTC_BOOTSTRAP=1 "RUSTFLAGS=$<JOIN:${rust_flags}, >"
    ${ZEPHYR_WASM_CARGO} build --manifest-path $<${crate_property},manifest>
      --package $<${crate_property},package> --target-dir ${rust_dir} ${rust_args}
  DEPENDS zephyr_wasm_rust_crate
  DEPFILE ${rust_library}.d
  WORKING_DIRECTORY ${ZEPHYR_WASM_DIR}/rust
  COMMENT "Building the WebAssembly runtime in Rust for ${RUST_TARGET}"
  USES_TERMINAL
  COMMAND_EXPAND_LISTS
  VERBATIM
)
add_custom_target(zephyr_wasm_cargo DEPENDS ${rust_library})

add_library(zephyr_wasm_rust STATIC IMPORTED GLOBAL)
set_target_properties(zephyr_wasm_rust PROPERTIES IMPORTED_LOCATION ${rust_library})
add_dependencies(zephyr_wasm_rust zephyr_wasm_cargo)

# An application that is itself a Rust static library brings the runtime along.
target_link_libraries(zephyr_wasm PUBLIC $<$<NOT:$<TARGET_EXISTS:librustapp>>:zephyr_wasm_rust>)
