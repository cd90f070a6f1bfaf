# What builds and tests need of a system: which packages have it, and how to install those that are missing. Sourced by the scripts.
# shellcheck shell=bash

# Part, what it is, the command that tells whether it is there, the packages of Debian and Ubuntu, Fedora, Arch Linux and
# Homebrew, and what it is for. `@` is a version of LLVM; `-` is for no package: `sdk` says what to take instead.
needs() {
  cat <<'TABLE'
host|a C compiler|have cc|build-essential|gcc|gcc|llvm|crates that have C in them
host|Python 3.10|has_python|python3|python3|python|python|the tests
host|pip|has_pip|python3-pip|python3-pip|python-pip|python|wasmtime, which the engine is compared with
apps|clang, wasm-ld, libclang, clang-format|has_llvm|clang-@ lld-@ libclang-@-dev clang-format-@|clang lld clang-devel clang-tools-extra|clang lld|llvm lld|apps in C, firmware in Rust
apps|wasi-libc|has_wasi|wasi-libc libclang-rt-@-dev-wasm32|wasi-libc-static|wasi-libc wasi-compiler-rt|wasi-libc wasi-runtimes|WASI programs in C
firmware|Git|have git|git|git|git|git|a Zephyr
firmware|CMake|have cmake|cmake|cmake|cmake|cmake|Zephyr's builds
firmware|Ninja|have ninja|ninja-build|ninja-build|ninja|ninja|Zephyr's builds
firmware|a devicetree compiler|have dtc|device-tree-compiler|dtc|dtc|dtc|Zephyr's builds
firmware|gperf|have gperf|gperf|gperf|gperf|gperf|firmware in user mode
firmware|OpenSSL|have openssl|openssl|openssl|openssl|openssl|keys of samples and tests
firmware|Python's venv|has_venv|python3-venv|python3|python|python|the Python of Zephyr's builds
firmware|compilers for Arm|has_arm|gcc-arm-none-eabi picolibc-arm-none-eabi|-|-|-|boards with Cortex-M
firmware|compilers for RISC-V|has_riscv|gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf|-|-|-|boards with RISC-V
firmware|QEMU|has_qemu|qemu-system-arm qemu-system-misc|qemu-system-arm qemu-system-riscv|qemu-system-arm qemu-system-riscv|qemu|running firmware
clients|libcoap's client|has_coap|libcoap3-bin|libcoap|libcoap|libcoap|one more client of the CoAP tests
TABLE
}

# What stands for the packages that a system has not.
SDK="a Zephyr SDK: west sdk install -t arm-zephyr-eabi -t riscv64-zephyr-elf"

has_python() { python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; }
has_pip() { has_wasmtime || with_venv python3 -m pip --version >/dev/null 2>&1; }
has_venv() { has_python_of_ours || "$(venv_python)" -c 'import ensurepip, venv' 2>/dev/null; }
has_arm() { has_sdk || { have arm-none-eabi-gcc && [[ $(arm-none-eabi-gcc -print-file-name=picolibc.specs 2>/dev/null) = */* ]]; }; }
has_riscv() { has_sdk || { have riscv64-unknown-elf-gcc && [[ $(riscv64-unknown-elf-gcc -print-file-name=picolibc.specs 2>/dev/null) = */* ]]; }; }
has_qemu() { have qemu-system-arm && have qemu-system-riscv32; }
has_coap() { have coap-client || have coap-client-notls || have coap-client-gnutls; }

# wasi-libc, and the compiler's part of it: of a wasi-sdk, or of the distribution.
has_wasi() {
  [ -n "${WASI_SDK_PATH:-}" ] || compgen -G '/usr/lib/wasm32-wasi*/crt1-command.o' >/dev/null
}

# lacking PART...: the lines of the table whose things are not here.
lacking() {
  local part what test more
  needs | sed "s/@/$(llvm_version)/g" | while IFS='|' read -r part what test more; do
    case " $* " in *" $part "*) ;; *) continue ;; esac
    # shellcheck disable=SC2086  # Words of a command.
    $test </dev/null || echo "$part|$what|$test|$more"
  done
}

# packages COLUMN: those of the lines that are read: 4 Debian and Ubuntu, 5 Fedora, 6 Arch Linux, 7 Homebrew.
packages() {
  cut -d'|' -f"$1" | tr ' ' '\n' | grep -v '^-$' | awk '!seen[$0]++' | paste -sd' ' -
}

# how_to COLUMN COMMAND SYSTEM: the line that installs what is lacking there.
how_to() {
  local list names
  list=$(cat)
  names=$(packages "$1" <<<"$list")
  printf '    %-18s %s\n' "$3" "${names:+$2 $names}"
  if cut -d'|' -f"$1" <<<"$list" | grep -qx -e -; then printf '    %-18s %s\n' "" "$SDK"; fi
}

# Says what these lines lack, and how to install it on four kinds of systems.
tell_lacking() {
  local list=$1 part what test debian fedora arch brew purpose
  while IFS='|' read -r part what test debian fedora arch brew purpose; do
    note "lacks $what, for $purpose"
  done <<<"$list"
  how_to 4 "apt-get install --no-install-recommends" "Debian, Ubuntu" <<<"$list"
  how_to 5 "dnf install" Fedora <<<"$list"
  how_to 6 "pacman -S" "Arch Linux" <<<"$list"
  how_to 7 "brew install" macOS <<<"$list"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# Whether packages can be installed by apt-get here; says why not.
can_install() {
  have apt-get || { note "no apt-get here"; return 1; }
  [ "$(id -u)" = 0 ] || have sudo || { note "neither root nor sudo"; return 1; }
}

# Once is enough.
update_packages() {
  [ -z "${UPDATED:-}" ] || return 0
  UPDATED=1
  say "Asking which packages there are: apt-get update"
  quietly as_root apt-get update || note "that failed; trying with the lists at hand"
}

# Installs packages of Debian or its derivatives, all or none. Says each that it brings first, and each that it would take back
# to an older version: only where `--allow-downgrades` is the first word.
install_packages() {
  local plan
  can_install || return 1
  update_packages
  plan=$(LC_ALL=C apt-get install -s --no-install-recommends "$@" 2>&1) || { note "$(grep -m 1 '^E: ' <<<"$plan")"; return 1; }
  say "Installing $(grep -c '^Inst ' <<<"$plan") packages:"
  # Inst NAME [OLD] (NEW ORIGIN [ARCHITECTURE])
  sed -nE 's/^Inst ([^ ]+) \[([^]]+)\] \(([^ ]+) .*/    \1 \3, in place of \2/p; s/^Inst ([^ ]+) \(([^ ]+) .*/    \1 \2/p; s/^Remv ([^ ]+).*/    without \1, which is removed/p' <<<"$plan"
  LC_ALL=C quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# A newer qemu-utils than the rest of the distribution can be in the way of QEMU.
install_older_qemu() {
  local release
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  note "QEMU of $release needs its qemu-utils, which may be older than the one here"
  # shellcheck disable=SC2046  # One package a word.
  install_packages --allow-downgrades $(needs | grep '|has_qemu|' | packages 4) "qemu-utils/$release"
}

# setup_needs PART...: installs what is missing of these parts; all of a part, or says what it goes without.
setup_needs() {
  local list line names
  list=$(lacking "$@")
  [ -n "$list" ] || return 0
  say "Missing of what the system has: $(cut -d'|' -f2 <<<"$list" | paste -sd';' - | sed 's/;/; /g')"
  if can_install; then
    update_packages
    # The newest LLVM is known now.
    list=$(lacking "$@")
    # shellcheck disable=SC2046  # One package a word.
    install_packages $(packages 4 <<<"$list") || while read -r line; do
      read -ra names <<<"$(packages 4 <<<"$line")"
      install_packages "${names[@]}" </dev/null || { [[ $line = *'|has_qemu|'* ]] && install_older_qemu </dev/null; } || true
    done <<<"$list"
  fi
  list=$(lacking "$@")
  [ -n "$list" ] || return 0
  tell_lacking "$list"
  return 1
}
