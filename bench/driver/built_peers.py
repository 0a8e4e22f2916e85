"""Peers that are processes of their own, in other languages: a folder below peers, copied into peers/ beside the
native worker and built there when it is asked for first. What is missing is said by name in the rows of the peer.
"""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

SOURCES = pathlib.Path(__file__).resolve().parents[1] / "peers"
BUILD_SECONDS_MAX = 1800


class CannotBeHad(Exception):
    """The text says why."""


def build_crate(folder):
    require("cargo")
    run(["cargo", "build", "--quiet", "--release", "--jobs", "2"], folder)


def build_go(folder):
    build_with_go(folder, ["-o", "worker", "."])


def build_all_with_go(folder):
    """A program for each of its packages that has a main, into bin/."""
    build_with_go(folder, ["-o", "bin/", "./..."])


def build_with_go(folder, what):
    require("go")
    wanted = re.search(r"^go (\d+)\.(\d+)", (folder / "go.mod").read_text(), re.MULTILINE).groups()
    said = subprocess.run(["go", "version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"go(\d+)\.(\d+)", said)
    if found and tuple(map(int, found.groups())) < tuple(map(int, wanted)):
        raise CannotBeHad(f"needs Go {'.'.join(wanted)} or later, go is {found[0][2:]}")
    run(["go", "build", *what], folder, {"GOTOOLCHAIN": "local"})


def install_node_packages(folder):
    require("tokens/node")
    require("npm")
    run(["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], folder)


# Of each peer: its folder, what makes it ready, and how it is started there. Peers of one folder are built together.
PEERS = {
    "jsonwebtoken": ("tokens/jsonwebtoken", build_crate, ["target/release/worker"]),
    "golang-jwt": ("tokens/golang_jwt", build_go, ["worker"]),
    "jose": ("tokens/node", install_node_packages, ["node", "worker.mjs", "jose"]),
    "fast-jwt": ("tokens/node", install_node_packages, ["node", "worker.mjs", "fast-jwt"]),
    "matchit": ("policy/rust", build_crate, ["target/release/matchit-worker"]),
    "cedar-policy": ("policy/rust", build_crate, ["target/release/cedar-policy-worker"]),
    "cedar-policy-sliced": ("policy/rust", build_crate, ["target/release/cedar-policy-worker"]),
    "regorus": ("policy/rust", build_crate, ["target/release/regorus-worker"]),
    "httprouter": ("policy/go", build_all_with_go, ["bin/httprouter"]),
    "opa": ("policy/go", build_all_with_go, ["bin/opa"]),
    "casbin": ("policy/go", build_all_with_go, ["bin/casbin"]),
}


def is_one(peer):
    return peer in PEERS


def place_of(peer, worker):
    return pathlib.Path(worker).resolve().parent / "peers" / PEERS[peer][0]


def provide(peers, worker):
    """Builds those of the peers that are not built yet. Why one fails is kept for its rows."""
    failed = set()
    for peer in filter(is_one, peers):
        place = place_of(peer, worker)
        trouble = place.with_suffix(".trouble")
        if place in failed or is_ready(peer, place):
            continue
        trouble.unlink(missing_ok=True)
        try:
            build(peer, place)
        except (OSError, subprocess.SubprocessError, CannotBeHad) as error:
            place.mkdir(parents=True, exist_ok=True)
            trouble.write_text(str(error))
            failed.add(place)
            print(f"{peer} cannot be had: {error}", file=sys.stderr)


def command_of(peer, worker):
    """The command of its worker. Raises CannotBeHad."""
    place = place_of(peer, worker)
    if not is_ready(peer, place):
        trouble = place.with_suffix(".trouble")
        raise CannotBeHad(trouble.read_text() if trouble.exists() else f"peers/{PEERS[peer][0]} is not built")
    first, *rest = PEERS[peer][2]
    if not rest:
        return [str(place / first)]
    require(first)
    return [first, str(place / rest[0]), *rest[1:]]


def build(peer, place):
    folder, make_ready, _ = PEERS[peer]
    print(f"building {peer} ...", file=sys.stderr)
    shutil.copytree(SOURCES / folder, place, dirs_exist_ok=True)
    make_ready(place)
    (place / "stamp").write_text(fingerprint(folder))


def is_ready(peer, place):
    stamp = place / "stamp"
    return stamp.exists() and stamp.read_text() == fingerprint(PEERS[peer][0])


def fingerprint(folder):
    digest = hashlib.sha256()
    for path in sorted((SOURCES / folder).rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(SOURCES)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def require(program):
    if shutil.which(program) is None:
        raise CannotBeHad(f"{program} is not on the path")


def run(command, folder, more=None):
    environment = {**os.environ, **(more or {})}
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=sys.stderr, timeout=BUILD_SECONDS_MAX)
