#!/usr/bin/env python3
"""Compares golden vectors with what this build makes, or with --update writes them.

Usage: check.py [--update] OSTIARY_COMMAND GOLDEN_SHOP_VECTORS [FILE...]

A case whose Decision is not what examples/shop/cases.json demands is never frozen; it fails until one of the two is
put right.
"""

import argparse
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SHOP = HERE.parents[1] / "examples/shop"
FILES = ("shop.gate", "shop_identities.txt", "shop_decisions.txt")


class Maker:
    """Makes each file anew from examples/shop."""

    def __init__(self, ostiary, vectors):
        self.ostiary, self.vectors = ostiary, vectors
        self.disputed = [case["name"] for case in json.loads(self.decide("--json"))["cases"] if not case["as_expected"]]

    @staticmethod
    def run(*command, statuses=(0,)):
        result = subprocess.run(command, capture_output=True)
        if result.returncode not in statuses:
            sys.exit(f"{pathlib.Path(command[0]).name} exited with {result.returncode}:\n{result.stderr.decode()}")
        return result.stdout

    def decide(self, form):
        options = "--gate", SHOP / "gate.json", "--keys", f"shop-id={SHOP / 'keys.json'}", "--cases", SHOP / "cases.json"
        return self.run(self.ostiary, "decide", form, *options, statuses=(0, 1))  # 1: some case is disputed

    def identities(self):
        with tempfile.TemporaryDirectory() as folder:
            image = pathlib.Path(folder) / "shop.gate"
            image.write_bytes(self.gate())
            return self.run(self.vectors, "identities", image, SHOP / "keys.json", SHOP / "cases.json")

    def gate(self):
        return self.run(self.ostiary, "gate", "compile", SHOP / "gate.json", "-o", "-")

    def undisputed(self, lines):
        kept = (line for line in lines.splitlines(True) if line.split(b"\t")[0].decode() not in self.disputed)
        return b"".join(kept)

    def make(self, name):
        if name == "shop.gate":
            return self.gate()
        return self.undisputed(self.decide("--image") if name == "shop_decisions.txt" else self.identities())


def shown(line):
    """A line with the numbers of its Decision spelt out, when it has one."""
    if line is None:
        return "no such line"
    image = bytes.fromhex(line[-1]) if len(line) == 1 and line[0] != "none" else b""
    if len(image) < 64:
        return " ".join(line)
    effect, reason, status, offset = struct.unpack_from("<4I", image, 12)
    return f"effect {effect}, reason {reason}, status {status}, offset {offset}: {line[0]}"


def by_name(content):
    lines = (line.split("\t") for line in content.decode().splitlines())
    return {name: rest for name, *rest in lines}


def differences(name, golden, now):
    if name == "shop.gate":
        place = next((i for i, (a, b) in enumerate(zip(golden, now)) if a != b), min(len(golden), len(now)))
        yield f"{len(golden)} bytes golden, {len(now)} now, first difference at byte {place}"
        return
    golden, now = by_name(golden), by_name(now)
    for case in [*golden, *(case for case in now if case not in golden)]:
        if golden.get(case) != now.get(case):
            yield f"{case}:\n    golden: {shown(golden.get(case))}\n    now:    {shown(now.get(case))}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--update", action="store_true")
    parser.add_argument("ostiary")
    parser.add_argument("vectors")
    parser.add_argument("files", nargs="*", default=FILES)
    arguments = parser.parse_args()
    maker = Maker(arguments.ostiary, arguments.vectors)
    # All are made before the first is written: golden files change together or not at all.
    results = {name: maker.make(name) for name in arguments.files}
    failed = 0
    for name, now in results.items():
        path = HERE / name
        golden = path.read_bytes() if path.exists() else b""
        if now == golden:
            continue
        if arguments.update:
            path.write_bytes(now)
            print(f"updated {name}: review it with git diff")
            continue
        failed += 1
        print(f"FAILED {name}")
        print(*(f"  {difference}" for difference in differences(name, golden, now)), sep="\n")
    if "shop_decisions.txt" in results:
        for name in maker.disputed:
            failed += 1
            print(f"FAILED {name}: not frozen, because cases.json expects another Decision")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
