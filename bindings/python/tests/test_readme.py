"""The examples of the README, run in order."""

import asyncio
import re

import pytest
from conftest import NOW, PACKAGE, SHOP, shop_token

README = (PACKAGE / "README.md").read_text()
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def names(monkeypatch, capsys):
    monkeypatch.chdir(SHOP)
    namespace = {"__name__": "readme"}
    for number, block in enumerate(BLOCKS, 1):
        exec(compile(block, f"README.md, example {number}", "exec"), namespace)
    return namespace


def test_the_examples_hold(names):
    assert len(BLOCKS) == README.count("```python") >= 5
    assert names["decision"].allowed


def run_app(doorkeeper, path, token):
    headers = [(b"host", b"api.shop.example"), (b"x-shop-tier", b"forged")]
    if token is not None:
        headers.append((b"authorization", b"Bearer " + token.encode()))
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"page=2",
        "headers": headers, "client": ("203.0.113.7", 50000),
    }  # fmt: skip
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(doorkeeper(scope, None, send))
    return sent


def test_the_asgi_door_forwards_and_refuses(names, monkeypatch):
    monkeypatch.setattr("time.time", lambda: float(NOW))
    scopes = []

    async def app(scope, receive, send):
        scopes.append(scope)

    doorkeeper = names["Doorkeeper"](app, names["gate"])
    assert run_app(doorkeeper, "/orders", shop_token("gold-rs256")) == []
    tiers = [value for name, value in scopes[0]["headers"] if name == b"x-shop-tier"]
    assert tiers == [b"gold"]
    refused = run_app(doorkeeper, "/orders", None)
    assert [refused[0]["status"], refused[1]["body"]] == [401, b"CREDENTIAL_MISSING"]
    assert run_app(doorkeeper, "/unheard-of", None)[0]["status"] == 404
    assert len(scopes) == 1
