#!/usr/bin/env python3
"""Writes every form of the inspector's two registries, src/http/fields.json and src/http/findings.json.

Usage: generate_tables.py [--check | --search]

Without arguments the generated files are written; with --check nothing is written and the exit status is 1 when a file
on disk differs from what would be written. --search looks for another multiplier of the perfect hash, for when a new
name collides.
"""

import json
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOTICE = "Generated from src/http/{} by src/http/generate_tables.py; do not edit."
FIELD_MEMBERS = {"name", "cardinality", "traits"}
CARDINALITIES = ["singleton", "list", "cookie", "host", "length", "coding", "connection"]
TRAITS = ["end-to-end", "hop-by-hop", "trusted-only", "forbidden"]
RULE_MEMBERS = {"reason", "disposition", "waivable", "lenses", "doors", "attacks"}
ATTACK_MEMBERS = {"row", "attack", "answer", "tests"}
DISPOSITIONS = ["flag", "shape", "reject"]
DOORS = ["bytes", "fields"]

NAME_SIZE_MAX = 32
HASH_BITS = 10
HASH_MULTIPLIER = 0x385C1B333EBEBE3F  # found by --search; a collision is an error
MASK64 = (1 << 64) - 1


def pascal(text):
    return "k" + "".join(word.capitalize() for word in text.replace("_", "-").split("-"))


def load(name, **members):
    registry = json.loads((ROOT / "src/http" / name).read_text())
    for part, expected in members.items():
        for row in registry[part]:
            assert set(row) == expected, f"{name}: {row}: expected exactly the members {sorted(expected)}"
    return registry


def load_fields():
    fields = load("fields.json", fields=FIELD_MEMBERS)["fields"]
    names = [field["name"] for field in fields]
    assert names == sorted(set(names)), "fields.json: names must ascend and stand once"
    assert len(names) < 128, "fields.json: at most 127 names, the number 0 is every other name"
    for field in fields:
        assert len(field["name"]) <= NAME_SIZE_MAX, f"{field['name']}: longer than {NAME_SIZE_MAX} bytes"
        assert set(field["name"]) <= set("abcdefghijklmnopqrstuvwxyz0123456789-"), f"{field['name']}: not in lower case"
        assert field["cardinality"] in CARDINALITIES, f"{field['name']}: unknown cardinality"
        assert set(field["traits"]) <= set(TRAITS), f"{field['name']}: unknown trait"
    return fields


def load_findings():
    findings = load("findings.json", rules=RULE_MEMBERS, attacks=ATTACK_MEMBERS)
    reasons = {row["name"]: row for row in json.loads((ROOT / "src/core/reasons.json").read_text())["reasons"]}
    numbers = [reasons[rule["reason"]]["number"] for rule in findings["rules"]]
    assert numbers == sorted(set(numbers)), "findings.json: rules must ascend by the number of their Reason"
    assert len(numbers) <= 128, "findings.json: a RuleSet holds 128 rules"
    rows = {attack["row"] for attack in findings["attacks"]}
    for rule in findings["rules"]:
        assert set(rule["attacks"]) <= rows, f"{rule['reason']}: names an attack that is not listed"
        assert rule["disposition"] in DISPOSITIONS and set(rule["doors"]) <= set(DOORS), f"{rule['reason']}: unknown word"
        assert not rule["waivable"] or rule["disposition"] == "reject", f"{rule['reason']}: nothing to waive"
    return findings, reasons


def name_hash(name, multiplier):
    """The hash of known_fields.hpp: the first two little-endian words of the zero-padded name and its size."""
    padded = name.encode().ljust(NAME_SIZE_MAX, b"\0")
    words = [int.from_bytes(padded[i : i + 8], "little") for i in (0, 8)]
    mixed = (words[0] + 3 * words[1] + len(name)) & MASK64
    return ((mixed * multiplier) & MASK64) >> (64 - HASH_BITS)


def search_multiplier(names):
    source = random.Random(1)
    while True:
        multiplier = source.getrandbits(64) | 1
        if len({name_hash(name, multiplier) for name in names}) == len(names):
            return multiplier


def hash_slots(fields):
    slots = [0] * (1 << HASH_BITS)
    for number, field in enumerate(fields, 1):
        slot = name_hash(field["name"], HASH_MULTIPLIER)
        assert slots[slot] == 0, f"{field['name']} collides with {fields[slots[slot] - 1]['name']}: run with --search"
        slots[slot] = number
    return slots


def wrapped(values, width=24):
    return [f"    {', '.join(values[i:i + width])}," for i in range(0, len(values), width)]


def fields_header(fields):
    lines = [
        f"// {NOTICE.format('fields.json')}",
        "//",
        "// The field names that mean something to the inspector; known_fields.hpp looks them up.",
        "#pragma once",
        "",
        "#include <cstddef>",
        "#include <cstdint>",
        "#include <string_view>",
        "",
        "namespace ostiary {",
        "",
        "/// A field name as a small number. kUnknown is every name that is not in the table.",
        "enum class FieldId : std::uint8_t {",
        "  kUnknown = 0,",
        *[f"  {pascal(field['name'])} = {number}," for number, field in enumerate(fields, 1)],
        "};",
        "",
        "/// How often a field may stand, or which judge decides that.",
        "enum class Cardinality : std::uint8_t { " + ", ".join(pascal(name) for name in CARDINALITIES) + " };",
        "",
        "/// What else is known of a field; one bit each.",
        "enum class FieldTrait : std::uint8_t {",
        "  kEndToEnd = 1U << 0,     ///< Connection may not name it: a hop that dropped it would change the meaning",
        "  kHopByHop = 1U << 1,     ///< never forwarded (RFC 9110 §7.6.1)",
        "  kTrustedOnly = 1U << 2,  ///< believed and forwarded only when a trusted hop sent it",
        "  kForbidden = 1U << 3,    ///< never believed and never forwarded",
        "};",
        "",
        "/// One row of the table. The name is static.",
        "struct KnownField {",
        "  std::string_view name;  ///< lower case",
        "  Cardinality cardinality = Cardinality::kList;",
        "  std::uint8_t traits = 0;  ///< bits of FieldTrait",
        "};",
        "",
        f"inline constexpr std::size_t kFieldIdCount = {len(fields) + 1};",
        "",
        "/// Indexed by FieldId; row 0 speaks for every unknown name.",
        "inline constexpr KnownField kKnownFields[kFieldIdCount] = {",
        "    {{}, Cardinality::kList, 0},",
    ]
    for field in fields:
        traits = sum(1 << TRAITS.index(trait) for trait in field["traits"])
        lines.append(f'    {{"{field["name"]}", Cardinality::{pascal(field["cardinality"])}, {traits}}},')
    lines += [
        "};",
        "",
        "namespace detail {",
        "",
        f"inline constexpr std::size_t kKnownNameSizeMax = {NAME_SIZE_MAX};",
        f"inline constexpr unsigned kFieldHashBits = {HASH_BITS};",
        f"inline constexpr std::uint64_t kFieldHashMultiplier = 0x{HASH_MULTIPLIER:016x}U;",
        "",
        "/// The only row whose name can have this hash; 0 when none has.",
        "inline constexpr std::uint8_t kFieldHashSlots[std::size_t{1} << kFieldHashBits] = {",
        *wrapped([str(slot) for slot in hash_slots(fields)]),
        "};",
        "",
        "}  // namespace detail",
        "}  // namespace ostiary",
        "",
    ]
    return "\n".join(lines)


def rules_header(findings):
    lines = [
        f"// {NOTICE.format('findings.json')}",
        "//",
        "// What becomes of a request because of each Finding, and which door can see the evidence.",
        "#pragma once",
        "",
        "#include <ostiary/core/reason.hpp>",
        "",
        "#include <cstddef>",
        "#include <cstdint>",
        "",
        "namespace ostiary {",
        "",
        "/// What becomes of a request because of a Finding.",
        "enum class Disposition : std::uint8_t {",
        "  kFlag,    ///< noticed, nothing changed",
        "  kShape,   ///< repaired in the canonical view; forward the view, not the bytes",
        "  kReject,  ///< the request is refused",
        "};",
        "",
        "/// One rule of the inspector. Plain data.",
        "struct FindingRule {",
        "  Reason reason = Reason::kInternal;",
        "  Disposition disposition = Disposition::kReject;",
        "  bool waivable = false;     ///< a route may waive it by name",
        "  bool lenses = false;       ///< refused when back ends would reach different routes",
        "  bool bytes_door = false;   ///< inspect_bytes can see the evidence",
        "  bool fields_door = false;  ///< inspect_fields can see the evidence",
        "};",
        "",
        f"inline constexpr std::size_t kFindingRuleCount = {len(findings['rules'])};",
        "",
        "/// Every rule, in ascending order of Reason.",
        "inline constexpr FindingRule kFindingRules[kFindingRuleCount] = {",
    ]
    flag = {True: "true", False: "false"}
    for rule in findings["rules"]:
        doors = ", ".join(flag[door in rule["doors"]] for door in DOORS)
        lines.append(
            f"    {{Reason::{pascal(rule['reason'])}, Disposition::{pascal(rule['disposition'])}, "
            f"{flag[rule['waivable']]}, {flag[rule['lenses']]}, {doors}}},"
        )
    lines += ["};", "", "}  // namespace ostiary", ""]
    return "\n".join(lines)


def table(heads, rows):
    return ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *["| " + " | ".join(row) + " |" for row in rows]]


def findings_page(findings, reasons):
    def rule_row(rule):
        reason = reasons[rule["reason"]]
        extra = [word for word, holds in (("waivable", rule["waivable"]), ("lenses", rule["lenses"])) if holds]
        return [str(reason["number"]), f"`{rule['reason']}`", rule["disposition"], ", ".join(extra), ", ".join(rule["doors"]),
                reason["clause"], reason["text"]]

    def attack_row(attack):
        answers = [f"`{rule['reason']}`" for rule in findings["rules"] if attack["row"] in rule["attacks"]]
        answers += [attack["answer"]] if attack["answer"] else []
        return [str(attack["row"]), attack["attack"], ", ".join(answers), ", ".join(f"`{test}`" for test in attack["tests"])]

    return "\n".join([
        "# Findings", "", f"<!-- {NOTICE.format('findings.json')} -->", "",
        "What the inspector notices about a request head. *reject* refuses the request, *shape* repairs the canonical view,",
        "*flag* only tells. A *waivable* rule can be waived by a route, by name, and by nothing else. A rule with *lenses*",
        "refuses the request when back ends that read the path differently would reach different routes. The door that",
        "cannot see the evidence of a rule says so in its verdict.", "",
        *table(["number", "rule", "disposition", "", "doors", "clause", "meaning"], map(rule_row, findings["rules"])), "",
        "## Attacks", "", "Each attack that concerns a request head, what answers it, and the test that shows it.", "",
        *table(["row", "attack", "answer", "tests"], map(attack_row, findings["attacks"])), "",
    ])


def fields_page(fields):
    rows = [[f"`{field['name']}`", field["cardinality"], ", ".join(field["traits"])] for field in fields]
    return "\n".join([
        "# Known fields", "", f"<!-- {NOTICE.format('fields.json')} -->", "",
        "The field names that mean something to the inspector. A *singleton* that stands twice refuses the request;",
        "*cookie*, *host*, *length*, *coding* and *connection* have judges of their own. Connection may not name an",
        "*end-to-end* field; *hop-by-hop* fields are never forwarded; *trusted-only* fields are believed and forwarded only",
        "when a trusted hop sent them; *forbidden* ones never. An underscore in the place of a hyphen of any of these names",
        "refuses the request.", "",
        *table(["name", "cardinality", "traits"], rows), "",
    ])


def main():
    fields = load_fields()
    if "--search" in sys.argv[1:]:
        print(f"HASH_MULTIPLIER = 0x{search_multiplier([field['name'] for field in fields]):016X}")
        return 0
    findings, reasons = load_findings()
    outputs = {
        ROOT / "include/ostiary/http/known_field_table.hpp": fields_header(fields),
        ROOT / "include/ostiary/http/finding_rules.hpp": rules_header(findings),
        ROOT / "docs/findings.md": findings_page(findings, reasons),
        ROOT / "docs/fields.md": fields_page(fields),
    }
    stale = [path for path, text in outputs.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} differs from the registry: run src/http/generate_tables.py", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_text(outputs[path])
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
