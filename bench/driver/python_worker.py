"""The Python contestants, one process: ours/ostiary_python.py and every peers/*.py. Speaks the protocol of README.md.

A contestant is a module with `OPERATIONS`: for each operation a pair of functions, `prepare(text, shop)`, which is not
measured, and `judge(prepared)`, which is.
"""

import base64
import importlib.util
import json
import pathlib
import platform
import sys
import time

BENCH = pathlib.Path(__file__).resolve().parents[1]
ROOT = BENCH.parent


class Shop:
    """What a verifier of the shop's tokens is told."""

    folder = ROOT / "examples/shop"
    now_s = json.loads((folder / "cases.json").read_text())["now"]
    keys_json = (folder / "keys.json").read_text()
    keys = [key for path in (folder, BENCH / "data") for key in json.loads((path / "keys.json").read_text())["keys"]]
    secret = (BENCH / "data/secret.txt").read_bytes()
    issuer = "https://id.shop.example"
    audience = "https://api.shop.example"
    algorithms = ["RS256", "ES256", "EdDSA"]

    @staticmethod
    def algorithm_of(token):
        """What the header says, or None; for choosing what is prepared, never for judging."""
        try:
            return json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "==")).get("alg")
        except (ValueError, AttributeError):
            return None


def load(contestant):
    path = BENCH / ("ours/ostiary_python.py" if contestant == "ours" else f"peers/{contestant.replace('-', '_')}.py")
    spec = importlib.util.spec_from_file_location("contestant_" + path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def looping(judge, inputs):
    def run(rounds):
        accepted = 0
        for _ in range(rounds):
            for prepared in inputs:
                accepted += judge(prepared)
        return accepted

    return run


class Worker:
    def __init__(self):
        self.modules, self.tasks, self.shop = {}, [], Shop()

    def hello(self, _):
        return {"python": platform.python_version()}

    def prepare(self, request):
        name = request["contestant"]
        try:
            if name not in self.modules:
                self.modules[name] = load(name)
        except ImportError as error:
            return {"unavailable": str(error)}
        prepare, judge = self.modules[name].OPERATIONS[request["operation"]]
        inputs = [prepare((ROOT / path).read_text(), self.shop) for path in request["inputs"]]
        self.tasks.append(looping(judge, inputs))
        return {"task": len(self.tasks) - 1, "size": len(inputs)}

    def run(self, request):
        task = self.tasks[request["task"]]
        begin = time.thread_time_ns()
        accepted = task(request["rounds"])
        return {"ns": time.thread_time_ns() - begin, "accepted": accepted}

    def answer(self, request):
        actions = {"hello": self.hello, "prepare": self.prepare, "run": self.run}
        try:
            return actions[request["do"]](request)
        except Exception as error:  # whatever it is, the driver names it in the row of the contestant
            return {"error": f"{type(error).__name__}: {error}"}


def main():
    worker = Worker()
    for line in sys.stdin:
        print(json.dumps(worker.answer(json.loads(line))), flush=True)


main()
