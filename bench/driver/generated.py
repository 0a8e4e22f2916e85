"""Inputs that are too large to keep, written into build/bench-data/SET when they are asked for."""

import hashlib
import os
import pathlib
import subprocess
import sys

BENCH = pathlib.Path(__file__).resolve().parents[1]
ROOT = BENCH.parent
FOLDER = "build/bench-data"
CORPORA = pathlib.Path(os.environ.get("OSTIARY_CORPORA", ROOT.parent / "shared/corpora"))
MAKERS = [BENCH / "data/make_routes.py", BENCH / "data/make_policies.py"]
ROUTES, POLICIES = MAKERS
# Of each set: who writes it, and how it is asked. A path among that is of a table of others, which may be absent.
SETS = {
    "routes-github": (ROUTES, ["--table", CORPORA / "routes/github-api.txt"]),
    "routes-1000": (ROUTES, ["--count", "1000"]),
    "routes-100000": (ROUTES, ["--count", "100000"]),
    "policy-10": (POLICIES, ["--rules", "10"]),
    "policy-1000": (POLICIES, ["--rules", "1000"]),
    "policy-20000": (POLICIES, ["--rules", "20000"]),
}


class Absent(Exception):
    """What a set is made of is not on this machine; the text says what."""


def is_one(name):
    return name.startswith(FOLDER + "/")


def set_of(name):
    return pathlib.PurePath(name).parts[2]


def provide(names):
    """Writes the sets of those of the names that are generated and not there yet. Raises Absent."""
    for name in sorted({set_of(name) for name in names if is_one(name)}):
        write(name)


def write(name):
    maker, options = SETS[name]
    for option in options:
        if isinstance(option, pathlib.Path) and not option.is_file():
            raise Absent(f"{option.name} is not among the corpora; OSTIARY_CORPORA names their folder")
    folder, now = ROOT / FOLDER / name, fingerprint(options)
    stamp = folder / "stamp"
    if stamp.exists() and stamp.read_text() == now:
        return
    command = [sys.executable, maker, folder, *options]
    subprocess.run([str(part) for part in command], check=True, stdout=sys.stderr)
    stamp.write_text(now)


def fingerprint(options):
    digest = hashlib.sha256()
    for path in [*MAKERS, *(option for option in options if isinstance(option, pathlib.Path))]:
        digest.update(path.read_bytes())
    digest.update(repr([option for option in options if isinstance(option, str)]).encode())
    return digest.hexdigest()
