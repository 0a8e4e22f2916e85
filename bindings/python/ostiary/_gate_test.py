"""Tables of tests for a policy: requests and claims in, what must be decided beside; no keys, no tokens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Dict, NamedTuple, Optional, Tuple, Union

from ostiary import _core
from ostiary._errors import UsageError
from ostiary._reason import Reason

if TYPE_CHECKING:
    from typing_extensions import Buffer, Literal


class Place(NamedTuple):
    """Both from 1; columns in bytes."""

    line: int
    column: int


class GateTestError(NamedTuple):
    """A fault of the gate's source, or of the table."""

    reason: Reason
    place: Place
    message: str


class GateTestDifference(NamedTuple):
    """What was decided otherwise than expected. None stands for "none"."""

    member: str
    expected: Optional[str]
    actual: Optional[str]


class GateTestResult(NamedTuple):
    """What became of one test."""

    name: str
    place: Place
    """In the table."""
    effect: Literal["allow", "deny"]
    reason: Reason
    route: Optional[str]
    rule: Optional[str]
    role: Optional[str]
    differences: Tuple[GateTestDifference, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


class GateUncovered(NamedTuple):
    """Something of the gate that no test has shown."""

    subject: str
    """"route", "rule", "role" or "condition"."""
    id: str
    condition: Optional[str]
    missing: str
    """Such as "never true"."""
    place: Place
    """In the gate's source."""


class GateCoverage(NamedTuple):
    """What the tests together have shown of the gate."""

    shown: int
    total: int
    uncovered: Tuple[GateUncovered, ...]

    @property
    def percent(self) -> float:
        return 100.0 if self.total == 0 else 100.0 * self.shown / self.total


class GateMutant(NamedTuple):
    """A change of the gate that no test notices."""

    change: str
    subject: str
    id: str
    detail: Optional[str]
    place: Place
    """In the gate's source."""


class GateMutation(NamedTuple):
    """What became of the gates that differ from this one in one thing."""

    done: bool
    """Whether it was asked for, and every test passed."""
    tried: int
    killed: int
    unusable: int
    left_out: int
    survivors: Tuple[GateMutant, ...]


class GateTestReport(NamedTuple):
    """What `run_gate_tests` found."""

    gate_errors: Tuple[GateTestError, ...]
    """Nothing was tested where there are any."""
    table_errors: Tuple[GateTestError, ...]
    results: Tuple[GateTestResult, ...]
    """In the order of the table."""
    coverage: GateCoverage
    mutation: GateMutation

    @property
    def passed(self) -> bool:
        sound = not self.gate_errors and not self.table_errors and bool(self.results)
        return sound and all(result.passed for result in self.results)


def _place(entry: Dict[str, Any]) -> Place:
    return Place(entry["line"], entry["column"])


def _error(entry: Dict[str, Any]) -> GateTestError:
    return GateTestError(Reason(entry["reason"]["number"]), _place(entry), entry["message"])


def _result(entry: Dict[str, Any]) -> GateTestResult:
    return GateTestResult(
        entry["name"],
        _place(entry),
        entry["effect"],
        Reason(entry["reason"]["number"]),
        entry["route"],
        entry["rule"],
        entry["role"],
        tuple(GateTestDifference(one["member"], one["expected"], one["actual"]) for one in entry["differences"]),
    )


def _coverage(entry: Dict[str, Any]) -> GateCoverage:
    uncovered = (
        GateUncovered(one["subject"], one["id"], one["condition"], one["missing"], _place(one))
        for one in entry["uncovered"]
    )
    return GateCoverage(entry["shown"], entry["total"], tuple(uncovered))


def _mutation(entry: Dict[str, Any]) -> GateMutation:
    survivors = (
        GateMutant(one["change"], one["subject"], one["id"], one["detail"], _place(one)) for one in entry["survivors"]
    )
    return GateMutation(
        entry["done"], entry["tried"], entry["killed"], entry["unusable"], entry["left_out"], tuple(survivors)
    )


def run_gate_tests(
    source: Union[str, Buffer], table: Union[str, Buffer], *, mutants: bool = False, mutants_max: int = 1000
) -> GateTestReport:
    """Runs a table of tests on the JSON source of a gate; docs/gate-tests.md explains tables.

    `mutants`: try the table on up to `mutants_max` gates that differ from this one in one thing.
    Faults of the gate and of the table are in the report. Raises UsageError for arguments that make no sense.
    """
    if not 1 <= mutants_max <= 2**32 - 1:
        raise UsageError(Reason.USAGE_ARGUMENT, "mutants_max: expected a number from 1 to 4294967295")
    document: Dict[str, Any] = json.loads(_core.test_gate(source, table, mutants, mutants_max))
    return GateTestReport(
        tuple(_error(entry) for entry in document["gate_errors"]),
        tuple(_error(entry) for entry in document["table_errors"]),
        tuple(_result(entry) for entry in document["results"]),
        _coverage(document["coverage"]),
        _mutation(document["mutants"]),
    )
