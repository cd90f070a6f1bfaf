# Finds the user's Zephyr, and what its builds need. Sourced by the scripts.
# shellcheck shell=bash

VENV=$CACHE/venv

# Prints where a Zephyr is: ZEPHYR_BASE, the west workspace around this repository, or the registered package.
find_zephyr() {
  local base workspace registered
  if [ -n "${ZEPHYR_BASE:-}" ] && [ -f "$ZEPHYR_BASE/VERSION" ]; then
    echo "$ZEPHYR_BASE"
    return
  fi
  workspace=$(cd "$REPO" && with_venv west topdir 2>/dev/null) && base=$workspace/zephyr && [ -f "$base/VERSION" ] &&
    echo "$base" && return
  for registered in "$HOME"/.cmake/packages/Zephyr/*; do
    [ -f "$registered" ] || continue
    base=$(sed 's|/share/zephyr-package/cmake.*||' "$registered")
    [ -f "$base/VERSION" ] && echo "$base" && return
  done
  return 1
}

with_venv() {
  if [ -d "$VENV/bin" ]; then
    PATH=$VENV/bin:$PATH "$@"
  else
    "$@"
  fi
}

zephyr_has_python() {
  with_venv python3 -c 'import west, elftools, pykwalify, jsonschema, yaml, ply, psutil, serial, junitparser, natsort, tabulate, pytest, aiocoap, smpclient, cbor2' 2>/dev/null
}

# The distribution's Python if it will do: those that people compile themselves take a fifth more for the scripts of Zephyr,
# which are a seventh of a run of all tests.
venv_python() {
  local python
  for python in /usr/bin/python3 python3; do
    "$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && break
  done
  echo "$python"
}

# A Zephyr SDK, or the compilers of the distribution.
has_sdk() {
  [ -n "${ZEPHYR_SDK_INSTALL_DIR:-}" ] || compgen -G "$HOME/.cmake/packages/Zephyr-sdk/*" >/dev/null
}

has_distro_compilers() {
  have arm-none-eabi-gcc && have riscv64-unknown-elf-gcc &&
    [ -n "$(arm-none-eabi-gcc -print-file-name=picolibc.specs 2>/dev/null | grep /)" ]
}

# Sets what Zephyr's builds read from the environment.
zephyr_environment() {
  ZEPHYR_BASE=$(find_zephyr) || return 1
  export ZEPHYR_BASE
  [ -d "$VENV/bin" ] && PATH=$VENV/bin:$PATH
  if [ -z "${ZEPHYR_TOOLCHAIN_VARIANT:-}" ] && ! has_sdk; then
    export ZEPHYR_TOOLCHAIN_VARIANT=distro TOOLCHAIN_ROOT=$REPO
  fi
  export PATH
}

setup_zephyr() {
  say "Zephyr"
  if ! find_zephyr >/dev/null; then
    note "none found: no ZEPHYR_BASE, no west workspace here, none registered (west zephyr-export)"
    note "to get one: west init -m <this repository> workspace && cd workspace && west update && west zephyr-export"
    return 1
  fi
  note "$(find_zephyr)"
  if ! zephyr_has_python; then
    note "making a Python environment in $VENV"
    "$(venv_python)" -m venv "$VENV" || { install_packages python3-venv && python3 -m venv "$VENV"; } || return 1
    quietly "$VENV/bin/pip" install --quiet --no-compile west -r "$(find_zephyr)/scripts/requirements-base.txt" \
      ply psutil pyserial junitparser natsort tabulate pytest aiocoap smpclient cbor2 || { rm -rf "$VENV"; return 1; }
  fi
  have cmake && have ninja && have dtc && have gperf && have openssl ||
    install_packages cmake ninja-build device-tree-compiler gperf openssl || return 1
  if ! has_sdk && ! has_distro_compilers; then
    install_packages gcc-arm-none-eabi gcc-riscv64-unknown-elf picolibc-arm-none-eabi picolibc-riscv64-unknown-elf ||
      return 1
  fi
  setup_coap || note "without coap-client, the CoAP server is tried by other clients only"
  setup_qemu
}

# libcoap's client, in any of its packages.
setup_coap() {
  have coap-client || have coap-client-notls || have coap-client-gnutls || install_packages libcoap3-bin
}

setup_qemu() {
  have qemu-system-arm && have qemu-system-riscv32 && return 0
  install_packages qemu-system-arm qemu-system-misc && return 0
  # A newer qemu-utils than the rest of the distribution can be in the way.
  local release
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  install_packages --allow-downgrades qemu-system-arm qemu-system-misc "qemu-utils/$release"
}

# The versions of LLVM that are looked for, and installed: the newest first.
LLVM_VERSIONS=(22 21 20 19)

# The name of the newest clang-format there is.
clang_format() {
  local version
  for version in "${LLVM_VERSIONS[@]/#/-}" ""; do
    if have "clang-format$version"; then echo "clang-format$version"; return 0; fi
  done
  return 1
}

# wasi-libc, and the compiler's part of it, for WASI programs in C: of a wasi-sdk, or of the distribution.
has_wasi() {
  [ -n "${WASI_SDK_PATH:-}" ] || compgen -G '/usr/lib/wasm32-wasi*/crt1-command.o' >/dev/null
}

setup_wasi() {
  local version
  say "wasi-libc, for WASI programs"
  if has_wasi; then
    note "there already"
    return 0
  fi
  for version in "${LLVM_VERSIONS[@]}"; do
    have "clang-$version" && install_packages wasi-libc "libclang-rt-$version-dev-wasm32" && return 0
  done
  return 1
}

# clang and wasm-ld for apps in C, libclang for firmware in Rust, clang-format for the tests. The newest that the distribution has.
setup_llvm() {
  local version
  say "LLVM, for apps in C and firmware in Rust"
  if { have wasm-ld || compgen -c wasm-ld- >/dev/null; } && clang_format >/dev/null && compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' >/dev/null; then
    note "there already"
    return 0
  fi
  for version in "${LLVM_VERSIONS[@]}"; do
    install_packages "clang-$version" "lld-$version" "libclang-$version-dev" "clang-format-$version" && return 0
  done
  return 1
}

# fuzz_lacks VERSION: the packages that this LLVM lacks for fuzzers in firmware (scripts/fuzz): Zephyr takes clang and its
# tools from one directory.
fuzz_lacks() {
  local llvm=/usr/lib/llvm-$1
  [ -x "$llvm/bin/clang" ] || echo "clang-$1"
  [ -x "$llvm/bin/llvm-objcopy" ] || echo "llvm-$1"
  compgen -G "$llvm/lib/clang/*/lib/*/libclang_rt.fuzzer*" >/dev/null || echo "libclang-rt-$1-dev"
}

# Prints where the newest LLVM is that lacks nothing for them.
fuzz_llvm() {
  local version
  for version in "${LLVM_VERSIONS[@]}"; do
    [ -n "$(fuzz_lacks "$version")" ] || { echo "/usr/lib/llvm-$version"; return 0; }
  done
  return 1
}

# Prints the packages to install for them: what the newest LLVM that has a clang lacks, or all of the newest.
fuzz_packages() {
  local version
  for version in "${LLVM_VERSIONS[@]}"; do
    [ -x "/usr/lib/llvm-$version/bin/clang" ] && break
    version=${LLVM_VERSIONS[0]}
  done
  fuzz_lacks "$version" | paste -sd' '
}

# 140 MB beside the clang of setup_llvm, so only for those who ask for fuzzers.
setup_fuzz() {
  local version packages
  say "LLVM's tools and libFuzzer, for fuzzers in firmware"
  if fuzz_llvm >/dev/null; then
    note "there already"
    return 0
  fi
  read -ra packages < <(fuzz_packages)
  install_packages "${packages[@]}" && return 0
  for version in "${LLVM_VERSIONS[@]:1}"; do
    mapfile -t packages < <(fuzz_lacks "$version")
    install_packages "${packages[@]}" && return 0
  done
  return 1
}
