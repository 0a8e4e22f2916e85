"""What the tests share: the shop example, its gate and its verifier."""

import json
import pathlib
import sys

import pytest

PACKAGE = pathlib.Path(__file__).resolve().parents[1]
REPOSITORY = PACKAGE.parents[1]
SHOP = REPOSITORY / "examples" / "shop"

# The sources of the package lie beside the tests without the compiled module: test what is installed.
sys.path[:] = [entry for entry in sys.path if pathlib.Path(entry or ".").resolve() != PACKAGE]

import ostiary  # noqa: E402

ISSUER = "https://id.shop.example"
AUDIENCE = "https://api.shop.example"
ALGORITHMS = ["RS256", "ES256", "EdDSA"]

CASES = json.loads((SHOP / "cases.json").read_text())
TOKENS = json.loads((SHOP / "tokens.json").read_text())
NOW = CASES["now"]


def shop_token(name):
    return (SHOP / "tokens" / f"{name}.jwt").read_text()


def shop_request(name):
    return next(SHOP.joinpath(case["request"]) for case in CASES["cases"] if case["name"] == name).read_bytes()


@pytest.fixture(scope="session")
def jwks():
    return (SHOP / "keys.json").read_text()


@pytest.fixture(scope="session")
def verifier(jwks):
    return ostiary.TokenVerifier(jwks=jwks, issuer=ISSUER, audience=AUDIENCE, algorithms=ALGORITHMS)


@pytest.fixture(scope="session")
def keyless_gate():
    return ostiary.Gate.compile((SHOP / "gate.json").read_text())


@pytest.fixture(scope="session")
def gate(keyless_gate, jwks):
    return keyless_gate.with_keys({"shop-id": jwks})


@pytest.fixture(scope="session")
def allowed_head():
    return shop_request("curl-orders-list")
