#!/usr/bin/env python3
"""The shared library exports exactly capi/abi/symbols.txt, and has the SONAME the ABI promises.

Usage: check_symbols.py libostiary.so
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    library = sys.argv[1]
    listed = {line.strip() for line in (ROOT / "capi/abi/symbols.txt").read_text().splitlines()}
    listed = {line for line in listed if line and not line.startswith("#")}
    table = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    # The version node itself is an absolute symbol ("A").
    exported = {fields[2] for fields in map(str.split, table.splitlines()) if len(fields) == 3 and fields[1] != "A"}
    wrong_version = {name for name in exported if not name.endswith("@@OSTIARY_0.1")}
    exported = {name.split("@")[0] for name in exported}
    header = (ROOT / "capi/include/ostiary.h").read_text()
    declared = set(re.findall(r"\b(ostiary_\w+)\s*\([^;{]*\)[^;{]*;", re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)))
    dynamic = subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True).stdout
    problems = [f"exported but not listed: {name}" for name in sorted(exported - listed)]
    problems += [f"listed but not exported: {name}" for name in sorted(listed - exported)]
    problems += [f"not in node OSTIARY_0.1: {name}" for name in sorted(wrong_version)]
    problems += [f"listed but not declared in ostiary.h: {name}" for name in sorted(listed - declared)]
    if "SONAME" not in dynamic or "[libostiary.so.0]" not in dynamic:
        problems.append("the SONAME is not libostiary.so.0")
    for problem in problems:
        print(problem)
    print(f"{len(exported)} symbols exported")
    return 1 if problems or not exported else 0


if __name__ == "__main__":
    sys.exit(main())
