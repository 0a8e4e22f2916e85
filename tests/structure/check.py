#!/usr/bin/env python3
"""Checks the rules of the house that a compiler does not: who may include what, how long a function may be, which
calls are banned, that generated files are current, that headers stand alone and that every Reason has a test.

Usage: check.py [--compiler c++] [--only CHECK]
"""

import argparse
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FUNCTION_LINES_MAX = 70

# Dependencies point one way. A room that is not named here may include nothing.
ROOMS = {
    "core": {"core"},
    "http": {"core", "http"},
    "token": {"core", "token"},
    "policy": {"core", "http", "token", "policy"},
    "trust": {"core", "http", "token", "trust"},
    "authority": {"core", "http", "token", "policy", "authority"},
    "audit": {"core", "http", "token", "policy", "audit"},
    "adapt": {"core", "adapt"},
}
# The coordinator, the umbrella and the command see every room.
COORDINATORS = {"engine", "explain", "ostiary", "cli"}
# Compiled rooms that may ask the adapters; headers in include/ never do.
ADAPTED = {"token", "policy", "trust", "authority", "audit", "engine", "explain", "cli", "adapt"}

THIRD_PARTY = re.compile(r"^(openssl/|simdjson|absl/|nlohmann/)")
CLI_THIRD_PARTY = re.compile(r"^(CLI/|nlohmann/|unistd\.h$|sys/stat\.h$)")
STANDARD = re.compile(r"^[a-z0-9_]+$|^(stdint|stddef|stdlib|stdbool|string|stdio|limits|errno)\.h$")

BANNED = {
    r"\bv?f?s?n?printf\s*\(": "printf",
    r"\b(secure_)?getenv\s*\(": "getenv",
    r"(?<![\w.>])(std::)?time\s*\(": "time()",
    r"\bstd::c(out|err|log)\b": "standard streams",
    r"\b(system_clock|steady_clock|high_resolution_clock)\b": "clocks",
    r"\bthrow\b": "throw",
    r"\babort\s*\(": "abort",
    r"\bstd::terminate\b": "terminate",
    r"\bexit\s*\(": "exit",
    r"(?<![\w])assert\s*\(": "assert",
    r"\bdynamic_cast\b|\btypeid\b": "RTTI",
    r"\bstd::(thread|async|jthread)\b": "threads",
    r"\b(rand|srand)\s*\(|\bstd::random_device\b": "randomness",
    r"\bstd::(i|o)?fstream\b|\bfopen\s*\(": "files",
    r"\bsetlocale\b|\bstd::locale\b": "locale",
    r"\b(strcpy|strcat|sprintf|gets|alloca)\s*\(": "unbounded C calls",
}


def files(*patterns):
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file())


def shown(path):
    return path.relative_to(ROOT)


def without_comments_and_text(source):
    """The source with comments and literals blanked, line breaks kept."""
    token = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^()\\ ]*)\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL
    )

    def blank(match):
        text = match[0]
        # A digit separator (1'000) is no character literal.
        if text[0] == "'" and match.start() > 0 and source[match.start() - 1].isalnum():
            return text
        keep = '""' if text[0] in "\"R'" else ""
        return keep + "\n" * text.count("\n")

    return token.sub(blank, source)


def includes_of(path):
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match[1], match[2]


def room_of(path):
    relative = path.relative_to(ROOT).as_posix()
    inner = re.sub(r"^(include/ostiary|src)/", "", relative)
    return inner.split("/")[0] if "/" in inner else inner.split(".")[0]


def target_room(name):
    inner = re.sub(r"^ostiary/", "", name)
    return inner.split("/")[0] if "/" in inner else inner.split(".")[0]


def may_include(room, other):
    return room in COORDINATORS or other in ROOMS.get(room, set())


# Vector instructions of one kind of processor, by the header that uses them.
INTRINSICS = {"avx2.hpp": "immintrin.h", "avx512.hpp": "immintrin.h", "ssse3.hpp": "immintrin.h",
              "sse2.hpp": "emmintrin.h", "neon.hpp": "arm_neon.h", "wasm.hpp": "wasm_simd128.h"}


def is_back_end(path):
    return path.parent.name in ("scan", "base64url", "route") and path.name in INTRINSICS


def is_intrinsics(path, name):
    return is_back_end(path) and INTRINSICS[path.name] == name


def check_public_headers():
    for path in files("include/ostiary/**/*.hpp"):
        for line, quote, name in includes_of(path):
            if is_intrinsics(path, name):
                continue
            if not name.startswith("ostiary/") and not (quote == "<" and STANDARD.match(name)):
                yield f"{shown(path)}:{line}: public headers include only <ostiary/...> and the standard library, not {name}"


def check_rooms():
    for path in files("include/ostiary/**/*.hpp", "src/**/*.[ch]pp"):
        room = room_of(path)
        for line, quote, name in includes_of(path):
            where = f"{shown(path)}:{line}"
            if name.startswith("ostiary/") or quote == '"':
                other = target_room(name) if "/" in name else room
                if other == "adapt" and room in ADAPTED and "src" in path.relative_to(ROOT).parts[:1]:
                    continue
                if not may_include(room, other):
                    yield f"{where}: {room} must not know {other} ({name})"
            elif THIRD_PARTY.match(name):
                if room != "adapt" and not (room == "cli" and CLI_THIRD_PARTY.match(name)):
                    yield f"{where}: only src/adapt includes {name}"
            elif CLI_THIRD_PARTY.match(name):
                if room != "cli":
                    yield f"{where}: only src/cli includes {name}"
            elif not STANDARD.match(name) and not is_intrinsics(path, name):
                yield f"{where}: {name} is neither ours nor the standard library's"


# What adapters share of a library. Nobody but their .cpp files may include it.
ADAPTERS_OWN = "adapt/openssl_handles.hpp"


def check_adapters_are_sealed():
    for path in files("src/adapt/*.hpp"):
        for line, _, name in includes_of(path):
            if THIRD_PARTY.match(name) and path != ROOT / "src" / ADAPTERS_OWN:
                yield f"{shown(path)}:{line}: {name} belongs in the .cpp, so that nobody else sees it"
    for path in files("src/**/*.[ch]pp"):
        for line, _, name in includes_of(path):
            if name == ADAPTERS_OWN and (room_of(path) != "adapt" or path.suffix != ".cpp"):
                yield f"{shown(path)}:{line}: {name} is for the .cpp files of src/adapt alone"


def check_bindings():
    for path in files("bindings/**/*.cpp", "bindings/**/*.cc", "bindings/**/*.hpp", "bindings/**/*.h"):
        for line, _, name in includes_of(path):
            if name.startswith("ostiary/") and name != "ostiary/ostiary.h":
                yield f"{shown(path)}:{line}: bindings see only ostiary.h, not {name}"


def function_spans(text):
    """(first line, last line) of every outermost block that follows a parameter list."""
    depth_of_function, start, depth, last = None, 0, 0, 0
    text = re.sub(r"(?m)^[ \t]*#.*$", "", text)  # a condition of the preprocessor is no parameter list
    for match in re.finditer(r"[{};]", text):
        symbol, head = match[0], text[last : match.start()]
        if symbol == "{":
            opens = re.search(r"\)[^()=]*$|\)\s*(const|noexcept|override|->[^;{]*|:[^;{]*)*\s*$", head)
            is_type = re.match(r"\s*(template\s*<.*>\s*)?(inline\s+)?(namespace|class|struct|union|enum|extern)\b", head)
            if depth_of_function is None and opens and not is_type:
                depth_of_function, start = depth, text.count("\n", 0, last + len(head) - len(head.lstrip()))
            depth += 1
        elif symbol == "}":
            depth -= 1
            if depth_of_function == depth:
                yield start + 1, text.count("\n", 0, match.start()) + 1
                depth_of_function = None
        last = match.end()


def check_function_length():
    for path in files("include/**/*.hpp", "src/**/*.[ch]pp", "capi/src/*.[ch]pp"):
        for first, last in function_spans(without_comments_and_text(path.read_text())):
            if last - first + 1 > FUNCTION_LINES_MAX:
                yield f"{shown(path)}:{first}: a function of {last - first + 1} lines; {FUNCTION_LINES_MAX} fit a screen"


def check_banned_calls():
    for path in files("include/**/*.hpp", "src/**/*.[ch]pp", "capi/src/*.[ch]pp"):
        if room_of(path) == "cli":
            continue
        for number, line in enumerate(without_comments_and_text(path.read_text()).splitlines(), 1):
            for pattern, name in BANNED.items():
                if re.search(pattern, line) and not line.lstrip().startswith("#include"):
                    yield f"{shown(path)}:{number}: the library does not use {name}"


def check_generated_files():
    for generator in ("src/core/generate_reasons.py", "src/http/generate_tables.py", "src/token/generate_attacks.py"):
        result = subprocess.run([sys.executable, ROOT / generator, "--check"], capture_output=True, text=True)
        if result.returncode != 0:
            yield (result.stderr or result.stdout).strip()


def enumerator(name):
    return "k" + "".join(word.capitalize() for word in name.split("_"))


def check_every_reason_is_tested():
    reasons = json.loads((ROOT / "src/core/reasons.json").read_text())["reasons"]
    texts = files("tests/**/*.cpp", "tests/**/*.hpp", "tests/**/*.c", "tests/**/*.json", "tests/**/*.jsonl",
                  "tests/**/*.tsv", "bindings/python/tests/*.py")
    words = set()
    for path in texts:
        words.update(re.findall(r"\bk[A-Z]\w+|\b[A-Z][A-Z0-9_]{3,}\b", path.read_text(errors="replace")))
    for reason in reasons:
        name = reason["name"]
        if reason["class"] in ("ok", "usage"):
            continue
        if not words & {enumerator(name), name, f"OSTIARY_{name}"}:
            yield f"no test mentions the Reason {name}"


def known_tests():
    tests = {"tests/conformance"}  # published vectors, see tests/conformance
    for path in files("tests/**/*_test.cpp"):
        tests |= {".".join(names) for names in re.findall(r"TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", path.read_text())}
    return tests


def check_every_attack_is_tested():
    tests = known_tests()
    findings = json.loads((ROOT / "src/http/findings.json").read_text())
    answered = {row for rule in findings["rules"] for row in rule["attacks"]}
    registered = {reason["name"] for reason in json.loads((ROOT / "src/core/reasons.json").read_text())["reasons"]}
    for attack in findings["attacks"]:
        where = f"src/http/findings.json: attack {attack['row']}"
        if not attack["answer"] and attack["row"] not in answered:
            yield f"{where} is answered neither by a rule nor in words"
        yield from untested(where, attack, tests)
    for attack in json.loads((ROOT / "src/token/attacks.json").read_text())["attacks"]:
        where = f"src/token/attacks.json: attack {attack['row']}"
        if not attack["reasons"]:
            yield f"{where} is answered by no Reason"
        for reason in set(attack["reasons"]) - registered:
            yield f"{where} names the Reason {reason}, and no such Reason is registered"
        yield from untested(where, attack, tests)


def untested(where, attack, tests):
    if not attack["tests"]:
        yield f"{where} has no test"
    for test in set(attack["tests"]) - tests:
        yield f"{where} names {test}, and no such test exists"


def check_headers_stand_alone(compiler):
    flags = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
             f"-I{ROOT / 'include'}", f"-I{ROOT / 'src'}", "-x", "c++"]
    c_header = ROOT / "capi/include/ostiary.h"
    # scan.hpp and base64url.hpp include those of their processor; the suites for ARM and WebAssembly compile the others.
    headers = [path for path in files("include/**/*.hpp", "src/**/*.hpp") if not is_back_end(path)]
    jobs = [(path, [compiler, *flags, str(path)]) for path in headers]
    c_flags = ["-Wall", "-Wextra", "-Wpedantic", "-Wpadded", "-Werror", "-fsyntax-only"]
    for language, standard in (("c", "c11"), ("c++", "c++11"), ("c++", "c++17"), ("c++", "c++20")):
        strict = ["-Wstrict-prototypes"] if language == "c" else []
        jobs.append((c_header, [compiler, "-x", language, f"-std={standard}", *c_flags, *strict, str(c_header)]))

    def compile_alone(job):
        path, command = job
        # A header is no main file: say so, or #pragma once warns.
        source = f'#include "{path}"\n'
        result = subprocess.run([*command[:-1], "-"], input=source, capture_output=True, text=True)
        return None if result.returncode == 0 else f"{shown(path)} does not compile alone ({command[3]}):\n{result.stderr}"

    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        yield from (problem for problem in pool.map(compile_alone, jobs) if problem)


def check_names_of_files():
    for path in files("include/**/*", "src/**/*", "tests/**/*.cpp", "capi/**/*.cpp", "capi/**/*.c"):
        if "__pycache__" in path.parts or path.name in ("CMakeLists.txt", "README.md"):
            continue
        if not re.fullmatch(r"[a-z0-9_]+(\.[a-z]+)+", path.name):
            yield f"{shown(path)}: file names are snake_case"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", default="c++")
    parser.add_argument("--only", help="run one check, by the name of its function without check_")
    arguments = parser.parse_args()
    checks = {name[6:]: check for name, check in globals().items() if name.startswith("check_")}
    failed = 0
    for name, check in checks.items():
        if arguments.only not in (None, name):
            continue
        problems = list(check(arguments.compiler) if name == "headers_stand_alone" else check())
        failed += bool(problems)
        print(f"{'FAILED' if problems else 'ok'} {name}")
        for problem in problems:
            print(f"  {problem}")
    ran = 1 if arguments.only else len(checks)
    print(f"{ran - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
