# LLVM, of which each distribution has several versions side by side, and what its fuzzers need. Sourced by the scripts.
# shellcheck shell=bash

# The versions of LLVM that are looked for, and installed: the newest first.
LLVM_VERSIONS=(22 21 20 19)

has_llvm() {
  { have wasm-ld || compgen -c wasm-ld- >/dev/null; } && clang_format >/dev/null &&
    { compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' || compgen -G '/usr/lib*/libclang.so*' || compgen -G '/opt/homebrew/opt/llvm/lib/libclang.*'; } >/dev/null
}

# The name of the newest clang-format there is.
clang_format() {
  local version
  for version in "${LLVM_VERSIONS[@]/#/-}" ""; do
    if have "clang-format$version"; then echo "clang-format$version"; return 0; fi
  done
  return 1
}

# The version of LLVM to take packages of: one whose compiler is there, or the newest that there are packages of.
llvm_version() {
  local version
  for version in "${LLVM_VERSIONS[@]}"; do
    if have "clang-$version"; then echo "$version"; return; fi
  done
  for version in "${LLVM_VERSIONS[@]}"; do
    if apt-cache show "clang-$version" >/dev/null 2>&1; then echo "$version"; return; fi
  done
  echo "${LLVM_VERSIONS[0]}"
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

# 140 MB beside the clang of the table, so only for those who ask for fuzzers.
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
