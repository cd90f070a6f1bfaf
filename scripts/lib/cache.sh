# What is in the cache. Sourced by setup.
# shellcheck shell=bash

# What a directory in it is for.
cache_purpose() {
  local checkout
  case ${1##*/} in
    workspace) echo "a Zephyr by west, of west.yml" ;;
    venv) echo "Python's packages of Zephyr's builds and of the tests" ;;
    pycache) echo "compiled modules of Zephyr's scripts" ;;
    rust-distro) echo "the distribution's Rust with the boards' targets" ;;
    wasmtime-*) echo "wasmtime, which the engine is compared with" ;;
    fuzz | differential) echo "what fuzzers have found, where they begin next" ;;
    *)
      checkout=$(cat "$1/checkout" 2>/dev/null) || { echo "not known"; return; }
      [ -d "$checkout" ] || checkout+=", which is gone: can be removed"
      echo "builds of $checkout" ;;
  esac
}

# A table of the cache; all of it may be removed at any time, and is made again.
show_cache() {
  local path
  echo "$CACHE (ZEPHYR_WASM_CACHE)"
  for path in "$CACHE"/*; do
    [ -e "$path" ] || continue
    printf '%8s  %-34s %s\n' "$(du -sh "$path" 2>/dev/null | cut -f1)" "${path##*/}" "$(cache_purpose "$path")"
  done
  printf '%8s  in all; what is removed is made again\n' "$(du -sh "$CACHE" 2>/dev/null | cut -f1)"
}
