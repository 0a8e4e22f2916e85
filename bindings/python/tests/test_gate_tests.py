"""Tables of tests for a gate, and the plugin that makes items of them."""

import json

import pytest
from conftest import SHOP

import ostiary

pytest_plugins = ["pytester"]

GATE = (SHOP / "gate.json").read_text()
TABLE = (SHOP / "gate-tests.json").read_text()


def test_the_shop_keeps_what_it_promises():
    report = ostiary.run_gate_tests(GATE, TABLE, mutants=True)
    assert report.passed
    assert [result.name for result in report.results] == [test["name"] for test in json.loads(TABLE)["tests"]]
    assert all(result.passed for result in report.results)
    assert report.results[0].reason is ostiary.Reason.ALLOWED
    assert (report.coverage.percent, report.coverage.uncovered) == (100.0, ())
    assert report.mutation.done and report.mutation.tried == report.mutation.killed > 50
    assert report.mutation.survivors == ()


def test_bytes_are_as_good_as_text():
    assert ostiary.run_gate_tests(GATE.encode(), bytearray(TABLE.encode())) == ostiary.run_gate_tests(GATE, TABLE)


def test_differences_are_told():
    report = ostiary.run_gate_tests(GATE, TABLE.replace('"rule": "staff-read"', '"rule": null', 1))
    assert not report.passed
    (failed,) = [result for result in report.results if not result.passed]
    assert failed.differences == (ostiary.GateTestDifference("rule", None, "staff-read"),)
    assert not report.mutation.done


def test_what_no_test_shows_or_notices_is_told():
    table = json.loads(TABLE)
    table["tests"] = [test for test in table["tests"] if test["expect"].get("route") != "partner-feed"]
    report = ostiary.run_gate_tests(GATE, json.dumps(table), mutants=True, mutants_max=1000)
    line = next(n for n, text in enumerate(GATE.splitlines(), 1) if '{"id": "partner-feed"' in text)
    missing = ostiary.GateUncovered("route", "partner-feed", None, "not reached", ostiary.Place(line, 12))
    assert missing in report.coverage.uncovered
    assert 0 < report.coverage.percent < 100
    assert report.mutation.survivors


def test_faults_are_told_with_their_place():
    report = ostiary.run_gate_tests(GATE, "{\n}")
    assert not report.passed
    assert {error.reason for error in report.table_errors} == {ostiary.Reason.GATE_MISSING_MEMBER}
    assert report.table_errors[0].place == ostiary.Place(1, 1)
    assert ostiary.run_gate_tests("{}", TABLE).gate_errors


@pytest.mark.parametrize("most", [0, -1, 2**32])
def test_a_number_of_mutants_that_makes_no_sense(most):
    with pytest.raises(ostiary.UsageError):
        ostiary.run_gate_tests(GATE, TABLE, mutants_max=most)


# --- the plugin -----------------------------------------------------------------------------------------------------


@pytest.fixture
def shop(pytester):
    (pytester.path / "gate.json").write_text(GATE)
    (pytester.path / "shop.gate-tests.json").write_text(TABLE)
    return pytester


def test_every_test_is_an_item(shop):
    shop.runpytest().assert_outcomes(passed=len(json.loads(TABLE)["tests"]))


def test_an_item_can_be_chosen_and_is_named(shop):
    result = shop.runpytest("-v", "-k", "who and leaves and exports")
    result.assert_outcomes(passed=1, deselected=len(json.loads(TABLE)["tests"]) - 1)
    result.stdout.fnmatch_lines(["*shop.gate-tests.json::who leaves exports nothing PASSED*"])


def test_a_table_may_have_no_other_name(shop):
    (shop.path / "shop.gate-tests.json").rename(shop.path / "gate-tests.json")
    result = shop.runpytest("-v")
    result.stdout.fnmatch_lines(["*gate-tests.json::who leaves exports nothing PASSED*"])


def test_a_failure_can_be_read(shop):
    (shop.path / "shop.gate-tests.json").write_text(TABLE.replace('"rule": "staff-read"', '"rule": "customers-read"', 1))
    result = shop.runpytest()
    result.assert_outcomes(passed=len(json.loads(TABLE)["tests"]) - 1, failed=1)
    result.stdout.fnmatch_lines(
        ["*shop.gate-tests.json:*: staff read with the scope of readers", "*rule: expected customers-read, found staff-read"]
    )
    assert "Traceback" not in result.stdout.str()


def test_coverage_is_an_item_of_its_own(shop):
    count = len(json.loads(TABLE)["tests"])
    shop.runpytest("--gate-coverage-min", "100").assert_outcomes(passed=count + 1)
    table = json.loads(TABLE)
    table["tests"] = [test for test in table["tests"] if test["expect"].get("route") != "partner-feed"]
    (shop.path / "shop.gate-tests.json").write_text(json.dumps(table))
    shop.makeini("[pytest]\ngate_coverage_min = 100\n")
    result = shop.runpytest()
    result.assert_outcomes(passed=len(table["tests"]), failed=1)
    result.stdout.fnmatch_lines(["*less than 100 %", "*gate.json:*: route partner-feed: not reached"])
    shop.runpytest("--gate-coverage-min", "80").assert_outcomes(passed=len(table["tests"]) + 1)


def test_the_gate_may_be_configured(shop):
    table = json.loads(TABLE)
    del table["gate"]
    (shop.path / "shop.gate-tests.json").write_text(json.dumps(table))
    result = shop.runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(['*names no "gate"*'])
    shop.makeini("[pytest]\ngate_source = gate.json\n")
    shop.runpytest().assert_outcomes(passed=len(table["tests"]))


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("shop.gate-tests.json", "{", "*shop.gate-tests.json*"),
        ("shop.gate-tests.json", '{"gate": "gate.json"}', "*shop.gate-tests.json:1:1: GATE_MISSING_MEMBER:*"),
        ("shop.gate-tests.json", '{"gate": "other.json"}', "*No such file*other.json*"),
        ("gate.json", "{}", "*gate.json:1:1: GATE_MISSING_MEMBER:*"),
    ],
)
def test_what_is_not_sound_is_an_error_that_names_the_place(shop, file, text, says):
    (shop.path / file).write_text(text)
    result = shop.runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([says])


def test_other_files_are_left_alone(pytester):
    (pytester.path / "my-gate-tests.json").write_text("{")
    pytester.makepyfile("def test_it(): pass")
    pytester.runpytest().assert_outcomes(passed=1)
