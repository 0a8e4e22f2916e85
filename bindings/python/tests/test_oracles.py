"""Tokens judged by PyJWT and joserfc as well.

What we accept, both of them accept. Where we refuse what one of them accepts, a table says why; a peer that has become
stricter meanwhile breaks nothing.
"""

import base64
import datetime
import json
import warnings

import pytest
from conftest import ALGORITHMS, AUDIENCE, ISSUER, NOW, SHOP, TOKENS, shop_token

import ostiary

jwt = pytest.importorskip("jwt")
joserfc_jwt = pytest.importorskip("joserfc.jwt")
ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")

from cryptography.hazmat.primitives import hashes  # noqa: E402
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature  # noqa: E402
from joserfc.jwk import KeySet as JoserfcKeySet  # noqa: E402

# ---- the judges --------------------------------------------------------------------------------------------


class At(datetime.datetime):
    """The clock of PyJWT, which takes no `now`."""

    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(NOW, tz)


def pyjwt_accepts(token, jwks, monkeypatch):
    """As its documentation shows it: the key by kid, every registered claim required."""
    monkeypatch.setattr("jwt.api_jwt.datetime", At)
    keys = jwt.PyJWKSet.from_dict(jwks)
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = keys[kid] if kid is not None or len(keys.keys) > 1 else keys.keys[0]
        jwt.decode(
            token, key, algorithms=ALGORITHMS, audience=AUDIENCE, issuer=ISSUER, options={"require": ["exp", "iss", "aud"]}
        )
    except Exception:
        return False
    return True


def joserfc_accepts(token, jwks):
    registry = joserfc_jwt.JWTClaimsRegistry(
        now=NOW,
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": AUDIENCE},
        exp={"essential": True},
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # EdDSA has a newer name
            registry.validate(joserfc_jwt.decode(token, JoserfcKeySet.import_key_set(jwks), algorithms=ALGORITHMS).claims)
    except Exception:
        return False
    return True


def judge(token, jwks, monkeypatch):
    """Our Reason, and who else accepts the token."""
    ours = ostiary.TokenVerifier(jwks=jwks, issuer=ISSUER, audience=AUDIENCE, algorithms=ALGORITHMS)
    try:
        ours.verify(token, now=NOW)
        reason = "OK"
    except ostiary.TokenError as error:
        reason = error.reason.name
    accepting = set()
    if pyjwt_accepts(token, jwks, monkeypatch):
        accepting.add("PyJWT")
    if joserfc_accepts(token, jwks):
        accepting.add("joserfc")
    return reason, accepting


# ---- tokens of the shop ------------------------------------------------------------------------------------

SHOP_STRICTER = {
    "padded": ({"PyJWT"}, "RFC 7515 §2: base64url is written without padding, so a token has one spelling only"),
}


@pytest.mark.parametrize("name", [entry["name"] for entry in TOKENS["tokens"]])
def test_the_shop_tokens_are_judged_alike(name, monkeypatch):
    jwks = json.loads((SHOP / "keys.json").read_text())
    reason, accepting = judge(shop_token(name), jwks, monkeypatch)
    if reason == "OK":
        assert accepting == {"PyJWT", "joserfc"}
    else:
        assert accepting <= SHOP_STRICTER.get(name, (set(), ""))[0]


# ---- tokens with a good signature and something odd ---------------------------------------------------------

KEY = ec.derive_private_key(0x0571A12900000000000000000000000000000000000000000000000000000001, ec.SECP256R1())
OTHER_KEY = ec.derive_private_key(0x0571A12900000000000000000000000000000000000000000000000000000002, ec.SECP256R1())


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def public_jwk(key, kid):
    numbers = key.public_key().public_numbers()
    return {
        "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": kid,
        "x": b64(numbers.x.to_bytes(32, "big")), "y": b64(numbers.y.to_bytes(32, "big")),
    }  # fmt: skip


JWKS = {"keys": [public_jwk(KEY, "k1"), public_jwk(OTHER_KEY, "k2")]}

HEADER = {"alg": "ES256", "kid": "k1", "typ": "JWT"}
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": "s", "iat": NOW - 10, "exp": NOW + 60}


def sign(header, payload):
    """Signs whatever it is given: dicts are written as JSON, bytes are taken as they are."""
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)]
    signed = ".".join(map(b64, parts))
    r, s = decode_dss_signature(KEY.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def header(**changed):
    return sign({**HEADER, **changed}, CLAIMS)


def claims(**changed):
    return sign(HEADER, {**CLAIMS, **changed})


def without(name):
    return sign(HEADER, {key: value for key, value in CLAIMS.items() if key != name})


BOTH = {"PyJWT", "joserfc"}
NOBODY = set()

# name: (token, our Reason, who else accepts it, why we judge as we do)
ODD = {
    "plain": (header(), "OK", BOTH, "nothing is odd"),
    "at+jwt": (header(typ="at+jwt"), "OK", BOTH, "RFC 9068 §2.1"),
    "no typ": (sign({"alg": "ES256", "kid": "k1"}, CLAIMS), "OK", BOTH, "typ is optional (RFC 7519 §5.1)"),
    "several audiences": (claims(aud=["x", AUDIENCE]), "OK", BOTH, "one of them is ours"),
    "fractional expiry": (claims(exp=NOW + 60.5), "OK", BOTH, "RFC 7519 §2: a NumericDate may have a fraction"),
    "another typ": (header(typ="dpop+jwt"), "TOKEN_TYPE", BOTH, "RFC 8725 §3.11: a token is for one purpose"),
    "logout token": (header(typ="logout+jwt"), "TOKEN_TYPE", BOTH, "RFC 8725 §3.11: a token is for one purpose"),
    "crit": (header(crit=["b64"], b64=True), "TOKEN_CRITICAL", BOTH, "no extension is supported (RFC 7515 §4.1.11)"),
    "crit unknown": (header(crit=["x"], x=1), "TOKEN_CRITICAL", NOBODY, "no extension is supported"),
    "crit empty": (header(crit=[]), "TOKEN_CRITICAL", {"joserfc"}, "RFC 7515 §4.1.11: the list must not be empty"),
    "encryption member": (header(enc="A256GCM"), "TOKEN_HEADER_MEMBER", {"PyJWT"}, "it belongs to an encrypted token"),
    "no kid": (
        sign({"alg": "ES256"}, CLAIMS), "TOKEN_KEY_ID_MISSING", NOBODY, "two keys fit: none is tried in turn",
    ),
    "number as kid": (header(kid=1), "TOKEN_HEADER_MEMBER", NOBODY, "kid is a string (RFC 7515 §4.1.4)"),
    "kid of another key": (header(kid="k2"), "TOKEN_SIGNATURE", NOBODY, "the key decides"),
    "list as alg": (header(alg=["ES256"]), "TOKEN_ALGORITHM_MISSING", NOBODY, "alg is a string"),
    "lower-case alg": (header(alg="es256"), "TOKEN_ALGORITHM_REFUSED", NOBODY, "names are case-sensitive"),
    "duplicate alg": (
        sign(b'{"alg":"none","alg":"ES256","kid":"k1"}', CLAIMS), "TOKEN_DUPLICATE_MEMBER", BOTH,
        "RFC 7515 §4: names must be unique; parsers differ in which one they take",
    ),
    "duplicate claim": (
        sign(HEADER, json.dumps(CLAIMS)[:-1].encode() + b',"sub":"admin"}'), "TOKEN_DUPLICATE_MEMBER", BOTH,
        "RFC 7519 §4: names must be unique; parsers differ in which one they take",
    ),
    "duplicate by escape": (
        sign(HEADER, json.dumps(CLAIMS)[:-1].encode() + b',"\\u0073ub":"admin"}'), "TOKEN_DUPLICATE_MEMBER", BOTH,
        "the same name, spelled differently",
    ),
    "byte order mark": (
        sign(HEADER, b"\xef\xbb\xbf" + json.dumps(CLAIMS).encode()), "TOKEN_PAYLOAD_JSON", BOTH,
        "RFC 8259 §8.1: JSON has none; those who skip it see another text than was signed",
    ),
    "UTF-16": (
        sign(HEADER, json.dumps(CLAIMS).encode("utf-16-le")), "TOKEN_PAYLOAD_JSON", BOTH, "RFC 8259 §8.1: UTF-8 only",
    ),
    "NaN": (claims(weight=float("nan")), "TOKEN_PAYLOAD_JSON", BOTH, "RFC 8259 §6 has no such number"),
    "lone surrogate": (
        sign(HEADER, json.dumps({**CLAIMS, "sub": "\ud800"}).encode()), "TOKEN_PAYLOAD_JSON", BOTH,
        "it is no Unicode text, and each language makes something else of it",
    ),
    "raw control character": (
        sign(HEADER, json.dumps(CLAIMS).encode().replace(b'"s"', b'"\n"')), "TOKEN_PAYLOAD_JSON", NOBODY,
        "RFC 8259 §7: must be escaped",
    ),
    "after the object": (sign(HEADER, json.dumps(CLAIMS).encode() + b"{}"), "TOKEN_PAYLOAD_JSON", NOBODY, "one object"),
    "payload is a list": (sign(HEADER, [CLAIMS]), "TOKEN_PAYLOAD_JSON", NOBODY, "one object"),
    "deep claims": (
        sign(HEADER, json.dumps({**CLAIMS, "x": 0}).replace("0}", "[" * 64 + "]" * 64 + "}").encode()),
        "TOKEN_JSON_LIMIT", BOTH, "bounded depth (RFC 8259 §9)",
    ),
    "long header": (header(x="y" * 1200), "TOKEN_TOO_LONG", {"PyJWT"}, "bounded size before any work"),
    "text as expiry": (claims(exp=str(NOW + 60)), "TOKEN_DATE", {"PyJWT"}, "RFC 7519 §2: a NumericDate is a number"),
    "true as expiry": (claims(exp=True), "TOKEN_DATE", NOBODY, "RFC 7519 §2"),
    "negative not-before": (claims(nbf=-1), "TOKEN_DATE", BOTH, "no token is older than 1970"),
    "huge expiry": (claims(exp=2**60), "TOKEN_DATE", BOTH, "above 2^53 languages round differently"),
    "null expiry": (claims(exp=None), "TOKEN_DATE", NOBODY, "present and not a number"),
    "no expiry": (without("exp"), "TOKEN_EXPIRY_MISSING", NOBODY, "a token that never ends cannot be withdrawn"),
    "no issuer": (without("iss"), "TOKEN_ISSUER_MISSING", NOBODY, "it is required"),
    "no audience": (without("aud"), "TOKEN_AUDIENCE_MISSING", NOBODY, "it is required"),
    "empty audience": (claims(aud=[]), "TOKEN_AUDIENCE_MISSING", NOBODY, "it is for nobody"),
    "mixed audience": (
        claims(aud=[AUDIENCE, 1]), "TOKEN_AUDIENCE_MISSING", NOBODY, "RFC 7519 §4.1.3: strings only",
    ),
    "list as issuer": (claims(iss=[ISSUER]), "TOKEN_ISSUER_MISSING", NOBODY, "iss is a string"),
    "issuer in upper case": (claims(iss=ISSUER.upper()), "TOKEN_ISSUER_UNKNOWN", NOBODY, "compared byte by byte"),
    "number as subject": (claims(sub=7), "TOKEN_CLAIM_TYPE", NOBODY, "RFC 7519 §4.1.2: sub is a string"),
    "issued in the future": (claims(iat=NOW + 30), "TOKEN_NOT_YET_VALID", NOBODY, "a clock is wrong; grant a skew"),
    "white space around": (" " + header() + "\n", "TOKEN_CHARACTER", NOBODY, "a token has one spelling"),
    "line break inside": (header()[:30] + "\n" + header()[30:], "TOKEN_CHARACTER", NOBODY, "a token has one spelling"),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_tokens_are_judged_as_the_table_says(name, monkeypatch):
    token, expected, others, why = ODD[name]
    reason, accepting = judge(token, JWKS, monkeypatch)
    assert reason == expected, why
    if expected == "OK":
        assert accepting == others == BOTH
    else:
        assert accepting <= others, f"stricter than {accepting - others}, and the table does not say so"


def test_nothing_but_a_token_error_comes_out_of_signed_oddities():
    """Claims that pass must also be readable, whatever they are."""
    verifier = ostiary.TokenVerifier(jwks=JWKS, issuer=ISSUER, audience=AUDIENCE, algorithms=ALGORITHMS)
    values = ["9" * 400, "1e400", "-0", "1E5", "0.1", "1" + "0" * 5000, '"\\u0000"', '"\\ud83d\\ude00"', "null", "{}", "[]"]
    for value in values:
        payload = f'{json.dumps(CLAIMS)[:-1]}, "odd": {value}}}'.encode()
        try:
            assert "odd" in verifier.verify(sign(HEADER, payload), now=NOW)
        except ostiary.TokenError:
            pass
