"""Says what the generated bindings take of an image: bytes of flash by symbol, and a mean for each imported function.

    binding_sizes.py <nm> <image> <file in wit/>...    the files are those whose APIs the image has
"""

import pathlib
import re
import subprocess
import sys

REPO = pathlib.Path(__file__).resolve().parents[2]


def functions(names):
    """How many functions guests can import: those of the interfaces, and the drop of each resource."""
    count = 0
    for name in names:
        text = re.sub(r"//.*", "", (REPO / "wit" / f"{name}.wit").read_text())
        if "interface" in text:
            count += len(re.findall(r":\s*(?:static\s+|async\s+)*func\s*\(", text)) + len(re.findall(r"\bresource\s", text))
            count += len(re.findall(r"\bconstructor\s*\(", text))
    return count


def main():
    nm, image, *names = sys.argv[1:]
    total = 0
    listing = subprocess.run([nm, "-S", image], capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines():
        parts = line.split()
        if len(parts) != 4 or parts[2] not in "tTrR":
            continue
        # The functions, tables and closures of the bindings: what names them, or the engine's caller of ours.
        if "8bindings" in parts[3] or ("6Caller" in parts[3] and "zephyr_wasm" in parts[3]):
            total += int(parts[1], 16)
    count = functions(names)
    print(f"bindings: {total} bytes for {count} functions, {total / count:.0f} bytes each")


if __name__ == "__main__":
    main()
