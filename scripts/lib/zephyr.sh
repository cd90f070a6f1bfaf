# Finds the user's Zephyr, and what its builds need. Sourced by the scripts.
# shellcheck shell=bash

VENV=$CACHE/venv
. "$REPO/scripts/lib/needs.sh"
. "$REPO/scripts/lib/llvm.sh"
. "$REPO/scripts/lib/workspace.sh"

# Prints where there is a Zephyr of the user's: ZEPHYR_BASE, the west workspace around this repository, or the registered package.
find_users_zephyr() {
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

# Says that ZEPHYR_BASE leads nowhere, which is passed over.
tell_lost_base() {
  [ -z "${ZEPHYR_BASE:-}" ] || [ -f "$ZEPHYR_BASE/VERSION" ] || note "ZEPHYR_BASE is $ZEPHYR_BASE, where no Zephyr is: passed over"
}

# Prints where the Zephyr to build with is: the user's if it has all that it takes, else the one that setup has made.
find_zephyr() {
  local base
  if base=$(find_users_zephyr) && ! lacks_rust "$base"; then
    echo "$base"
  elif [ -f "$WORKSPACE/west.yml" ] && [ -f "$WORKSPACE/zephyr/VERSION" ]; then
    echo "$WORKSPACE/zephyr"
  else
    return 1
  fi
}

# Not one whose Python has been removed since.
has_python_of_ours() { [ -x "$VENV/bin/python3" ]; }

with_venv() {
  if has_python_of_ours; then
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

# A Zephyr SDK; without one, the compilers of the distribution are taken.
has_sdk() {
  local registered
  [ -z "${ZEPHYR_SDK_INSTALL_DIR:-}" ] || return 0
  for registered in "$HOME"/.cmake/packages/Zephyr-sdk/*; do
    # What it leads to may have been removed since.
    [ -f "$registered" ] && [ -d "$(cat "$registered")" ] && return 0
  done
  return 1
}

# Sets what Zephyr's builds read from the environment.
zephyr_environment() {
  ZEPHYR_BASE=$(find_zephyr) || return 1
  export ZEPHYR_BASE
  has_python_of_ours && PATH=$VENV/bin:$PATH
  if [ -z "${ZEPHYR_TOOLCHAIN_VARIANT:-}" ] && ! has_sdk; then
    export ZEPHYR_TOOLCHAIN_VARIANT=distro TOOLCHAIN_ROOT=$REPO
  fi
  export PATH
}

# What the system has to have for firmware, and west, in a Python environment.
setup_west() {
  setup_needs firmware || return 1
  with_venv west --version >/dev/null 2>&1 && return 0
  note "making a Python environment in $VENV"
  "$(venv_python)" -m venv --clear "$VENV" && quietly timeout 300 "$VENV/bin/pip" install --quiet --no-compile west && return 0
  rm -rf "$VENV"
  return 1
}

setup_python() {
  zephyr_has_python && return 0
  note "Python's packages of Zephyr and the tests, in $VENV"
  has_python_of_ours || "$(venv_python)" -m venv --clear "$VENV" || return 1
  quietly "$VENV/bin/pip" install --quiet --no-compile west -r "$(find_zephyr)/scripts/requirements-base.txt" \
    ply psutil pyserial junitparser natsort tabulate pytest aiocoap smpclient cbor2 || { rm -rf "$VENV"; return 1; }
}

# What builds firmware and runs it: the user's Zephyr if there is one that will do, else one of our own.
setup_zephyr() {
  local base
  say "Zephyr"
  tell_lost_base
  if base=$(find_users_zephyr); then
    setup_west || return 1
    if lacks_rust "$base"; then tell_how_to_add_rust "$base"; fi
  fi
  base=$(find_zephyr) || base=
  if [ -z "$base" ] || [ "$base" = "$WORKSPACE/zephyr" ]; then
    # Without the network, the one that was there before will do; not one that was left halfway to another west.yml.
    make_workspace || find_zephyr >/dev/null || return 1
  fi
  note "$(find_zephyr)"
  setup_west && setup_python || return 1
  setup_needs clients || note "without coap-client, the CoAP server is tried by other clients only"
}
