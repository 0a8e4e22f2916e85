"""The published schema and the compiler agree: on what is sound, and on every fault of syntax."""

import copy
import json
import re

import pytest
from conftest import REPOSITORY, SHOP

import ostiary

SCHEMA = REPOSITORY / "docs" / "gate.schema.json"
WHOLE = REPOSITORY / "tests" / "fuzz" / "corpus" / "gate_json" / "whole.json"

jsonschema = pytest.importorskip("jsonschema")
pytestmark = pytest.mark.skipif(not (SCHEMA.exists() and WHOLE.exists()), reason="the repository is absent")


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(SCHEMA.read_text())
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def compiles(source):
    try:
        ostiary.Gate.compile(json.dumps(source))
    except ostiary.GateError:
        return False
    return True


def manual_example():
    manual = (REPOSITORY / "docs" / "language.md").read_text()
    return json.loads(re.search(r"```json\n(.*?)```", manual, re.DOTALL).group(1))


REMOVED = object()

RULE = ("rules", 0)
REQUEST = (*RULE, "request")
IDENTITY = (*RULE, "identity")
TIER = (*IDENTITY, "claims", "tier")
ROLE = ("roles", 0)
ORIGIN = ("origins", "o")

# What is put where in the whole Gate, and leaves it sound.
SOUND = [
    (("version",), 0),
    (("version",), 9007199254740991),
    (("claims", "team"), {"type": "text", "why": "w"}),
    (("claims", "more"), {"type": "text_set", "one_of": ["a"]}),
    (("networks",), {"office": ["0.0.0.0/0", "::/0"]}),
    ((*ORIGIN, "sign"), {"with": "message_signature", "key": "edge-1", "why": "w"}),
    ((*ORIGIN, "sign"), {"with": "sigv4", "region": "eu-central-1", "service": "execute-api"}),
    (("routes", 0, "role"), "optional"),
    (TIER, {"present": False}),
    (TIER, {"present": True, "why": "w"}),
    (TIER, {"equals": "gold", "in": ["gold"], "not_in": ["silver"], "prefix": ["g"]}),
    ((*IDENTITY, "claims", "level"), {"not_in": [1, 2], "in": [3]}),
    ((*IDENTITY, "claims", "groups"), {"has_any": ["dev"], "has_all": ["ops"]}),
    ((*IDENTITY, "claims", "groups"), {"has_none": ["dev"]}),
    ((*IDENTITY, "scopes"), {"none": ["a"]}),
    ((*IDENTITY, "scopes"), {"all": ["https://api.example/orders:read"]}),
    ((*IDENTITY, "token_age_max_s"), 0),
    (IDENTITY, {}),
    (REQUEST, REMOVED),
    ((*REQUEST, "query"), {"q": {"in": ["a", "b"], "why": "w"}}),
    ((*REQUEST, "headers"), {"x-region": {"present": False}}),
    ((*REQUEST, "client"), {"not_in": ["office", "203.0.113.0/24"]}),
    ((*RULE, "time"), {"until": "2027-01-01T00:00:00Z", "why": "w"}),
    ((*RULE, "flags"), {"beta": False}),
    (("roles",), REMOVED),
    ((*ROLE, "duration_s"), 43200),
    ((*ROLE, "role_arn"), "arn:aws-cn:iam::000000000000:role/a"),
    ((*ROLE, "role_arn"), "arn:aws-iso:iam::123456789012:role/a"),
    ((*ROLE, "role_arn"), "arn:aws-iso-b:iam::123456789012:role/a/b/c"),
    ((*ROLE, "session_tags"), {}),
    ((*ROLE, "session_tags"), {f"k{i}": {"text": "v"} for i in range(50)}),
    ((*ROLE, "session_name"), {"text": "door"}),
]

# What is put where and breaks the syntax.
BROKEN = [
    (("version",), -1),
    (("version",), 9007199254740992),
    (("version",), "1"),
    (("claims", "team"), {}),
    (("claims", "team"), {"type": "texts"}),
    (("claims", "team"), {"type": "integer", "one_of": ["1"]}),
    (("claims", "team"), {"type": "text", "one_of": []}),
    (("claims", "team"), {"type": "text", "one_of": ["a", "a"]}),
    (("claims", "team"), {"type": "text", "values": ["a"]}),
    (("headers",), []),
    (("headers",), ["x-region", "X-Region"]),
    (("headers",), ["x-region", "x-region"]),
    (("headers",), {"x-region": "text"}),
    (("networks", "office"), []),
    (("networks", "office"), ["192.0.2.1"]),
    (("networks", "office"), "192.0.2.0/24"),
    (("networks", "of/fice"), ["192.0.2.0/24"]),
    (("flags",), []),
    (("flags",), ["beta", "beta"]),
    (("flags",), ["beta", "be ta"]),
    (("flags",), ["beta"] + [f"f{i}" for i in range(64)]),
    ((*ORIGIN, "sign"), {}),
    ((*ORIGIN, "sign"), "sigv4"),
    ((*ORIGIN, "sign"), {"with": "hmac", "key": "k"}),
    ((*ORIGIN, "sign"), {"with": "message_signature"}),
    ((*ORIGIN, "sign"), {"with": "message_signature", "key": "a,b"}),
    ((*ORIGIN, "sign"), {"with": "message_signature", "key": ""}),
    ((*ORIGIN, "sign"), {"with": "message_signature", "key": "k", "service": "s"}),
    ((*ORIGIN, "sign"), {"with": "sigv4", "region": "r"}),
    ((*ORIGIN, "sign"), {"with": "sigv4", "region": "r", "service": "a/b"}),
    ((*ORIGIN, "sign"), {"with": "sigv4", "region": "r", "service": "s", "key": "k"}),
    (("routes", 0, "role"), "none"),
    (("routes", 0, "role"), True),
    (TIER, {}),
    (TIER, {"why": "w"}),
    (TIER, {"present": True, "in": ["gold"]}),
    (TIER, {"prefix": [""]}),
    (TIER, {"prefix": "g"}),
    (TIER, {"not_in": []}),
    (TIER, {"not_in": ["gold", 1]}),
    (TIER, {"in": [True]}),
    (TIER, {"matches": "g.*"}),
    ((*IDENTITY, "claims"), {}),
    ((*IDENTITY, "scopes"), {}),
    ((*IDENTITY, "scopes"), {"none": ["a b"]}),
    ((*IDENTITY, "scopes"), {"none": ["a\\b"]}),
    ((*IDENTITY, "audiences"), []),
    ((*IDENTITY, "audiences"), "api"),
    ((*IDENTITY, "token_age_max_s"), -1),
    ((*IDENTITY, "token_age_max_s"), 2147483648),
    (REQUEST, {}),
    (REQUEST, {"why": "w"}),
    ((*REQUEST, "methods"), ["get"]),
    ((*REQUEST, "schemes"), ["https", "wss"]),
    ((*REQUEST, "schemes"), []),
    ((*REQUEST, "hosts"), []),
    ((*REQUEST, "paths"), ["a"]),
    ((*REQUEST, "cookies"), {"a": {"present": True}}),
    ((*REQUEST, "query"), {}),
    ((*REQUEST, "query"), {"": {"present": True}}),
    ((*REQUEST, "query"), {"q": {}}),
    ((*REQUEST, "query"), {"q": {"equals": "a", "in": ["a"]}}),
    ((*REQUEST, "query"), {"q": {"equals": 1}}),
    ((*REQUEST, "query"), {"q": {"not_in": ["a"]}}),
    ((*REQUEST, "headers"), {}),
    ((*REQUEST, "headers"), {"x-region": {"prefix": ["e"]}}),
    ((*REQUEST, "client"), {}),
    ((*REQUEST, "client"), {"in": ["office"], "not_in": ["office"]}),
    ((*REQUEST, "client"), ["office"]),
    ((*RULE, "time"), {}),
    ((*RULE, "time"), {"from": "2026-01-01"}),
    ((*RULE, "time"), {"from": "2026-01-01T00:00:00+00:00"}),
    ((*RULE, "time"), {"from": "2026-01-01T24:00:00Z"}),
    ((*RULE, "time"), {"from": "2026-12-31T23:59:60Z"}),
    ((*RULE, "expires"), 1798761599),
    ((*RULE, "expires"), "2026-13-01T00:00:00Z"),
    ((*RULE, "flags"), {}),
    ((*RULE, "flags"), {"beta": "true"}),
    ((*RULE, "flags"), ["beta"]),
    ((*RULE, "owner"), ""),
    ((*RULE, "ticket"), 1),
    ((*RULE, "public"), True),
    (("roles",), []),
    ((*ROLE, "identity"), REMOVED),
    ((*ROLE, "role_arn"), REMOVED),
    ((*ROLE, "session_name"), REMOVED),
    ((*ROLE, "time"), {"from": "2026-01-01T00:00:00Z"}),
    ((*ROLE, "flags"), {"beta": True}),
    ((*ROLE, "role_arn"), "arn:aws:iam::12345678901:role/a"),
    ((*ROLE, "role_arn"), "arn:aws:iam::123456789012:user/a"),
    ((*ROLE, "role_arn"), "arn:aws-moon:iam::123456789012:role/a"),
    ((*ROLE, "role_arn"), "arn:aws:iam::123456789012:role/a//b"),
    ((*ROLE, "role_arn"), "arn:aws:iam::123456789012:role/"),
    ((*ROLE, "role_arn"), "arn:aws:iam::123456789012:role//a"),
    ((*ROLE, "role_arn"), "arn:aws:iam::123456789012:role/*"),
    ((*ROLE, "role_arn"), "arn:aws:iam::123456789012:role/x*/a"),
    ((*ROLE, "role_arn"), "arn:aws:iam::123456789012:role/" + "a" * 65),
    ((*ROLE, "session_name"), {}),
    ((*ROLE, "session_name"), {"text": "a"}),
    ((*ROLE, "session_name"), {"text": "a b"}),
    ((*ROLE, "session_name"), {"text": "ab", "claim": "sub"}),
    ((*ROLE, "session_tags"), {"a;b": {"text": "v"}}),
    ((*ROLE, "session_tags"), {"a": {"text": "v;"}}),
    ((*ROLE, "session_tags"), {"a": "v"}),
    ((*ROLE, "session_tags"), {f"k{i}": {"text": "v"} for i in range(51)}),
    ((*ROLE, "duration_s"), 899),
    ((*ROLE, "duration_s"), 43201),
]


def changed(path, value):
    source = json.loads(WHOLE.read_text())
    place = source
    for step in path[:-1]:
        place = place[step]
    if value is REMOVED:
        del place[path[-1]]
    else:
        place[path[-1]] = copy.deepcopy(value)
    return source


def label(case):
    path, value = case
    return ".".join(map(str, path)) + " = " + ("nothing" if value is REMOVED else json.dumps(value)[:60])


def test_both_accept_the_shop_the_manual_and_the_whole_language(validator):
    for source in (json.loads((SHOP / "gate.json").read_text()), manual_example(), json.loads(WHOLE.read_text())):
        validator.validate(source)
        assert compiles(source)


@pytest.mark.parametrize("case", SOUND, ids=label)
def test_both_accept_each_form(validator, case):
    source = changed(*case)
    validator.validate(source)
    assert compiles(source)


@pytest.mark.parametrize("case", BROKEN, ids=label)
def test_both_refuse_each_fault(validator, case):
    source = changed(*case)
    assert not validator.is_valid(source)
    assert not compiles(source)
