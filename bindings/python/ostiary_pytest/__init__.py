"""A plugin of pytest: each test of a file `gate-tests.json` or `*.gate-tests.json` is an item of its own.

The file names its gate by its member `gate`, relative to itself; without one, the option `gate_source` of the pytest
configuration does, relative to the configuration. `--gate-coverage-min PERCENT`, or `gate_coverage_min`, adds an item
to each file that fails when its tests show less of the gate.
"""

from __future__ import annotations

import json
import pathlib
from typing import TYPE_CHECKING, Any, Iterable, List, Optional, Sequence, Tuple, Union

import pytest

if TYPE_CHECKING:
    import os

    from ostiary import GateCoverage, GateTestError, GateTestReport, GateTestResult

_NAME = "gate-tests.json"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("ostiary", "tests of Ostiary gates")
    group.addoption(
        "--gate-coverage-min",
        type=_percent,
        metavar="PERCENT",
        help="fail when the tests of a *.gate-tests.json file show less of its gate",
    )
    parser.addini("gate_source", "the gate of *.gate-tests.json files that name none")
    parser.addini("gate_coverage_min", "as --gate-coverage-min")


def pytest_collect_file(file_path: pathlib.Path, parent: pytest.Collector) -> Optional[pytest.Collector]:
    if file_path.name != _NAME and not file_path.name.endswith(f".{_NAME}"):
        return None
    file: pytest.Collector = GateTestFile.from_parent(parent, path=file_path)
    return file


def _percent(text: str) -> float:
    percent = float(text)
    if not 0 <= percent <= 100:
        raise ValueError(f"expected a number from 0 to 100, found {text}")
    return percent


def _coverage_min(config: pytest.Config) -> Optional[float]:
    given: Optional[float] = config.getoption("--gate-coverage-min")
    if given is not None:
        return given
    configured = str(config.getini("gate_coverage_min") or "")
    try:
        return _percent(configured) if configured else None
    except ValueError as error:
        raise pytest.UsageError(f"gate_coverage_min: {error}") from None


def _gate_file(table: pathlib.Path, text: str, config: pytest.Config) -> pathlib.Path:
    try:
        document: Any = json.loads(text)
    except ValueError:
        document = None  # the library names the place
    named = document.get("gate") if isinstance(document, dict) else None
    if isinstance(named, str):
        return table.parent / named
    configured = str(config.getini("gate_source") or "")
    if not configured:
        raise pytest.Collector.CollectError(f'{table}: names no "gate", and gate_source is not configured')
    return (config.inipath.parent if config.inipath else config.rootpath) / configured


def _shown_errors(file: pathlib.Path, errors: Iterable[GateTestError]) -> str:
    return "\n".join(
        f"{file}:{error.place.line}:{error.place.column}: {error.reason.name}: {error.message}" for error in errors
    )


class GateTestFailure(Exception):
    """A test of a gate that was decided otherwise."""


class GateTestFile(pytest.File):
    """One table."""

    def collect(self) -> Sequence[pytest.Item]:
        import ostiary  # not before there is something to test

        try:
            table = self.path.read_text("utf-8")
            gate = _gate_file(self.path, table, self.config)
            source = gate.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise self.CollectError(f"{self.path}: {error}") from None
        report: GateTestReport = ostiary.run_gate_tests(source, table)
        errors = _shown_errors(gate, report.gate_errors) or _shown_errors(self.path, report.table_errors)
        if errors:
            raise self.CollectError(errors)
        items: List[pytest.Item] = [
            GateTestItem.from_parent(self, name=result.name, result=result) for result in report.results
        ]
        least = _coverage_min(self.config)
        if least is not None:
            items.append(
                GateCoverageItem.from_parent(self, name="(coverage)", coverage=report.coverage, gate=gate, least=least)
            )
        return items


class _Item(pytest.Item):
    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, GateTestFailure):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


class GateTestItem(_Item):
    """One test of a table."""

    def __init__(self, *, result: GateTestResult, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.result = result

    def runtest(self) -> None:
        if self.result.passed:
            return
        place = self.result.place
        lines = [f"{self.path}:{place.line}:{place.column}: {self.result.name}"]
        for difference in self.result.differences:
            expected = "none" if difference.expected is None else difference.expected
            actual = "none" if difference.actual is None else difference.actual
            lines.append(f"  {difference.member}: expected {expected}, found {actual}")
        lines.append(f"decided: {self.result.effect}, {self.result.reason.name}, route {self.result.route or 'none'}")
        raise GateTestFailure("\n".join(lines))

    def reportinfo(self) -> Tuple[Union[os.PathLike[str], str], Optional[int], str]:
        return self.path, self.result.place.line - 1, self.name


class GateCoverageItem(_Item):
    """What the tests of a table have to show of the gate."""

    def __init__(self, *, coverage: GateCoverage, gate: pathlib.Path, least: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.coverage = coverage
        self.gate = gate
        self.least = least

    def runtest(self) -> None:
        shown = self.coverage
        if shown.percent >= self.least:
            return
        lines = [f"{self.path}: {shown.shown} of {shown.total} shown ({shown.percent:.1f} %), less than {self.least:g} %"]
        for one in shown.uncovered:
            what = one.id if one.condition is None else f"{one.condition} of {one.id}"
            lines.append(f"{self.gate}:{one.place.line}:{one.place.column}: {one.subject} {what}: {one.missing}")
        raise GateTestFailure("\n".join(lines))

    def reportinfo(self) -> Tuple[Union[os.PathLike[str], str], Optional[int], str]:
        return self.path, None, self.name
