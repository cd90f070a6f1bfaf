# Runs images that count instructions. Sourced by the scripts.
# shellcheck shell=bash

# Runs the image of a board and a build until it has said that it has measured, or a test is over, and prints what it
# printed: 15 minutes at most. One
# instruction is one nanosecond of the virtual clock; QEMU does not end by itself.
run_counted() {
  local log qemu
  case $1 in
    mps2/an385) qemu=(qemu-system-arm -cpu cortex-m3 -machine mps2-an385 -vga none) ;;
    qemu_riscv32) qemu=(qemu-system-riscv32 -machine virt -bios none -m 256) ;;
    *) die "cannot run $1 with its instructions counted" ;;
  esac
  log=$(mktemp)
  "${qemu[@]}" -nographic -net none -icount shift=0,align=off,sleep=off -rtc clock=vm \
    -kernel "$2/zephyr/zephyr.elf" >"$log" 2>/dev/null </dev/null &
  for _ in $(seq 9000); do
    grep -qa '^measured\|^PROJECT EXECUTION' "$log" && break
    kill -0 $! 2>/dev/null || break
    sleep 0.1
  done
  kill $! 2>/dev/null || true
  cat "$log"
  grep -qa '^measured\|^PROJECT EXECUTION SUCCESSFUL' "$log" || die "the image in $2 has not come to its end; it printed $log"
  rm -f "$log"
}
