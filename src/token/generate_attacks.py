#!/usr/bin/env python3
"""Writes docs/token-attacks.md from src/token/attacks.json.

Usage: generate_attacks.py [--check]
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/token/attacks.json"
PAGE = ROOT / "docs/token-attacks.md"


def page():
    rows = json.loads(SOURCE.read_text())["attacks"]
    assert [row["row"] for row in rows] == list(range(1, len(rows) + 1)), "rows are numbered from 1, without gaps"
    lines = [
        "# Attacks on tokens", "",
        "<!-- Generated from src/token/attacks.json by src/token/generate_attacks.py; do not edit. -->", "",
        "Each attack the verifier must refuse, what it answers, and the tests that show it.", "",
        "| row | attack | Reasons | tests |", "|---|---|---|---|",
    ]
    for row in rows:
        reasons = ", ".join(f"`{reason}`" for reason in row["reasons"])
        tests = ", ".join(f"`{test}`" for test in row["tests"])
        lines.append(f"| {row['row']} | {row['attack']} | {reasons} | {tests} |")
    return "\n".join(lines) + "\n"


def main():
    text = page()
    if sys.argv[1:] == ["--check"]:
        if PAGE.read_text() != text:
            sys.exit(f"{PAGE.relative_to(ROOT)} is out of date; run src/token/generate_attacks.py")
    else:
        PAGE.write_text(text)


if __name__ == "__main__":
    main()
