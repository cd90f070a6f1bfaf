# A Zephyr for those who have none: a workspace of west's in the cache, of this repository's west.yml. Sourced by zephyr.sh.
# shellcheck shell=bash

WORKSPACE=$CACHE/workspace
# A Zephyr of 4.2.99 with these modules takes 130 MB and 490 MB.
WORKSPACE_SIZES="about 150 MB to fetch, 0.6 GB on disk"
# How long the network has to answer before there is taken to be none.
NETWORK_TIMEOUT_S=15

# zephyr_in_manifest: where west.yml has Zephyr from, and which.
zephyr_in_manifest() {
  awk '$1 == "url-base:" { base = $2 }
    $2 == "name:" { found = $3 == "zephyr" }
    found && $1 == "revision:" { print base "/zephyr", $2; exit }' "$REPO/west.yml"
}

# Whether the workspace is all that this west.yml says.
has_workspace() {
  [ -f "$WORKSPACE/zephyr/VERSION" ] && cmp -s "$REPO/west.yml" "$WORKSPACE/west.yml"
}

# Whether west can be asked for Zephyr: a name that is not found, and a server that never answers, are told alike.
network_has_zephyr() {
  local url revision
  read -r url revision < <(zephyr_in_manifest)
  # The first that the network is asked with: a machine without it is not one without a network.
  have git || install_packages git || { note "no Git, which fetches a Zephyr"; return 1; }
  GIT_TERMINAL_PROMPT=0 timeout "$NETWORK_TIMEOUT_S" git ls-remote --exit-code "$url" "refs/tags/$revision" >/dev/null 2>&1 && return 0
  note "$url cannot be reached, or has no $revision"
  return 1
}

# Shows the projects as west comes to them, and how far Git is with one that takes long.
follow_west() {
  local line status number=0
  while true; do
    status=0
    IFS= read -r -t 10 line || status=$?
    # Git ends a line for people by a return; what has come of it by now is in the variable.
    line=${line%$'\r'}
    line=${line##*$'\r'}
    case $line in
      "=== updating "*)
        number=$((number + 1))
        line=${line#=== updating }
        note "$number: ${line%% *}" ;;
      ERROR:* | FATAL* | fatal:* | error:*) note "$line" ;;
      ?*) [ $status -le 128 ] || note "... $line" ;;
    esac
    [ $status -ne 1 ] || return 0
  done
}

# Makes the workspace, or makes it what west.yml says by now. It can be interrupted, and is gone on with.
make_workspace() {
  local manifest=$WORKSPACE/manifest
  has_workspace && return 0
  network_has_zephyr || return 1
  setup_west || return 1
  say "A Zephyr of its own in $WORKSPACE: $WORKSPACE_SIZES"
  mkdir -p "$manifest/scripts" "$WORKSPACE/.west"
  # A manifest that is no module: builds name this repository themselves, and several checkouts share the workspace.
  cp "$REPO/west.yml" "$manifest/"
  cp -R "$REPO/scripts/west-commands.yml" "$REPO/scripts/west_commands" "$manifest/scripts/"
  # What real boards need is hundreds of megabytes, and nothing here runs on them.
  printf '[manifest]\npath = manifest\nfile = west.yml\nproject-filter = -hal_.*\n\n[zephyr]\nbase = zephyr\n' >"$WORKSPACE/.west/config"
  rm -f "$WORKSPACE/west.yml"
  if ! (cd "$WORKSPACE" && GIT_TERMINAL_PROMPT=0 ZEPHYR_BASE='' with_venv west update --narrow --fetch-opt=--depth=1 --fetch-opt=--progress) \
    2>&1 | follow_west; then
    note "west could not fetch all of it; the next set-up goes on from there; if it ends there again, remove $WORKSPACE"
    return 1
  fi
  cp "$manifest/west.yml" "$WORKSPACE/west.yml"
}

# lacks_rust ZEPHYR: whether it is without zephyr-lang-rust: in the workspace around it, and among the modules that are named. Where
# there is no west yet, nobody can tell.
lacks_rust() {
  local modules module
  if ! modules=$(cd "$1" && ZEPHYR_BASE='' with_venv west list -f '{abspath}' 2>/dev/null); then
    with_venv west --version >/dev/null 2>&1 || return 1
    modules=
  fi
  modules+=$'\n'$(tr ';' '\n' <<<"${EXTRA_ZEPHYR_MODULES:-};${ZEPHYR_MODULES:-}")
  while read -r module; do
    grep -qs '^name: lang-rust' "$module/zephyr/module.yml" && return 1
  done <<<"$modules"
  return 0
}

# Says how to add it.
tell_how_to_add_rust() {
  if ! (cd "$1" && ZEPHYR_BASE='' with_venv west topdir >/dev/null 2>&1); then
    note "Zephyr in $1 lacks zephyr-lang-rust, and no west workspace is around it: name a checkout of it in EXTRA_ZEPHYR_MODULES"
    return
  fi
  note "Zephyr in $1 lacks zephyr-lang-rust, which its manifest has in a group that is off. To add it:"
  note "    cd $1 && west config manifest.group-filter -- +optional"
  note "    west update zephyr-lang-rust"
}
