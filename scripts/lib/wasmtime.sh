# wasmtime, the engine that ours is compared with: its package for Python, which includes it. Sourced by the scripts.
# shellcheck shell=bash

# Another version may trap by other names: scripts/lib/differential.py has them.
WASMTIME_VERSION=50.0.1
# In a directory of its own, for any Python: checks that need no Zephyr have no virtual environment.
WASMTIME=$CACHE/wasmtime-$WASMTIME_VERSION
export ZEPHYR_WASM_WASMTIME=$WASMTIME

has_wasmtime() {
  [ -d "$WASMTIME" ] && PYTHONPATH=$WASMTIME python3 -c 'import wasmtime' 2>/dev/null
}

setup_wasmtime() {
  local python new
  say "wasmtime $WASMTIME_VERSION, to compare the engine with"
  if has_wasmtime; then
    note "there already"
    return 0
  fi
  python=$(with_venv bash -c 'command -v python3')
  "$python" -m pip --version >/dev/null 2>&1 || install_packages python3-pip || return 1
  new=$(mktemp -d)
  if quietly timeout 300 "$python" -m pip install --quiet --no-deps --only-binary :all: --target "$new" \
    "wasmtime==$WASMTIME_VERSION"; then
    mkdir -p "$CACHE"
    rm -rf "$WASMTIME"
    mv "$new" "$WASMTIME"
  fi
  rm -rf "$new"
  has_wasmtime
}
