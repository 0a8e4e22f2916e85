#!/usr/bin/env python3
"""Prints "passed failed skipped" for one suite of ./test.

Usage: summary.py LOGS SUITE STATUS

Cases are taken from LOGS/SUITE/*.xml (GoogleTest, pytest) and LOGS/SUITE/ctest.junit; without them from the last
line "N passed, N failed, N skipped" of LOGS/SUITE.log; without that the suite is one case. A suite that failed has at
least one failure, and a suite that ran nothing has failed.
"""

import collections
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree


def outcome(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    if case.find("skipped") is not None or case.get("status") in ("disabled", "notrun"):
        return "skipped"
    return "passed"


def count_xml(folder):
    counts, programs = collections.Counter(), set()
    for path in sorted(folder.glob("*.xml")):
        programs.add(path.stem)
        counts.update(outcome(case) for case in ElementTree.parse(path).iter("testcase"))
    for path in folder.glob("*.junit"):
        # A GoogleTest program is counted by its cases, unless it died before it could write them down.
        counts.update(
            outcome(case) for case in ElementTree.parse(path).iter("testcase") if case.get("name") not in programs
        )
    return counts


def count_lines(log):
    lines = re.findall(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", log, re.MULTILINE)
    return dict(zip(("passed", "failed", "skipped"), map(int, lines[-1]))) if lines else {}


def main():
    logs, suite, status = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    counts = count_xml(logs / suite) or count_lines((logs / f"{suite}.log").read_text(errors="replace"))
    if not counts and status == 0:
        counts = {"passed": 1}
    passed, failed, skipped = (counts.get(key, 0) for key in ("passed", "failed", "skipped"))
    if failed == 0 and (status != 0 or passed + skipped == 0):
        failed = 1
    print(passed, failed, skipped)


if __name__ == "__main__":
    main()
