"""No token, key or header value in an error or a repr, however wrong the call."""

import traceback

import pytest
from conftest import ALGORITHMS, AUDIENCE, ISSUER, NOW, shop_token

import ostiary
from ostiary import _core

SECRET = "s3cr3t-value"
HEAD = f"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {SECRET}\r\n\r\n".encode()
COOKIES = f"GET / HTTP/1.1\r\nHost: a\r\nCookie: {SECRET}=1; {SECRET}=2\r\n\r\n".encode()
FIELDS = [("host", "a"), ("authorization", f"Bearer {SECRET}")]


def wrong_calls(gate, verifier):
    return {
        "verify": lambda: verifier.verify(SECRET, now=NOW),
        "verify surrogate": lambda: verifier.verify(SECRET + "\ud800", now=NOW),
        "verify now": lambda: verifier.verify(SECRET, now="x"),
        "verify late": lambda: verifier.verify(SECRET, now=2**80),
        "verify list": lambda: verifier.verify([SECRET], now=NOW),
        "keys": lambda: ostiary.KeySet(f'{{"keys": [{{"kty": "oct", "k": "{SECRET}"}}]}}'),
        "keys type": lambda: ostiary.KeySet([SECRET]),
        "keys json": lambda: ostiary.KeySet(SECRET),
        "keys object": lambda: ostiary.KeySet({"keys": [{SECRET}]}),
        "core keys": lambda: _core.KeySet(7),
        "head text": lambda: gate.decide(HEAD.decode(), now=NOW),
        "head list": lambda: gate.decide([HEAD], now=NOW),
        "head now": lambda: gate.decide(HEAD, now=2**80),
        "head peer": lambda: gate.decide(HEAD, now=NOW, peer=SECRET),
        "head peer type": lambda: gate.decide(HEAD, now=NOW, peer=[SECRET]),
        "field character": lambda: ostiary.inspect_fields(method="GET", target="/", fields=[("x", SECRET + "\u20ac")]),
        "field pair": lambda: ostiary.inspect_fields(method="GET", target="/", fields=[("x", SECRET, "y")]),
        "field type": lambda: ostiary.inspect_fields(method="GET", target="/", fields=[("x", [SECRET])]),
        "fields type": lambda: _core.inspect_head("GET", None, "/", SECRET, 0, 0, ()),
        "scheme": lambda: ostiary.inspect(HEAD, scheme=SECRET),
        "waiver": lambda: ostiary.inspect(HEAD, waive=[ostiary.Reason.HOST_MISSING]),
        "waiver type": lambda: _core.inspect_bytes(HEAD, 0, [SECRET]),
        "reader text": lambda: ostiary.HeadReader().feed(HEAD.decode()),
        "emit": lambda: ostiary.inspect(HEAD).emit([("x", SECRET + "\n")]),
        "emit character": lambda: ostiary.inspect(HEAD).emit([("x", SECRET + "\u20ac")]),
        "emit pair": lambda: ostiary.inspect(HEAD).emit([(SECRET,)]),
        "client peer": lambda: ostiary.inspect(HEAD).client(SECRET, ostiary.ClientPolicy.peer()),
        "client block": lambda: ostiary.ClientPolicy.trusted_blocks([SECRET]),
        "client blocks": lambda: ostiary.ClientPolicy.trusted_blocks(SECRET),
        "cookie twice": lambda: ostiary.inspect(COOKIES).cookies[SECRET],
        "structured": lambda: ostiary.parse_item(f'"{SECRET}'),
        "structured type": lambda: ostiary.parse_item([SECRET, 7]),
    }


@pytest.mark.parametrize("name", sorted(wrong_calls(None, None)))
def test_a_failing_call_does_not_repeat_what_it_was_given(gate, verifier, name):
    with pytest.raises((ostiary.OstiaryError, TypeError)) as raised:
        wrong_calls(gate, verifier)[name]()
    shown = "".join(traceback.format_exception_only(type(raised.value), raised.value))
    chain = [raised.value, raised.value.__cause__, raised.value.__context__]
    for error in filter(None, chain):
        assert SECRET not in shown + str(error) + repr(error) + repr(vars(error))


def test_reprs_hold_no_values(gate, verifier, jwks):
    head = ostiary.Head("GET", f"/?token={SECRET}", FIELDS)
    objects = [
        head,
        ostiary.inspect(HEAD),
        ostiary.inspect(head),
        ostiary.inspect(HEAD[:-2]),
        ostiary.inspect(HEAD).authorization,
        ostiary.inspect(COOKIES).cookies,
        ostiary.ClientPolicy.trusted_blocks(["10.0.0.0/8"]),
        ostiary.HeadReader(),
        gate,
        gate.decide(HEAD, now=NOW),
        verifier,
        ostiary.KeySet(jwks),
        ostiary.TokenVerifier(jwks=jwks, issuer=ISSUER, audience=AUDIENCE, algorithms=ALGORITHMS),
    ]
    for thing in objects:
        assert SECRET not in repr(thing) + str(thing)


def test_a_refused_token_is_not_repeated(verifier):
    token = shop_token("tampered-payload")
    with pytest.raises(ostiary.TokenError) as raised:
        verifier.verify(token, now=NOW)
    for part in token.split("."):
        assert part not in str(raised.value)
