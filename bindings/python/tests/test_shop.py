"""The shop example, decided through Python."""

import json

import pytest
from conftest import CASES, NOW, REPOSITORY, SHOP, TOKENS, shop_token

import ostiary


def names(entries):
    return [entry["name"] for entry in entries]


@pytest.mark.parametrize("case", CASES["cases"], ids=names(CASES["cases"]))
def test_decides_as_the_case_demands(gate, case):
    decision = gate.decide((SHOP / case["request"]).read_bytes(), now=NOW, peer=case["peer"])
    expected = case["expect"]
    assert decision.effect == expected["effect"], decision
    assert (decision.route, decision.rule) == (expected["route"], expected["rule"]), decision
    if expected["reason"] is not None:
        assert decision.reason.name == expected["reason"]


@pytest.mark.parametrize("entry", TOKENS["tokens"], ids=names(TOKENS["tokens"]))
def test_verifies_as_the_token_list_demands(verifier, entry):
    token = shop_token(entry["name"])
    if entry["expect"] == "OK":
        assert verifier.verify(token, now=NOW)["iss"] == "https://id.shop.example"
        return
    with pytest.raises(ostiary.TokenError) as raised:
        verifier.verify(token, now=NOW)
    assert raised.value.reason.name == entry["expect"]


def test_an_allowed_request_says_all_that_the_host_must_do(gate, allowed_head):
    decision = gate.decide(allowed_head, now=NOW, peer="203.0.113.7")
    assert decision.origin == "orders"
    assert decision.http_status == 200
    assert {"x-shop-subject", "x-shop-tier", "x-shop-client"} <= set(decision.remove_headers)
    assert dict(decision.set_headers)["x-shop-client"] == b"203.0.113.7"


def test_a_denied_request_names_no_origin_and_no_headers(gate):
    decision = gate.decide(b"GET /orders HTTP/1.1\r\nHost: api.shop.example\r\n\r\n", now=NOW)
    assert decision.reason is ostiary.Reason.CREDENTIAL_MISSING
    assert (decision.origin, decision.remove_headers, decision.set_headers) == (None, [], [])
    assert decision.http_status == 401


@pytest.mark.skipif(not (REPOSITORY / "docs/gate.schema.json").exists(), reason="docs/gate.schema.json is absent")
def test_the_published_schema_accepts_the_gate():
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((REPOSITORY / "docs/gate.schema.json").read_text())
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    source = json.loads((SHOP / "gate.json").read_text())
    validator(schema).validate(source)
    with pytest.raises(jsonschema.ValidationError):
        validator(schema).validate({**source, "unheard-of": 1})
