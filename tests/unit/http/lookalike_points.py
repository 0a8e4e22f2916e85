#!/usr/bin/env python3
"""Writes lookalike_points.hpp beside itself from the Unicode character database that comes with Python."""

import pathlib
import unicodedata

DELIMITERS = "./\\%;?#:"


def main():
    rows = []
    for point in range(0x80, 0x110000):
        folded = unicodedata.normalize("NFKC", chr(point))
        if not 0xD800 <= point <= 0xDFFF and any(delimiter in folded for delimiter in DELIMITERS):
            rows.append(f"    0x{point:x},  // {unicodedata.name(chr(point))}")
    lines = [
        f"// Written by lookalike_points.py, Unicode {unicodedata.unidata_version}; do not edit.",
        "#pragma once",
        "",
        "namespace ostiary::test {",
        "",
        "inline constexpr char32_t kLookalikePoints[] = {",
        *rows,
        "};",
        "",
        "}  // namespace ostiary::test",
        "",
    ]
    pathlib.Path(__file__).with_suffix(".hpp").write_text("\n".join(lines))


if __name__ == "__main__":
    main()
