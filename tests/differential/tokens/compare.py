#!/usr/bin/env python3
"""Lets us, joserfc and jose judge generated tokens. Every disagreement must fall into a row of disagreements.json.

Usage: compare.py TOKEN_VERDICTS [SEED [COUNT]]

TOKEN_VERDICTS is the program of token_verdicts.cpp. Ends with 77 when a judge is not installed, or with 1 where the
variable CI says that everything must be. Fails for a disagreement that no row explains, for different claims or
payloads that all accept, and, from DEFAULT_COUNT tokens on, for a row into which nothing falls.
"""

import collections
import importlib.util
import json
import os
import pathlib
import re
import shutil
import sys
import warnings

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = HERE.parents[2] / "build/differential-packages"
NODE_PACKAGES = PACKAGES / "node"
SKIPPED = 77  # what CTest takes for a skipped test
DEFAULT_SEED, DEFAULT_COUNT = 1, 20_000
SHOWN = 10  # unexplained disagreements that are printed in full


def missing():
    """What is not installed, by name."""
    sys.path.insert(0, str(PACKAGES))
    return [name for name, there in [
        ("the Python package joserfc", importlib.util.find_spec("joserfc")),
        ("the program node", shutil.which("node")),
        ("the npm package jose", (NODE_PACKAGES / "node_modules/jose").is_dir()),
    ] if not there]


def sides(layer, our, their):
    """(what we say, what they say) where one accepts and the other does not."""
    ours, theirs = getattr(our, layer), getattr(their, layer)
    return (ours, theirs) if ours is not None and (ours == "OK") != (theirs == "OK") else None


def is_about(row, layer, peer, said):
    ours, theirs = said
    if peer not in row["beside"] or layer not in row["layers"]:
        return False
    if row["stricter"] == "ours":
        return ours in row["reason"].split(" or ")
    return ours == "OK" and re.match(row["error"], theirs) is not None


def equal(found, value):
    """Whether a claim of ours, [shape, value], is what another read."""
    shape, ours = found
    if shape == "texts":
        return is_texts(value) and set(ours) == set(value)
    if shape == "boolean":
        return ours is value
    if shape == "integer":  # numbers of JavaScript are doubles
        return type(value) in (int, float) and (ours == value or float(ours) == float(value))
    if shape == "text":
        return ours == value
    return not isinstance(value, (str, bool)) and not (value and is_texts(value))


def is_texts(value):
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def different_claims(our, their):
    if our.claims.keys() != their.claims.keys():
        return f"names {sorted(our.claims.keys() ^ their.claims.keys())}"
    wrong = [name for name, found in our.claims.items() if not equal(found, their.claims[name])]
    return "; ".join(f"{name}: {our.claims[name]} and {their.claims[name]!r}" for name in wrong)


class Report:
    def __init__(self, rows):
        self.rows, self.fell = rows, collections.Counter()
        self.agreed, self.failed = 0, 0

    def fail(self, case, peer, text):
        self.failed += 1
        if self.failed <= SHOWN:
            print(f"FAILED {peer}: {text}\n  in {case.setting} at {case.now}, changed: {', '.join(case.done) or 'nothing'}")
            print(f"  {case.token[:1000]!r}")

    def row_of(self, token, layer, peer, said):
        for row in self.rows:
            if is_about(row, layer, peer, said) and self.explain(row["id"])(token):
                return row["id"]
        return None

    @staticmethod
    def explain(row_id):
        import explain

        return getattr(explain, row_id.replace("-", "_"))

    def judge(self, case, token, layer, peer, our, their):
        said = sides(layer, our, their)
        if said is not None:
            row = self.row_of(token, layer, peer, said)
            if row is None:
                self.fail(case, peer, f"{layer}: we say {said[0]}, they say {said[1]}")
            self.fell[row, peer] += 1
            return
        different = ""
        if layer == "jws" and our.jws == "OK" and our.payload != their.payload:
            different = "another payload"
        if layer == "jwt" and our.jwt == "OK":
            different = different_claims(our, their)
        if different:
            self.fail(case, peer, f"{layer}: all accept, and find different things: {different}")
        self.agreed += not different


def never(report):
    return [f"{row['id']} ({peer})" for row in report.rows for peer in row["beside"] if not report.fell[row["id"], peer]]


def run(program, seed, count):
    import explain
    import generate
    import judges

    report = Report(json.loads((HERE / "disagreements.json").read_text())["rows"])
    cases = generate.cases(seed, count)
    settings = list(generate.settings())
    ours = judges.ours(program, settings, cases)
    others = {"joserfc": judges.joserfc(settings, cases), "jose": judges.jose("node", NODE_PACKAGES, settings, cases)}
    for place, (case, our) in enumerate(zip(cases, ours)):
        token = explain.Token(case)
        for peer, verdicts in others.items():
            for layer in judges.LAYERS:
                report.judge(case, token, layer, peer, our, verdicts[place])
    accepted = {"ours": ours, **others}
    print(f"{count} tokens, seed {seed}; accepted as JWT: " + ", ".join(
        f"{name} {sum(verdict.jwt == 'OK' for verdict in verdicts)}" for name, verdicts in accepted.items()))
    return report


def main():
    program, numbers = sys.argv[1], [int(text) for text in sys.argv[2:]]
    seed, count = numbers + [DEFAULT_SEED, DEFAULT_COUNT][len(numbers):]
    if absent := missing():
        print(f"skipped differential tokens: {', '.join(absent)} not installed")
        return 1 if os.environ.get("CI") else SKIPPED
    warnings.simplefilter("ignore")  # EdDSA is deprecated by RFC 9864
    report = run(program, seed, count)
    for (row, peer), times in sorted(report.fell.items(), key=str):
        print(f"{times:6} {peer:8} {row}")
    for row in never(report):
        print(f"never occurred: {row}")
    failed = report.failed + (len(never(report)) if count >= DEFAULT_COUNT else 0)
    explained = sum(times for (row, _), times in report.fell.items() if row)
    print(f"{report.agreed} verdicts agree, {explained} disagree as explained, {report.failed} otherwise")
    print(f"{report.agreed + explained} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
