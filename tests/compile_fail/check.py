#!/usr/bin/env python3
"""Compiles every case of this folder twice: as it is, which must succeed, and with MUST_FAIL defined, which must
fail with the error that the case's `// expect:` line names.

Usage: check.py --compiler c++
"""

import argparse
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def compile_case(compiler, source, *flags):
    command = [compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'include'}", *flags]
    return subprocess.run([*command, str(source)], capture_output=True, text=True)


def problem_with(compiler, source):
    expected = re.search(r"^// expect: (.+)$", source.read_text(), re.MULTILINE)
    if not expected:
        return "no `// expect:` line"
    good = compile_case(compiler, source)
    if good.returncode != 0:
        return f"must compile without MUST_FAIL:\n{good.stderr}"
    bad = compile_case(compiler, source, "-DMUST_FAIL")
    if bad.returncode == 0:
        return "compiles with MUST_FAIL"
    if not re.search(expected[1], bad.stderr):
        return f"fails for another reason than {expected[1]!r}:\n{bad.stderr}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", default="c++")
    arguments = parser.parse_args()
    failed, cases = 0, sorted(HERE.glob("*.cpp"))
    for source in cases:
        problem = problem_with(arguments.compiler, source)
        failed += problem is not None
        print(f"{'FAILED' if problem else 'ok'} {source.name}{': ' + problem if problem else ''}")
    print(f"{len(cases) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
