"""The published schema of tables of tests, and what it finds wrong."""

import copy
import json
import re

import pytest
from conftest import REPOSITORY, SHOP

SCHEMA = REPOSITORY / "docs" / "gate-tests.schema.json"

jsonschema = pytest.importorskip("jsonschema")
pytestmark = pytest.mark.skipif(not SCHEMA.exists(), reason="the repository is absent")

TABLE = {
    "version": 1,
    "now": "2026-01-01T00:00:00Z",
    "identities": {"ada": {"issuer": "shop-id", "claims": {"sub": "ada"}}},
    "tests": [{"name": "t", "request": {"url": "https://api.shop.example/health"}, "identity": "ada",
               "expect": {"effect": "allow"}}],
}
REMOVED = object()
TEST = ("tests", 0)
REQUEST = (*TEST, "request")

SOUND = [
    (("why",), "w"),
    (("gate",), "gate.json"),
    (("identities",), REMOVED),
    ((*TEST, "identity"), REMOVED),
    ((*TEST, "identity"), {"issuer": "shop-id", "claims": {}}),
    (REQUEST, {"host": "h", "path": "*", "method": "OPTIONS"}),
    (REQUEST, {"host": "h", "path": "/", "scheme": "http"}),
    ((*REQUEST, "headers"), {"x": "", "y": ["a", "b"]}),
    ((*REQUEST, "flags"), ["a", "b"]),
    ((*REQUEST, "now"), "2026-12-31T23:59:59Z"),
    ((*TEST, "expect"), {"why": "w", "rule": None, "nearest_dimension": "claim", "status": 404}),
]
BROKEN = [
    (("version",), 2),
    (("version",), REMOVED),
    (("now",), REMOVED),
    (("now",), "2026-01-01"),
    (("now",), "1969-12-31T23:59:59Z"),
    (("tests",), []),
    (("extra",), 1),
    ((*TEST, "name"), REMOVED),
    ((*TEST, "name"), ""),
    ((*TEST, "extra"), 1),
    ((*TEST, "identity"), {"issuer": "shop-id"}),
    ((*TEST, "identity"), {"claims": {}}),
    ((*TEST, "identity"), None),
    (REQUEST, {}),
    (REQUEST, {"host": "h"}),
    (REQUEST, {"url": "ftp://h/"}),
    (REQUEST, {"url": "https://h/#f"}),
    (REQUEST, {"url": "https://h/", "host": "h"}),
    (REQUEST, {"url": "https://h/", "scheme": "https"}),
    ((*REQUEST, "method"), ""),
    ((*REQUEST, "headers"), {"a:b": "c"}),
    ((*REQUEST, "headers"), {"a": "b\nc"}),
    ((*REQUEST, "headers"), {"a": []}),
    ((*REQUEST, "flags"), []),
    ((*REQUEST, "flags"), ["a", "a"]),
    ((*TEST, "expect"), {}),
    ((*TEST, "expect"), {"why": "w"}),
    ((*TEST, "expect"), {"effect": "permit"}),
    ((*TEST, "expect"), {"effect": None}),
    ((*TEST, "expect"), {"status": 99}),
    ((*TEST, "expect"), {"status": None}),
    ((*TEST, "expect"), {"nearest_dimension": "claims"}),
    ((*TEST, "expect"), {"session": "x"}),
]


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(SCHEMA.read_text())
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def changed(place, value):
    table = copy.deepcopy(TABLE)
    target = table
    for step in place[:-1]:
        target = target[step]
    if value is REMOVED:
        del target[place[-1]]
    else:
        target[place[-1]] = value
    return table


def test_the_examples_are_sound(validator):
    manual = (REPOSITORY / "docs" / "gate-tests.md").read_text()
    validator.validate(json.loads(re.search(r"```json\n(.*?)```", manual, re.DOTALL).group(1)))
    validator.validate(json.loads((SHOP / "gate-tests.json").read_text()))
    validator.validate(TABLE)


@pytest.mark.parametrize(("place", "value"), SOUND, ids=str)
def test_what_is_sound(validator, place, value):
    validator.validate(changed(place, value))


@pytest.mark.parametrize(("place", "value"), BROKEN, ids=str)
def test_what_is_broken(validator, place, value):
    assert not validator.is_valid(changed(place, value))
