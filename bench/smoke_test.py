#!/usr/bin/env python3
"""Whether the frame works: every micro benchmark runs, `compare` writes what it promises, and it refuses to compare what
does not agree. How fast anything is, is asserted nowhere.

Usage: smoke_test.py --worker FILE --threads FILE MICRO_BENCHMARK...
"""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

sys.dont_write_bytecode = True
BENCH = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(BENCH))
sys.path.insert(0, str(BENCH / "data"))

import make_routes  # noqa: E402
from driver import built_peers, contest, generated, workers  # noqa: E402

KEYS = {"case", "ours_ns", "peer", "peer_ns", "ratio"}
CASE = {"case": "a-case", "operation": "judge", "ours": "native", "peers": ["openssl-reused"], "inputs": ["x"]}
TINY = contest.Effort(batch_ns=10, pairs=4, pairs_min=2, budget_ns=10**9)


def compare(*options, environment=None):
    """(exit status, rows of the JSON, printed text)"""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "rows.json"
        command = [sys.executable, BENCH / "compare", "--quick", "--json", file, *options]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(environment or {})})
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


class Threads(unittest.TestCase):
    def test_measures_every_algorithm(self):
        done = subprocess.run([THREADS, "--quick"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        names = [line.split()[0] for line in done.stdout.splitlines()[2:]]
        self.assertEqual(names, ["rs256", "ps256", "es256", "eddsa", "hs256"])


class BuiltPeers(unittest.TestCase):
    def test_each_has_a_folder(self):
        for folder, _, _ in built_peers.PEERS.values():
            self.assertTrue((built_peers.SOURCES / folder).is_dir(), folder)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.worker = pathlib.Path(folder.name) / "worker"

    def fake(self, make_ready, command):
        peers = {**built_peers.PEERS, "golang-jwt": ("tokens/golang_jwt", make_ready, command)}
        return unittest.mock.patch.object(built_peers, "PEERS", peers)

    def test_is_not_built_unasked(self):
        with self.assertRaisesRegex(workers.Unavailable, "golang_jwt is not built"):
            workers.Workers(self.worker).get("golang-jwt")

    def test_what_is_missing_is_said_by_name(self):
        def fail(_):
            raise built_peers.CannotBeHad("go is not on the path")

        with self.fake(fail, ["worker"]):
            built_peers.provide(["golang-jwt", "httparse"], self.worker)
            with self.assertRaisesRegex(workers.Unavailable, "go is not on the path"):
                workers.Workers(self.worker).get("golang-jwt")

    def test_is_built_once(self):
        built = []
        with self.fake(built.append, ["worker"]):
            for _ in range(2):
                built_peers.provide(["golang-jwt"], self.worker)
            place = self.worker.parent.resolve() / "peers/tokens/golang_jwt"
            self.assertEqual(built, [place])
            self.assertTrue((place / "main.go").exists())
            self.assertEqual(built_peers.command_of("golang-jwt", self.worker), [str(place / "worker")])


class Generated(unittest.TestCase):
    def digest(self, maker, *options):
        """Of all files that the maker writes, and their names."""
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, BENCH / "data" / maker, folder, *options], check=True)
            files = sorted(pathlib.Path(folder).iterdir())
            digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
            return [file.name for file in files], digest[:16]

    def test_the_same_everywhere(self):
        names, digest = self.digest("make_routes.py", "--count", "100")
        self.assertEqual(names, ["hits.txt", "misses.txt", "routes.txt"])
        self.assertEqual(digest, "d482579f7f172818")
        names, digest = self.digest("make_policies.py", "--rules", "30")
        policies = ["policy.cedar", "policy.csv", "policy.rego"]
        self.assertEqual(names, ["gate.json", "hot.jsonl", "mixed.jsonl", *policies, "rules.json"])
        self.assertEqual(digest, "95232df341a84594")

    def test_a_table_of_others_may_spell_parameters_with_colons(self):
        with tempfile.TemporaryDirectory() as folder:
            table = pathlib.Path(folder) / "table"
            table.write_text("GET /users/:id\nGET /users/:id/keys/:key\n")
            routes = make_routes.read_table(table)
        self.assertEqual(routes, [("GET", "/users/{id}"), ("GET", "/users/{id}/keys/{key}")])
        tree = make_routes.Tree(routes)
        found = [tree.find("GET", path) for path in ("/users/7", "/users/7/keys/8", "/users/", "/users", "/users/7/keys")]
        self.assertEqual(found, [0, 1, None, None, None])

    def found(self, contestant, operation, name):
        generated.provide([name])
        with workers.Workers(WORKER) as pool:
            return pool.get("native").prepare(contestant, operation, [name]).facts

    def lines(self, name):
        return (workers.ROOT / name).read_text().splitlines()

    def assertSame(self, found, wanted):
        """Of long lists; the message of assertEqual would take minutes."""
        self.assertEqual(len(found), len(wanted))
        differing = [(row, *pair) for row, pair in enumerate(zip(found, wanted)) if pair[0] != pair[1]]
        self.assertEqual(differing[:3], [])

    def test_our_routes_are_those_of_the_plain_router(self):
        folder = f"{generated.FOLDER}/routes-1000"
        for file in ("hits.txt", "misses.txt"):
            found = self.found("ours", "match_route", f"{folder}/{file}")
            tree = make_routes.Tree([line.split() for line in self.lines(f"{folder}/routes.txt")])
            rows = [tree.find(*line.split()) for line in self.lines(f"{folder}/{file}")]
            self.assertSame(found, ["none" if row is None else f"r{row}" for row in rows])
            self.assertEqual(set(row is None for row in rows), {file == "misses.txt"})

    def test_our_decisions_are_those_of_the_generator(self):
        for name in ("policy-10/hot.jsonl", "policy-10/mixed.jsonl", "policy-1000/hot.jsonl", "policy-1000/mixed.jsonl"):
            name = f"{generated.FOLDER}/{name}"
            for contestant in ("ours", "ours-with-route"):
                with self.subTest(name=name, contestant=contestant):
                    found = self.found(contestant, "decide_rules", name)
                    self.assertSame(found, [json.loads(line)["expect"] for line in self.lines(name)])
                    self.assertEqual(set(found), {"allow", "deny"})

    def test_the_whole_engine_decides_as_the_generator(self):
        name = f"{generated.FOLDER}/policy-1000/hot.jsonl"
        for contestant in ("ours", "ours-without-cache"):
            found = self.found(contestant, "decide_rules_bytes", name)
            self.assertSame(found, [json.loads(line)["expect"] for line in self.lines(name)])

    def test_a_table_that_is_absent_is_named(self):
        status, rows, text = compare("--case", "^route-github-hits$", "--no-install", "--worker", WORKER,
                                     environment={"OSTIARY_CORPORA": "/nowhere"})  # fmt: skip
        self.assertEqual(status, 3, text)
        self.assertIn("github-api.txt is not among the corpora", text)
        self.assertEqual([row["ratio"] for row in rows], [None, None])


class Compare(unittest.TestCase):
    def test_writes_the_rows_of_a_native_case(self):
        status, rows, text = compare("--worker", WORKER, "--case", "^signature-rs256$")
        self.assertEqual(status, 0, text)
        self.assertEqual([row["peer"] for row in rows], ["openssl-reused", "openssl-naive"])
        for row in rows:
            self.assertEqual(set(row), KEYS)
            self.assertEqual(row["case"], "signature-rs256")
            for member in ("ours_ns", "peer_ns", "ratio"):
                self.assertGreater(row[member], 0)

    def test_says_how_to_build_what_is_not_built(self):
        status, rows, text = compare("--worker", "/nowhere", "--case", "^signature-rs256$")
        self.assertEqual(status, 3)
        self.assertIn("cmake --build --preset release", text)
        self.assertEqual([row["ratio"] for row in rows], [None, None])
        self.assertEqual(compare("--worker", "/nowhere", "--case", "^signature-rs256$", "--allow-missing")[0], 0)

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

    def test_decides_what_is_generated_and_names_peers_that_are_not_built(self):
        with tempfile.TemporaryDirectory() as folder:
            worker = shutil.copy(WORKER, folder)
            status, rows, text = compare("--worker", worker, "--case", "^decide-10-hot$", "--no-install")
        self.assertEqual(status, 3, text)
        ratios = {row["peer"]: row["ratio"] for row in rows}
        self.assertGreater(ratios.pop("ours-with-route"), 0)
        self.assertEqual(set(ratios.values()), {None})
        for folder in ("policy/rust", "policy/go"):
            self.assertIn(f"peers/{folder} is not built", text)

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

    def test_who_judges_the_signature_alone_is_asked_about_no_claims(self):
        pool = FakeWorkers(ours=({"x"}, 50), openssl_reused=({"x", "y"}, 100), jose=({"x", "y"}, 100))
        case = {**CASE, "peers": ["openssl-reused", "jose"], "claim_checks": ["y"]}
        rows = contest.hold(case, pool, TINY)
        self.assertEqual([row.trouble for row in rows], [None, "ours rejects y, jose accepts it"])

    def test_a_peer_that_finds_something_else_is_not_timed(self):
        pool = FakeWorkers(ours=({"x"}, 50, "9 fields"), openssl_reused=({"x"}, 100, "8 fields"))
        (row,) = contest.hold(CASE, pool, TINY)
        self.assertEqual(row.trouble, "ours finds in x: 9 fields, openssl-reused: 8 fields")
        self.assertIsNone(row.as_json()["ratio"])
        pool = FakeWorkers(ours=({"x"}, 50, "9 fields"), openssl_reused=({"x"}, 100, "9 fields"))
        self.assertIsNone(contest.hold(CASE, pool, TINY)[0].trouble)

    def test_of_many_findings_the_first_that_differs_is_told(self):
        case = {**CASE, "inputs": ["x"]}
        pool = FakeWorkers(ours=({"x"}, 50, "r1", "r2", "r3"), openssl_reused=({"x"}, 100, "r1", "r4", "r5"))
        self.assertEqual(contest.hold(case, pool, TINY)[0].trouble, "ours finds in x: r2 (line 2), openssl-reused: r4")

    def test_who_is_slow_stops_early_and_has_a_ratio(self):
        pool = FakeWorkers(ours=({"x"}, 50), openssl_reused=({"x"}, 10**9), openssl_naive=({"x"}, 100))
        case = {**CASE, "peers": ["openssl-reused", "openssl-naive"]}
        contestants = []
        with unittest.mock.patch.object(contest, "result", lambda _, ours, peer: contestants.append(peer) or None):
            contest.hold(case, pool, TINY)
        self.assertEqual([len(peer.batches) for peer in contestants], [2, 4])
        rows = contest.hold(case, pool, TINY)
        self.assertEqual([row.ratio for row in rows], [5e-8, 0.5])

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
            for name in case["inputs"] + case.get("checks", []) + case.get("claim_checks", []):
                if generated.is_one(name):
                    self.assertIn(generated.set_of(name), generated.SETS)
                else:
                    self.assertTrue(name.startswith("@") or (workers.ROOT / name).is_file(), name)


if __name__ == "__main__":
    _, _, WORKER, _, THREADS, *MICRO = sys.argv
    unittest.main(argv=sys.argv[:1])
