# A Rust that compiles for the boards and for WebAssembly. Sourced by setup.
# shellcheck shell=bash

# What rust-toolchain.toml names.
RUST_CHANNEL=$(sed -n 's/^channel = "\(.*\)"/\1/p' "$REPO/rust-toolchain.toml")
mapfile -t RUST_TARGETS < <(sed -n '/^targets/,/^]/s/^ *"\(.*\)".*/\1/p' "$REPO/rust-toolchain.toml")
read -ra RUST_COMPONENTS < <(sed -n 's/^components = \[\(.*\)\]/\1/p' "$REPO/rust-toolchain.toml" | tr -d '",')
# Boards that need more than Zephyr: the board, its Rust targets, and the module with its HAL, if there is one. Left out where
# something lacks.
MORE_BOARDS=(
  qemu_cortex_m0:thumbv6m-none-eabi:hal_nordic
  mps2/an386/qemu:thumbv7em-none-eabi,thumbv7em-none-eabihf:
  nrf52840dk/nrf52840:thumbv7em-none-eabi:hal_nordic
  rpi_pico:thumbv6m-none-eabi:hal_rpi_pico
  rpi_pico2/rp2350a/m33:thumbv8m.main-none-eabi,thumbv8m.main-none-eabihf:hal_rpi_pico
  esp32c6_devkitc/esp32c6/hpcore:riscv32imac-unknown-none-elf:hal_espressif
)
RUST_OLDEST=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$REPO/rust/Cargo.toml")
DISTRO_TOOLCHAIN=$CACHE/rust-distro
DISTRO_NAME=zephyr-wasm-distro

# Whether the cargo of this directory compiles for a target.
rust_has_target() {
  local sysroot
  sysroot=$(cd "$REPO" && rustc --print sysroot 2>/dev/null) &&
    compgen -G "$sysroot/lib/rustlib/$1/lib/libcore-*.rlib" >/dev/null
}

# Whether the rustc of this directory is new enough for this repository.
rust_is_new() {
  local version
  version=$(cd "$REPO" && rustc --version 2>/dev/null | awk '{ print $2 }') && [ -n "$version" ] &&
    printf '%s\n' "$RUST_OLDEST" "$version" | sort -CV
}

rust_has_all() {
  local target
  have cargo && rust_is_new || return 1
  for target in "${RUST_TARGETS[@]}"; do rust_has_target "$target" || return 1; done
}

# Whether firmware can be built for a target: with Rust's library for it, or with that library's sources.
rust_builds_for() {
  local sysroot
  rust_has_target "$1" && return 0
  sysroot=$(cd "$REPO" && rustc --print sysroot 2>/dev/null) && [ -f "$sysroot/lib/rustlib/src/rust/library/Cargo.lock" ] && return 0
  have rustup && (cd "$REPO" && quietly timeout 120 rustup target add "$1") && rust_has_target "$1"
}

# Prints those of MORE_BOARDS that there is all for.
more_boards() {
  local entry board targets target module
  for entry in "${MORE_BOARDS[@]}"; do
    IFS=: read -r board targets module <<<"$entry"
    [ -z "$module" ] || with_venv west list -f '{name} {cloned}' 2>/dev/null | grep -qx "$module cloned" || continue
    for target in ${targets//,/ }; do rust_builds_for "$target" || continue 2; done
    echo "$board"
  done
}

# Where a distribution has a newer Rust than its own (for its browsers), that one.
install_distro_rust() {
  local package
  [ -x /usr/bin/cargo ] && [ -d "$(distro_sources)" ] && return 0
  for package in -web ""; do
    case $package in
      -web) set -- rustc-web cargo-web rust-web-src rust-web-clippy ;;
      *) set -- rustc cargo rust-src rust-clippy ;;
    esac
    install_packages "$@" && return 0
  done
  return 1
}

distro_sources() {
  local version
  version=$(/usr/bin/rustc --version 2>/dev/null | awk '{print $2}')
  echo "/usr/src/rustc-$version/library"
}

# Commands of a toolchain directory that call the distribution's compiler with the directory's libraries. They are in bash:
# other shells leave out what the environment has under names that are none of their own, as CARGO_BIN_EXE_zephyr-wasm.
write_distro_commands() {
  local tool bin=$1/bin
  for tool in rustc rustdoc; do
    [ -x "/usr/bin/$tool" ] || continue
    printf '#!/usr/bin/env bash\nexec /usr/bin/%s --sysroot "%s" "$@"\n' "$tool" "$DISTRO_TOOLCHAIN" >"$bin/$tool"
    chmod +x "$bin/$tool"
  done
  # Links apps. LLVM may be installed later.
  printf '#!/usr/bin/env bash\nlld=$(compgen -c lld- | grep -E "^lld-[0-9]+$" | sort -V | tail -n 1)\nexec "${lld:-lld}" "$@"\n' >"$bin/rust-lld"
  chmod +x "$bin/rust-lld"
  [ -x /usr/bin/clippy-driver ] || return 0
  # It is called as `clippy-driver rustc ...`, and takes its sysroot from the environment.
  printf '#!/usr/bin/env bash\nSYSROOT="%s" exec /usr/bin/clippy-driver "$@"\n' "$DISTRO_TOOLCHAIN" >"$bin/clippy-driver"
  chmod +x "$bin/clippy-driver"
}

# A toolchain directory around the distribution's compiler, with core and alloc built for our targets: what
# `rustup target add` would have brought.
make_distro_toolchain() {
  local new target std
  new=$(mktemp -d)
  std=$(/usr/bin/rustc --print sysroot)/lib/rustlib
  mkdir -p "$new/bin" "$new/lib/rustlib/src/rust"
  ln -s "$std/x86_64-unknown-linux-gnu" "$new/lib/rustlib/x86_64-unknown-linux-gnu"
  ln -s "$(distro_sources)" "$new/lib/rustlib/src/rust/library"
  ln -s /usr/bin/cargo "$new/bin/cargo"
  [ -x /usr/bin/cargo-clippy ] && ln -s /usr/bin/cargo-clippy "$new/bin/cargo-clippy"
  write_distro_commands "$new"

  rm -rf "$DISTRO_TOOLCHAIN"
  mkdir -p "$CACHE"
  mv "$new" "$DISTRO_TOOLCHAIN"
  for target in "${RUST_TARGETS[@]}"; do
    note "building core and alloc for $target"
    build_core "$target" || { rm -rf "$DISTRO_TOOLCHAIN"; return 1; }
  done
}

build_core() {
  local target=$1 work
  work=$(mktemp -d)
  mkdir -p "$work/src"
  printf '[package]\nname = "empty"\nedition = "2021"\n[profile.release]\npanic = "abort"\n[workspace]\n' >"$work/Cargo.toml"
  echo '#![no_std]' >"$work/src/lib.rs"
  (
    cd "$work" || exit 1
    unset RUSTC RUSTUP_TOOLCHAIN CARGO_TARGET_DIR
    export PATH="$DISTRO_TOOLCHAIN/bin:$PATH" RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes
    quietly cargo build --release -Zbuild-std=core,alloc --target "$target"
  ) || return 1
  mkdir -p "$DISTRO_TOOLCHAIN/lib/rustlib/$target/lib"
  find "$work/target/$target/release/deps" -name '*.rlib' ! -name 'libempty*' \
    -exec cp {} "$DISTRO_TOOLCHAIN/lib/rustlib/$target/lib/" \;
  rm -rf "$work"
}

# Makes this repository use it: by rustup's override, or by the PATH that scripts/env sets.
use_distro_toolchain() {
  have rustup || return 0
  quietly rustup toolchain link "$DISTRO_NAME" "$DISTRO_TOOLCHAIN" &&
    quietly rustup override set "$DISTRO_NAME" --path "$REPO"
}

# Brings by rustup what lacks of what rust-toolchain.toml names, and updates nothing that is there and new enough.
rustup_adds() (
  cd "$REPO" || exit 1
  export RUSTUP_AUTO_INSTALL=0
  if ! rust_is_new; then
    note "Rust's $RUST_CHANNEL toolchain, $RUST_OLDEST or newer, about 400 MB"
    quietly timeout 900 rustup toolchain install "$RUST_CHANNEL" --profile minimal --no-self-update || exit 1
  fi
  note "targets ${RUST_TARGETS[*]}"
  quietly timeout 300 rustup target add "${RUST_TARGETS[@]}" || exit 1
  for component in "${RUST_COMPONENTS[@]}"; do
    quietly timeout 120 rustup component add "$component" || note "without $component: rustup component add $component"
  done
)

setup_rust() {
  say "Rust for ${RUST_TARGETS[*]}"
  # Nor does looking bring a toolchain.
  if RUSTUP_AUTO_INSTALL=0 rust_has_all; then
    note "there already: $(cd "$REPO" && rustc --version)"
    return 0
  fi
  if have rustup && rustup_adds; then
    note "added to your rustup toolchain: $(cd "$REPO" && rustc --version)"
    return 0
  fi
  have rustup && note "rustup could not add them" || note "no rustup here"
  note "taking the distribution's Rust"
  install_distro_rust || return 1
  if [ ! -d "$DISTRO_TOOLCHAIN/lib/rustlib/wasm32v1-none" ]; then
    make_distro_toolchain || return 1
  fi
  # One that was made before may have other ones.
  write_distro_commands "$DISTRO_TOOLCHAIN"
  use_distro_toolchain
  PATH=$DISTRO_TOOLCHAIN/bin:$PATH
  rust_has_all || { note "the Rust at hand does not see its targets"; return 1; }
  note "$(cd "$REPO" && rustc --version) in $DISTRO_TOOLCHAIN"
}

# Where rustup is not there to choose it, the toolchain of setup goes first.
rust_environment() {
  if ! have rustup && [ -d "$DISTRO_TOOLCHAIN/bin" ]; then
    export PATH=$DISTRO_TOOLCHAIN/bin:$PATH
  fi
}

# Builds the command line tool where firmware builds share it, and prints where it is.
build_cli() {
  (cd "$REPO/rust" && quietly cargo build --profile host --package zephyr-wasm-cli --target-dir "$BUILDS/host") &&
    echo "$BUILDS/host/host/zephyr-wasm"
}
