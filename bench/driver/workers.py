"""Processes that run the contestants. Each answers one line of JSON with one line of JSON; README.md has the protocol."""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import venv

from driver import built_peers, head_peers

BENCH = pathlib.Path(__file__).resolve().parents[1]
ROOT = BENCH.parent
NATIVE_WORKER = ROOT / "build/release/bench/ostiary_bench_worker"
VENV = ROOT / "build/bench-venv"
HOW_TO_BUILD = "cmake --preset release && cmake --build --preset release --target ostiary_bench_worker"


class Unavailable(Exception):
    """A contestant cannot be had; the text says why."""


class Refused(Exception):
    """A worker is there and could not do what it was asked."""


class Task:
    """One operation of one contestant, prepared."""

    def __init__(self, worker, number, size, bytes_=None, facts=()):
        self.worker, self.number, self.size = worker, number, size
        self.bytes = bytes_  # of all inputs
        self.facts = list(facts)  # what it finds in each, when it can tell

    def run(self, rounds):
        """(nanoseconds of work, inputs accepted)"""
        answer = self.worker.ask({"do": "run", "task": self.number, "rounds": rounds})
        return answer["ns"], answer["accepted"]


class Worker:
    def __init__(self, command):
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, bufsize=1
            )
        except OSError as error:
            raise Unavailable(f"{command[0]} does not start: {error.strerror}") from error
        self.about = self.ask({"do": "hello"})

    def ask(self, request):
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise Unavailable("its worker ended")
        answer = json.loads(line)
        if "unavailable" in answer:
            raise Unavailable(answer["unavailable"])
        if "error" in answer:
            raise Refused(answer["error"])
        return answer

    def prepare(self, contestant, operation, inputs):
        answer = self.ask(
            {"do": "prepare", "contestant": contestant, "operation": operation, "inputs": inputs}
        )
        return Task(self, answer["task"], answer["size"], answer.get("bytes"), answer.get("facts", ()))

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def kind_of(peer):
    """Where a peer lives. peers/NAME.cpp and our own are linked into the native worker, head parsers are loaded into it,
    peers/NAME.py is loaded by the Python one, those of built_peers.py and a folder peers/NAME with an executable `worker`
    are processes of their own."""
    if built_peers.is_one(peer):
        return peer
    stem = peer.replace("-", "_")
    if peer.startswith("ours-") or (BENCH / "peers" / f"{stem}.cpp").exists() or head_peers.is_one(peer):
        return "native"
    if (BENCH / "peers" / f"{stem}.py").exists():
        return "python"
    if (BENCH / "peers" / stem / "worker").exists():
        return stem
    raise Unavailable(f"there is no file for it in {(BENCH / 'peers').relative_to(ROOT)}")


class Workers:
    """Starts each worker when it is asked for first; one that does not start stays unavailable."""

    def __init__(self, native=NATIVE_WORKER, python_venv=VENV):
        self._native, self._venv = pathlib.Path(native).resolve(), pathlib.Path(python_venv).resolve()
        self._started = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for worker in self._started.values():
            if isinstance(worker, Worker):
                worker.close()

    def get(self, kind):
        if kind not in self._started:
            try:
                self._started[kind] = Worker(self._command(kind))
            except Unavailable as error:
                self._started[kind] = error
        worker = self._started[kind]
        if isinstance(worker, Unavailable):
            raise worker
        return worker

    def about(self):
        return {kind: worker.about for kind, worker in self._started.items() if isinstance(worker, Worker)}

    def _command(self, kind):
        if kind == "native":
            if not self._native.exists():
                raise Unavailable(f"the native worker is not built; build it with: {HOW_TO_BUILD}")
            return [str(self._native)]
        if kind == "python":
            return [str(python_of(self._venv)), str(BENCH / "driver/python_worker.py")]
        if built_peers.is_one(kind):
            try:
                return built_peers.command_of(kind, self._native)
            except built_peers.CannotBeHad as error:
                raise Unavailable(str(error)) from error
        return [str(BENCH / "peers" / kind / "worker")]


def fingerprint_of_sources():
    """Of all that goes into the environment, so that a stale package is never measured."""
    digest = hashlib.sha256((BENCH / "peers/requirements.txt").read_bytes())
    for folder in ("include", "src", "capi", "cmake", "bindings/python"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and ".pytest_cache" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def python_of(folder):
    """The interpreter of a virtual environment that has our package, as it is now, and the Python peers."""
    python, stamp = folder / "bin/python", folder / "ostiary-sources"
    now = fingerprint_of_sources()
    if python.exists() and stamp.exists() and stamp.read_text() == now:
        return python
    print(f"installing the Python package and its peers into {folder.name} ...", file=sys.stderr)
    venv.create(folder, with_pip=True)
    packages = (BENCH / "peers/requirements.txt").read_text().split()
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    environment = {**os.environ, "CMAKE_BUILD_TYPE": "Release"}
    # Peers apart from our package: when one cannot be had, the others still can.
    complete = [subprocess.run([*pip, package], env=environment).returncode == 0 for package in packages]
    ours = subprocess.run([*pip, "--force-reinstall", "--no-deps", str(ROOT / "bindings/python")], env=environment)
    if ours.returncode != 0:
        raise Unavailable("bindings/python does not install; pip said why")
    if all(complete):
        stamp.write_text(now)
    return python
