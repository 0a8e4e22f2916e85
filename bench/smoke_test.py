#!/usr/bin/env python3
"""Whether the frame works: every micro benchmark runs, `compare` writes what it promises, and it refuses to compare what
does not agree. How fast anything is, is asserted nowhere.

Usage: smoke_test.py --worker FILE MICRO_BENCHMARK...
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
BENCH = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(BENCH))

from driver import contest, workers  # noqa: E402

KEYS = {"case", "ours_ns", "peer", "peer_ns", "ratio"}
CASE = {"case": "a-case", "operation": "judge", "ours": "native", "peers": ["openssl-reused"], "inputs": ["x"]}
TINY = contest.Effort(batch_ns=10, pairs=2)


def compare(*options):
    """(exit status, rows of the JSON, printed text)"""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "rows.json"
        command = [sys.executable, BENCH / "compare", "--quick", "--json", file, *options]
        done = subprocess.run(command, capture_output=True, text=True)
        rows = json.loads(file.read_text()) if file.exists() else None
        return done.returncode, rows, done.stdout + done.stderr


class FakeTask:
    def __init__(self, verdicts, ns, facts):
        self.size, self.verdicts, self.ns = len(verdicts), verdicts, ns
        self.bytes, self.facts = 100 * len(verdicts), facts

    def run(self, rounds):
        return self.ns * rounds * self.size, sum(self.verdicts) * rounds


class FakeWorkers:
    """Contestants by name: what they accept, how long they take, what they find. Nobody else can be had."""

    def __init__(self, **contestants):
        self.contestants = {name.replace("_", "-"): made for name, made in contestants.items()}

    def get(self, kind):
        return self

    def prepare(self, contestant, operation, inputs):
        if contestant not in self.contestants:
            raise workers.Unavailable("not here")
        accepted, ns, *facts = self.contestants[contestant]
        return FakeTask([name in accepted for name in inputs], ns, facts)


class MicroBenchmarks(unittest.TestCase):
    def test_each_runs(self):
        for program in MICRO:
            with self.subTest(program=pathlib.Path(program).name):
                command = [program, "--benchmark_min_time=0.001", "--benchmark_format=json"]
                done = subprocess.run(command, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                runs = json.loads(done.stdout)["benchmarks"]
                self.assertTrue(runs)
                self.assertEqual([run["name"] for run in runs if run.get("error_occurred")], [])


class Compare(unittest.TestCase):
    def test_writes_the_rows_of_a_native_case(self):
        status, rows, text = compare("--worker", WORKER, "--case", "^token-rs256$")
        self.assertEqual(status, 0, text)
        self.assertEqual([row["peer"] for row in rows], ["openssl-reused", "openssl-naive"])
        for row in rows:
            self.assertEqual(set(row), KEYS)
            self.assertEqual(row["case"], "token-rs256")
            for member in ("ours_ns", "peer_ns", "ratio"):
                self.assertGreater(row[member], 0)

    def test_says_how_to_build_what_is_not_built(self):
        status, rows, text = compare("--worker", "/nowhere", "--case", "^token-rs256$")
        self.assertEqual(status, 3)
        self.assertIn("cmake --build --preset release", text)
        self.assertEqual([row["ratio"] for row in rows], [None, None])
        self.assertEqual(compare("--worker", "/nowhere", "--case", "^token-rs256$", "--allow-missing")[0], 0)

    def test_loads_a_head_parser_and_installs_none_unasked(self):
        with tempfile.TemporaryDirectory() as folder:  # a worker that has no parser beside it but our own
            worker = pathlib.Path(shutil.copy(WORKER, folder))
            (worker.parent / "peers").mkdir()
            shutil.copy(pathlib.Path(WORKER).parent / "peers/ours-portable.so", worker.parent / "peers")
            status, rows, text = compare("--worker", worker, "--case", "^head-703$", "--no-install")
        self.assertEqual(status, 3, text)
        self.assertIn("peers/httparse.so is not built", text)
        ratios = {row["peer"]: row["ratio"] for row in rows}
        self.assertGreater(ratios.pop("ours-portable"), 0)
        self.assertEqual(set(ratios.values()), {None})

    def test_refuses_a_case_that_is_not_there(self):
        self.assertEqual(compare("--worker", WORKER, "--case", "no such case")[0], 2)


class Contest(unittest.TestCase):
    def test_ratio_is_our_time_over_theirs(self):
        pool = FakeWorkers(ours=({"x"}, 50), openssl_reused=({"x"}, 100))
        (row,) = contest.hold(CASE, pool, TINY)
        self.assertEqual((row.ours_ns, row.peer_ns, row.ratio, row.trouble), (50, 100, 0.5, None))

    def test_time_is_per_input(self):
        pool = FakeWorkers(ours=({"x"}, 50), openssl_reused=({"x"}, 100))
        (row,) = contest.hold({**CASE, "inputs": ["x", "y", "z"]}, pool, TINY)
        self.assertEqual((row.ours_ns, row.peer_ns), (50, 100))

    def test_a_peer_that_judges_otherwise_is_not_timed(self):
        pool = FakeWorkers(ours=({"x"}, 50), openssl_reused=({"x", "y"}, 100))
        (row,) = contest.hold({**CASE, "checks": ["y"]}, pool, TINY)
        self.assertEqual(row.trouble, "ours rejects y, openssl-reused accepts it")
        self.assertFalse(row.missing)
        self.assertIsNone(row.as_json()["ratio"])

    def test_a_peer_that_finds_something_else_is_not_timed(self):
        pool = FakeWorkers(ours=({"x"}, 50, "9 fields"), openssl_reused=({"x"}, 100, "8 fields"))
        (row,) = contest.hold(CASE, pool, TINY)
        self.assertEqual(row.trouble, "ours finds in x: 9 fields, openssl-reused: 8 fields")
        self.assertIsNone(row.as_json()["ratio"])
        pool = FakeWorkers(ours=({"x"}, 50, "9 fields"), openssl_reused=({"x"}, 100, "9 fields"))
        self.assertIsNone(contest.hold(CASE, pool, TINY)[0].trouble)

    def test_another_contestant_of_ours_can_stand_for_us(self):
        pool = FakeWorkers(ours_portable=({"x"}, 50), openssl_reused=({"x"}, 100))
        (row,) = contest.hold({**CASE, "contestant": "ours-portable"}, pool, TINY)
        self.assertEqual((row.ratio, row.trouble), (0.5, None))

    def test_a_peer_that_is_not_there_is_named_and_the_others_are_timed(self):
        pool = FakeWorkers(ours=({"x"}, 50), openssl_naive=({"x"}, 100))
        case = {**CASE, "peers": ["no-such-peer", "openssl-reused", "openssl-naive"]}
        rows = contest.hold(case, pool, TINY)
        self.assertEqual([row.peer for row in rows], case["peers"])
        self.assertEqual([row.missing for row in rows], [True, True, False])
        self.assertEqual(rows[2].ratio, 0.5)

    def test_every_case_names_peers_and_inputs_that_exist(self):
        cases = json.loads((BENCH / "cases.json").read_text())
        self.assertEqual(len({case["case"] for case in cases}), len(cases))
        for case in cases:
            for peer in case.get("peers", []):
                workers.kind_of(peer)
            for name in case["inputs"] + case.get("checks", []):
                self.assertTrue(name.startswith("@") or (workers.ROOT / name).is_file(), name)


if __name__ == "__main__":
    WORKER, MICRO = sys.argv[sys.argv.index("--worker") + 1], sys.argv[3:]
    unittest.main(argv=sys.argv[:1])
