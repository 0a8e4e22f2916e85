"""Python is held to the golden vectors, byte for byte, as the command and the WebAssembly guest are."""

import json

import pytest
from conftest import NOW, REPOSITORY, SHOP

import ostiary

GOLDEN = REPOSITORY / "tests" / "golden"

pytestmark = pytest.mark.skipif(not GOLDEN.exists(), reason="the repository is absent")


def decisions():
    lines = (GOLDEN / "shop_decisions.txt").read_text().splitlines()
    return {name: bytes.fromhex(image) for name, image in (line.split("\t") for line in lines)}


def test_the_gate_is_the_golden_one(keyless_gate):
    assert keyless_gate.image() == (GOLDEN / "shop.gate").read_bytes()


def test_every_case_is_decided_to_the_byte(jwks):
    gate = ostiary.Gate.load((GOLDEN / "shop.gate").read_bytes()).with_keys({"shop-id": jwks})
    cases = {case["name"]: case for case in json.loads((SHOP / "cases.json").read_text())["cases"]}
    golden = decisions()
    assert len(golden) > 150 and set(golden) <= set(cases)
    for name, image in golden.items():
        head = (SHOP / cases[name]["request"]).read_bytes()
        assert gate.decide(head, now=NOW, peer=cases[name].get("peer")).image == image, name
