"""Keys over time, and who sends a token. Proofs are made by joserfc."""

import asyncio
import base64
import hashlib
import json

import pytest
from conftest import NOW

import ostiary
from ostiary import DpopNonces, KeySource, Reason, ReplayMemory, SenderConstraint, TokenVerifier

joserfc_jwt = pytest.importorskip("joserfc.jwt")
from joserfc.jwk import ECKey, OKPKey  # noqa: E402

ISSUER_KEY = ECKey.generate_key("P-256", {"kid": "k1", "alg": "ES256"})
JWKS = {"keys": [ISSUER_KEY.as_dict(private=False)]}
CLIENT_KEY = ECKey.generate_key("P-256")
ISSUER = "https://login.example"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def make_token(**cnf):
    claims = {"iss": ISSUER, "aud": "api", "iat": NOW, "exp": NOW + 600, "sub": "ada"}
    return joserfc_jwt.encode({"alg": "ES256", "kid": "k1"}, {**claims, **({"cnf": cnf} if cnf else {})}, ISSUER_KEY)


BOUND = make_token(jkt=CLIENT_KEY.thumbprint())


def make_proof(key=CLIENT_KEY, alg="ES256", token=BOUND, typ="dpop+jwt", **changed):
    claims = {"jti": "1", "htm": "GET", "htu": "https://api.example/orders", "iat": NOW, "ath": b64(hashlib.sha256(token.encode()).digest())}
    header = {"typ": typ, "alg": alg, "jwk": key.as_dict(private=False)}
    return joserfc_jwt.encode(header, {k: v for k, v in {**claims, **changed}.items() if v is not None}, key, algorithms=[alg])


def request(proof=None, token=BOUND, scheme="DPoP", target="/orders?page=2"):
    fields = [("host", "api.example"), ("authorization", f"{scheme} {token}")] + ([("dpop", proof)] if proof else [])
    return ostiary.inspect_fields(method="GET", target=target, fields=fields, scheme="https")


VERIFIER = TokenVerifier(jwks=JWKS, issuer=ISSUER, audience="api", algorithms=["ES256"])
UNCHECKED = SenderConstraint(replay=None)


def refusal(seen, sender=UNCHECKED, **facts):
    with pytest.raises(ostiary.TokenError) as raised:
        VERIFIER.verify_request(seen, sender, **{"now": NOW, **facts})
    return raised.value.reason.name


def test_a_bound_token_needs_a_proof_of_its_key():
    assert VERIFIER.verify_request(request(make_proof()), UNCHECKED, now=NOW)["sub"] == "ada"
    assert refusal(request()) == "DPOP_MISSING"
    assert refusal(request(scheme="Bearer")) == "DPOP_SCHEME"
    assert refusal(request(make_proof(ECKey.generate_key("P-256")))) == "DPOP_BINDING"
    assert refusal(request("a.b.c")) == "DPOP_MALFORMED"
    assert VERIFIER.verify_request(request(token=make_token(), scheme="Bearer"), UNCHECKED, now=NOW)
    assert refusal(request(make_proof(), make_token())) == "DPOP_UNBOUND"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"htm": "POST"}, "DPOP_METHOD"),
        ({"htu": "https://api.example/other"}, "DPOP_URI"),
        ({"htu": "http://api.example/orders"}, "DPOP_URI"),
        ({"iat": NOW - 66}, "DPOP_AGE"),
        ({"iat": NOW + 6}, "DPOP_AGE"),
        ({"token": "another"}, "DPOP_ACCESS_TOKEN"),
        ({"jti": None}, "DPOP_CLAIMS"),
        ({"typ": "JWT"}, "DPOP_TYPE"),
        ({"htu": "HTTPS://API.example:443/./orders"}, None),
        ({"iat": NOW - 65}, None),
    ],
    ids=str,
)
def test_every_claim_of_a_proof_is_asked(changed, reason):
    seen = request(make_proof(**changed))
    if reason is None:
        assert VERIFIER.verify_request(seen, UNCHECKED, now=NOW)
    else:
        assert refusal(seen) == reason


def test_algorithms_of_proofs_are_a_choice():
    key = OKPKey.generate_key("Ed25519")
    token = make_token(jkt=key.thumbprint())
    seen = request(make_proof(key, "Ed25519", token), token)
    assert VERIFIER.verify_request(seen, UNCHECKED, now=NOW)
    assert refusal(seen, SenderConstraint(["ES256"], replay=None)) == "DPOP_ALGORITHM"


def test_the_host_knows_better_how_it_was_addressed():
    seen = request(make_proof(htu="https://shop.example/orders"))
    assert VERIFIER.verify_request(seen, UNCHECKED, now=NOW, authority="shop.example")
    assert refusal(seen) == "DPOP_URI"
    assert refusal(seen, scheme="http", authority="shop.example") == "DPOP_URI"


def test_a_proof_is_used_once():
    sender = SenderConstraint(replay=ReplayMemory(100, forgotten_until=0))
    assert VERIFIER.verify_request(request(make_proof()), sender, now=NOW)
    assert refusal(request(make_proof()), sender) == "DPOP_REPLAY"
    assert VERIFIER.verify_request(request(make_proof(jti="2")), sender, now=NOW)
    late = SenderConstraint(replay=ReplayMemory(100, forgotten_until=NOW))
    assert refusal(request(make_proof()), late) == "DPOP_REPLAY_UNKNOWN"


def test_a_nonce_is_asked_for_and_handed_out():
    nonces = DpopNonces(bytes(range(32)))
    sender = SenderConstraint(replay=None, nonces=nonces)
    seen = request(make_proof())
    assert refusal(seen, sender) == "DPOP_NONCE"
    assert 'error="use_dpop_nonce"' in sender.challenge(seen, Reason.DPOP_NONCE)
    assert sender.challenge(seen, Reason.DPOP_REPLAY_UNKNOWN) is None
    good = make_proof(nonce=nonces.write(now=NOW))
    assert VERIFIER.verify_request(request(good), sender, now=NOW + 60)
    assert refusal(request(make_proof(nonce=nonces.write(now=NOW - 120))), sender) == "DPOP_NONCE"


def test_a_certificate_binds_as_well():
    certificate = hashlib.sha256(b"certificate").digest()
    seen = request(token=make_token(**{"x5t#S256": b64(certificate)}), scheme="Bearer")
    assert VERIFIER.verify_request(seen, UNCHECKED, now=NOW, certificate_sha256=certificate)
    assert refusal(seen) == "CERTIFICATE_MISSING"
    assert refusal(seen, certificate_sha256=hashlib.sha256(b"other").digest()) == "CERTIFICATE_BINDING"


def test_calls_that_make_no_sense():
    for wrong in (
        lambda: SenderConstraint([], replay=None),
        lambda: SenderConstraint(["HS256"], replay=None),
        lambda: SenderConstraint(replay=None, max_age_s=-1),
        lambda: DpopNonces(b"short"),
        lambda: ReplayMemory(0),
        lambda: KeySource("http://login.example"),
        lambda: KeySource(ISSUER, kind="file"),
        lambda: KeySource(ISSUER, soft_age_min_s=7200),
        lambda: KeySource(ISSUER, hard_age_s=-1),
        lambda: VERIFIER.verify_request(ostiary.inspect(b"GET / HT"), UNCHECKED, now=NOW),
    ):
        with pytest.raises(ostiary.UsageError):
            wrong()
    for wrong in (lambda: SenderConstraint("ES256", replay=None), lambda: SenderConstraint(replay=7), lambda: DpopNonces("a" * 32)):
        with pytest.raises(TypeError):
            wrong()


# ---- keys over time ----------------------------------------------------------------------------------------


def test_a_source_asks_for_discovery_and_keys():
    source = KeySource(ISSUER)
    documents = {
        f"{ISSUER}/.well-known/openid-configuration": json.dumps({"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}),
        f"{ISSUER}/keys": json.dumps(JWKS),
    }

    async def refresh():
        changes = []
        while (fetch := source.wanted(now=NOW)) is not None and fetch.not_before <= NOW:
            source.begin(fetch, now=NOW)
            await asyncio.sleep(0)
            changes.append(source.complete(fetch, documents[fetch.uri], max_age=120, now=NOW))
        return changes

    assert source.keys(now=NOW) is None
    assert asyncio.run(refresh())[-1] == (1, 0, 0, 0)
    assert VERIFIER.with_keys(source.keys(now=NOW)).verify(make_token(), now=NOW)
    assert source.wanted(now=NOW).reason == "soft_age" and source.wanted(now=NOW).not_before >= NOW + 60
    assert not source.unknown_key("k1") and source.unknown_key("k2")
    assert source.wanted(now=NOW).reason == "unknown_key"
    assert source.keys(now=NOW + 10**6) is None
    status = source.status(now=NOW)
    assert (status.usable, status.answers, status.last_error) == (True, 2, Reason.OK)


def test_failures_are_retried_later():
    source = KeySource(ISSUER, kind="key_set", uri=f"{ISSUER}/keys")
    fetch = source.wanted(now=NOW)
    source.begin(fetch, now=NOW)
    with pytest.raises(ostiary.KeySetError, match="KEY_SOURCE_TICKET"):
        source.begin(fetch, now=NOW)
    with pytest.raises(ostiary.KeySetError, match="KEYS_JSON"):
        source.complete(fetch, b"<html>", now=NOW)
    again = source.wanted(now=NOW)
    assert again.reason == "retry" and again.not_before > NOW
    source.begin(again, now=again.not_before)
    source.fail(again, now=again.not_before)
    assert source.status(now=again.not_before).failures == 2
