#!/usr/bin/env python3
"""docs/token-differences.md, from disagreements.json. Without --write: whether it is current."""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parents[2] / "docs/token-differences.md"
BEGINNING = """# Where others judge a token differently

Generated from `tests/differential/tokens/disagreements.json` by `table.py` beside it; do not edit.

Random tokens, sound and damaged, are judged by us, by [jose](https://github.com/panva/jose) {jose} (Node) and by
[joserfc](https://github.com/authlib/joserfc) {joserfc} (Python): all of them are told the same keys, algorithms,
issuer, audiences and time. Every disagreement falls into one of these rows, and the test fails for one that does not.
JWS is the signature alone (`verify_jws`), JWT the token with its claims (`verify_token`, profile generic).
"""


def rows():
    return json.loads((HERE / "disagreements.json").read_text())["rows"]


def versions():
    pinned = dict(line.split("==") for line in (HERE.parent / "requirements.txt").read_text().splitlines() if "==" in line)
    return {"joserfc": pinned["joserfc"], **json.loads((HERE / "package.json").read_text())["dependencies"]}


def lines_of(stricter):
    for row in rows():
        if row["stricter"] == stricter:
            others, layers = ", ".join(row["beside"]), ", ".join(row["layers"]).upper()
            answer = f" {row['reason'].replace('TOKEN_', '`TOKEN_').replace(' or', '` or')}` |" if stricter == "ours" else ""
            yield f"| {row['id']} | {row['what']} | {others} | {layers} |{answer} {row['clause']} |"


def page():
    parts = [BEGINNING.format(**versions()), "## We refuse, they accept\n", "| | what | who accepts | layer | our Reason | clause |",
             "|---|---|---|---|---|---|", *lines_of("ours"), "", "## They refuse, we accept\n",
             "| | what | who refuses | layer | clause |", "|---|---|---|---|---|", *lines_of("theirs")]
    return "\n".join(parts) + "\n"


def main():
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(page())
        return 0
    if PAGE.exists() and PAGE.read_text() == page():
        print("1 passed, 0 failed, 0 skipped")
        return 0
    print(f"{PAGE.name} is not what table.py --write makes of disagreements.json\n0 passed, 1 failed, 0 skipped")
    return 1


if __name__ == "__main__":
    sys.exit(main())
