# Shared by the scripts: places, messages, and how to install what is missing. Sourced, never run.
# shellcheck shell=bash

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Everything that setup makes outside of package managers, and what is built: may be removed at any time. cmake/paths.cmake
# has the same place.
CACHE=${ZEPHYR_WASM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/zephyr-wasm}
case $CACHE in /*) ;; *) CACHE=$PWD/$CACHE ;; esac
export ZEPHYR_WASM_CACHE=$CACHE
# What is built of this checkout; cmake/paths.cmake says why, and makes the same name.
BUILDS=$CACHE/$(printf %s "$REPO" | md5sum | cut -c-32)

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# Zephyr's build takes the second word of such a path for another file.
case $REPO in *[[:space:]]*) die "Zephyr builds nothing in a path with a space: move this checkout from $REPO" ;; esac
case $CACHE in
  *[[:space:]]*) die "Zephyr builds nothing in a path with a space: set ZEPHYR_WASM_CACHE to a directory other than $CACHE" ;;
esac

# Runs a command with its output in a log: shows the last line now and then, and the log's end if it fails.
quietly() {
  local log teller status=0
  log=$(mktemp)
  (
    started=$SECONDS
    trap 'kill $(jobs -p) 2>/dev/null; exit' TERM
    while sleep 20 & wait $!; do
      note "... $((SECONDS - started)) s: $(tail -n 1 "$log" | tr -d '\r' | cut -c -100)" >&2
    done
  ) >/dev/null &
  teller=$!
  "$@" >"$log" 2>&1 || status=$?
  kill "$teller" 2>/dev/null
  wait "$teller" 2>/dev/null || true
  [ $status = 0 ] || tail -n 30 "$log" >&2
  rm -f "$log"
  return $status
}
