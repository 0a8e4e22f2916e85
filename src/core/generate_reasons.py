#!/usr/bin/env python3
"""Writes every form of the registry of Reasons from src/core/reasons.json.

Usage: generate_reasons.py [--check]

Without arguments the generated files are written; with --check nothing is written and the
exit status is 1 when a file on disk differs from what would be written.
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
REGISTRY = ROOT / "src/core/reasons.json"
NOTICE = "Generated from src/core/reasons.json by src/core/generate_reasons.py; do not edit."
MEMBERS = {"number", "name", "class", "http_status", "clause", "text"}
CLASS_FLOORS = {"ok": 0, "usage": 1, "request": 1000, "token": 2000, "key": 3000, "decision": 4000, "gate": 5000}


def load_registry():
    reasons = json.loads(REGISTRY.read_text())["reasons"]
    numbers, names, previous = set(), set(), -1
    for reason in reasons:
        assert set(reason) == MEMBERS, f"{reason.get('name')}: expected exactly the members {sorted(MEMBERS)}"
        assert reason["number"] > previous, f"{reason['name']}: numbers must ascend"
        assert reason["name"] not in names, f"{reason['name']}: the name stands twice"
        assert CLASS_FLOORS[reason["class"]] == (reason["number"] // 1000 * 1000 or min(reason["number"], 1)), (
            f"{reason['name']}: the number does not lie in the range of its class"
        )
        previous = reason["number"]
        numbers.add(previous)
        names.add(reason["name"])
    return reasons


def enumerator(name):
    return "k" + "".join(word.capitalize() for word in name.split("_"))


def literal(text):
    return json.dumps(text, ensure_ascii=False)


def cpp_header(reasons):
    lines = [
        f"// {NOTICE}",
        "//",
        "// A Reason is a stable number with a name: the only way outcomes are reported.",
        "#pragma once",
        "",
        "#include <cstdint>",
        "#include <string_view>",
        "",
        "namespace ostiary {",
        "",
        "enum class Reason : std::int32_t {",
    ]
    lines += [f"  {enumerator(r['name'])} = {r['number']},  ///< {r['text']}" for r in reasons]
    lines += [
        "};",
        "",
        "enum class ReasonClass : std::uint8_t { "
        + ", ".join(enumerator(name) for name in CLASS_FLOORS)
        + " };",
        "",
        "/// The registry's name of a class. Static. Pure.",
        "[[nodiscard]] constexpr std::string_view reason_class_name(ReasonClass reason_class) noexcept {",
        "  switch (reason_class) {",
        *[f"    case ReasonClass::{enumerator(name)}: return {literal(name)};" for name in CLASS_FLOORS],
        "  }",
        "  return {};",
        "}",
        "",
        "/// One row of the registry. All views are static.",
        "struct ReasonInfo {",
        "  Reason reason;",
        "  ReasonClass reason_class;",
        "  std::uint16_t http_status;  ///< what a door answers when this is the final outcome",
        "  std::string_view name;",
        "  std::string_view clause;  ///< the RFC clause, empty where there is none",
        "  std::string_view text;",
        "};",
        "",
        "/// Every Reason in ascending order of number.",
        "inline constexpr ReasonInfo kReasons[] = {",
    ]
    lines += [
        f"    {{Reason::{enumerator(r['name'])}, ReasonClass::{enumerator(r['class'])}, {r['http_status']}, "
        f"{literal(r['name'])}, {literal(r['clause'])},\n     {literal(r['text'])}}},"
        for r in reasons
    ]
    lines += ["};", "", "}  // namespace ostiary", ""]
    return "\n".join(lines)


def c_section(reasons):
    lines = [
        f"/* BEGIN GENERATED REASONS. {NOTICE} */",
        "",
        "/** Outcomes. A number is given once and never reused; number / 1000 is the class",
        " *  (0 usage, 1 request, 2 token, 3 key, 4 decision, 5 gate). */",
        "typedef int32_t ostiary_reason;",
        "",
    ]
    for r in reasons:
        lines.append(f"#define OSTIARY_{r['name']} {r['number']} /**< {r['text']} */")
    lines += ["", "/* END GENERATED REASONS */"]
    return "\n".join(lines)


def c_header(reasons, current):
    begin, end = current.index("/* BEGIN GENERATED REASONS"), current.index("/* END GENERATED REASONS */")
    return current[:begin] + c_section(reasons) + current[end + len("/* END GENERATED REASONS */") :]


def python_module(reasons):
    lines = [f"# {NOTICE}", '"""The registry of Reasons as a Python enumeration."""', "", "import enum", "", "",
             "class Reason(enum.IntEnum):",
             '    """A stable number with a name: the only way outcomes are reported."""', ""]
    lines += [f"    {r['name']} = {r['number']}" for r in reasons]
    return "\n".join(lines) + "\n"


def docs_table(reasons):
    lines = ["# Reasons", "", f"<!-- {NOTICE} -->", "",
             "Every outcome Ostiary reports, in every language, under the same number and name.",
             "A number is given once and never reused.", "",
             "| number | name | class | HTTP status | clause | meaning |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {r['number']} | `{r['name']}` | {r['class']} | {r['http_status']} | {r['clause']} | {r['text']} |" for r in reasons
    ]
    return "\n".join(lines) + "\n"


def main():
    reasons = load_registry()
    c_path = ROOT / "capi/include/ostiary.h"
    outputs = {
        ROOT / "include/ostiary/core/reason.hpp": cpp_header(reasons),
        c_path: c_header(reasons, c_path.read_text()),
        ROOT / "bindings/python/ostiary/_reason.py": python_module(reasons),
        ROOT / "docs/reasons.md": docs_table(reasons),
    }
    stale = [path for path, text in outputs.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} differs from the registry: run src/core/generate_reasons.py", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(outputs[path])
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
