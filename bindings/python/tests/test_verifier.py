"""What a verifier can be asked for beyond one issuer with a JWK set. Tokens are made by PyJWT."""

import base64
import copy
import hashlib
import json
import pickle

import pytest
from conftest import ALGORITHMS, AUDIENCE, ISSUER, NOW, shop_token

import ostiary
from ostiary import IssuerSettings, KeySet, Reason, RevocationList, SecretKeys, TokenCache, TokenVerifier

jwt = pytest.importorskip("jwt")
ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
from cryptography.hazmat.primitives import serialization  # noqa: E402

KEY = ec.generate_private_key(ec.SECP256R1())
JWK = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key()))
JWKS = {"keys": [{**JWK, "kid": "k1", "alg": "ES256"}]}
PEM = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
SECRET = b"0123456789abcdef0123456789abcdef"
CLAIMS = {"iss": "https://login.example", "aud": "api", "iat": NOW, "exp": NOW + 600, "sub": "ada"}


def signed(claims=None, headers=None, key=KEY, algorithm="ES256", **more):
    return jwt.encode({**(CLAIMS if claims is None else claims), **more}, key, algorithm, {"kid": "k1", **(headers or {})})


def make(**changed):
    return TokenVerifier(**{**dict(jwks=JWKS, issuer=CLAIMS["iss"], audience="api", algorithms=["ES256"]), **changed})


def refusal(verifier, token, **facts):
    with pytest.raises(ostiary.TokenError) as raised:
        verifier.verify(token, **{"now": NOW, **facts})
    return raised.value.reason.name


# ---- settings ----------------------------------------------------------------------------------------------


def test_a_profile_asks_for_its_claims():
    access = make(profile="access_token")
    good = signed(headers={"typ": "at+jwt"}, client_id="c", jti="1")
    assert access.verify(good, now=NOW)["client_id"] == "c"
    assert refusal(access, signed(client_id="c", jti="1")) == "TOKEN_TYPE"
    assert refusal(access, signed(headers={"typ": "at+jwt"}, jti="1")) == "TOKEN_CLAIM_MISSING"
    assert refusal(make(profile="id_token"), good) == "TOKEN_TYPE"


def test_ages_and_required_members_are_demands():
    young = make(max_age_s=60)
    assert young.verify(signed(), now=NOW + 60)
    assert refusal(young, signed(), now=NOW + 61) == "TOKEN_TOO_OLD"
    assert refusal(make(required_claims={"tenant": "a"}), signed(tenant="b")) == "TOKEN_CLAIM_VALUE"
    assert make(required_claims={"tenant": "a"}).verify(signed(tenant="a"), now=NOW)
    assert refusal(make(required_header={"env": "live"}), signed()) == "TOKEN_CLAIM_VALUE"
    assert make(required_header={"env": "live"}).verify(signed(headers={"env": "live"}), now=NOW)
    by_client = make(audience="c", audience_claim="client_id")
    assert by_client.verify(signed({k: v for k, v in CLAIMS.items() if k != "aud"}, client_id="c"), now=NOW)


def test_the_facts_of_a_login_are_asked():
    login = make(profile="id_token")
    code = "SplxlOBeZQQYbYS6WxSbIA"
    half = base64.urlsafe_b64encode(hashlib.sha256(code.encode()).digest()[:16]).rstrip(b"=").decode()
    token = signed(nonce="n", c_hash=half)
    assert login.verify(token, now=NOW, nonce="n", code=code)["c_hash"] == half
    assert refusal(login, token, nonce="m") == "TOKEN_NONCE"
    assert refusal(login, token, code="other") == "TOKEN_HASH"
    assert refusal(login, token, access_token="t") == "TOKEN_HASH"
    with pytest.raises(TypeError):
        login.verify(token, now=NOW, nonce=7)


VENDORS = {
    "okta": (IssuerSettings.okta("acme.okta.com", "api"), {"iss": "https://acme.okta.com/oauth2/default", "aud": "api"}),
    "auth0": (IssuerSettings.auth0("acme.auth0.com", "api"), {"iss": "https://acme.auth0.com/", "aud": "api"}),
    "entra": (
        IssuerSettings.entra("72f988bf-86f1-41af-91ab-2d7cd011db47", "api"),
        {
            "iss": "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
            "aud": "api",
            "tid": "72f988bf-86f1-41af-91ab-2d7cd011db47",
            "ver": "2.0",
        },
    ),
    "cognito": (
        IssuerSettings.cognito("eu-west-1", "eu-west-1_x", "c"),
        {"iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x", "client_id": "c", "token_use": "access"},
    ),
    "google": (
        IssuerSettings.google("c", hosted_domain="acme.example"),
        {"iss": "accounts.google.com", "aud": "c", "sub": "1", "hd": "acme.example"},
    ),
    "github_actions": (
        IssuerSettings.github_actions("api", "acme/shop"),
        {"iss": "https://token.actions.githubusercontent.com", "aud": "api", "repository": "acme/shop"},
    ),
    "keycloak": (
        IssuerSettings.keycloak("https://login.example", "r", "api"),
        {"iss": "https://login.example/realms/r", "aud": "api", "typ": "Bearer"},
    ),
}


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_vendor_has_settings(vendor):
    settings, claims = VENDORS[vendor]
    claims = {**claims, "iat": NOW, "exp": NOW + 60}
    verifier = TokenVerifier.for_issuers([(settings.changed(algorithms=["ES256"]), JWKS)])
    assert verifier.verify(signed(claims), now=NOW)["iss"] in settings.issuers
    for name in claims.keys() - {"iat"}:
        assert refusal(verifier, signed({k: v for k, v in claims.items() if k != name})), name
    assert refusal(TokenVerifier.for_issuers([(settings, JWKS)]), signed(claims)) == "TOKEN_ALGORITHM_REFUSED"


def test_a_load_balancer_writes_padding():
    settings = IssuerSettings.alb("https://idp.example", "c", "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/a")
    verifier = TokenVerifier.for_issuers([(settings, KeySet.from_pem({"k1": PEM}))])
    header = {
        "alg": "ES256",
        "kid": "k1",
        "signer": "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/a",
        "iss": "https://idp.example",
        "client": "c",
        "exp": NOW + 60,
    }
    parts = [json.dumps(part).encode() for part in (header, {"sub": "1", "iss": "https://idp.example", "exp": NOW + 60})]
    signing_input = b".".join(map(base64.urlsafe_b64encode, parts))
    signature = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256).sign(signing_input, KEY)
    assert verifier.verify(signing_input + b"." + base64.urlsafe_b64encode(signature), now=NOW)["sub"] == "1"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: make(profile="oauth"),
        lambda: make(audience_claim="sub"),
        lambda: make(max_age_s=-1),
        lambda: make(required_claims={"": "a"}),
        lambda: IssuerSettings.okta("a/b", "api"),
        lambda: IssuerSettings.okta("a", "api", use="refresh"),
        lambda: IssuerSettings.entra("common", "api"),
        lambda: IssuerSettings.entra("72f988bf-86f1-41af-91ab-2d7cd011db47", "api", version=3),
        lambda: TokenVerifier.for_issuers([]),
        lambda: TokenVerifier.for_issuers([(VENDORS["okta"][0], JWKS)] * 2),
        lambda: TokenVerifier.for_issuers([(VENDORS["okta"][0], SecretKeys(SECRET))]),
        lambda: make().with_keys(JWKS, issuer=1),
        lambda: make().with_keys(SecretKeys(SECRET)),
        lambda: TokenCache(0),
        lambda: TokenCache(secret=b"short"),
        lambda: TokenCache(1000),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(wrong):
    with pytest.raises(ostiary.UsageError):
        wrong()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: TokenVerifier(issuer="i", audience="a", algorithms=["RS256"]),
        lambda: make(secrets=SecretKeys(SECRET)),
        lambda: make(required_claims={"a": 1}),
        lambda: make(cache=7),
        lambda: make(revocation=JWKS),
        lambda: TokenVerifier.for_issuers([("okta", JWKS)]),
        lambda: SecretKeys("0123456789abcdef0123456789abcdef"),
        lambda: KeySet.from_pem(7),
        lambda: RevocationList(7),
    ],
)
def test_what_has_a_wrong_type_is_a_type_error(wrong):
    with pytest.raises(TypeError):
        wrong()


# ---- keys --------------------------------------------------------------------------------------------------


def test_keys_come_as_a_jwk_or_pem():
    named = {**JWK, "kid": "k1"}
    for keys in (KeySet.from_jwk(named), KeySet.from_jwk(json.dumps(named)), KeySet.from_pem({"k1": PEM.decode()})):
        assert make(jwks=keys).verify(signed(), now=NOW)
    for keys in (KeySet.from_jwk(JWK), KeySet.from_pem(PEM)):
        assert make(jwks=keys).verify(jwt.encode(CLAIMS, KEY, "ES256"), now=NOW)
        assert refusal(make(jwks=keys), signed()) == "TOKEN_KEY_UNKNOWN"
    assert refusal(make(jwks=KeySet.from_pem({"k2": PEM})), signed()) == "TOKEN_KEY_UNKNOWN"


def test_keys_tell_what_they_are():
    members = json.dumps({name: JWK[name] for name in ("crv", "kty", "x", "y")}, sort_keys=True, separators=(",", ":"))
    thumbprint = hashlib.sha256(members.encode()).digest()
    assert KeySet(JWKS).keys == [("k1", "ES256", 256, thumbprint)]
    assert KeySet.from_pem(PEM, algorithm="ES256").keys[0].kid is None


def test_an_empty_set_says_why():
    with pytest.raises(ostiary.KeySetError) as raised:
        KeySet({"keys": [{"kty": "unheard-of", "kid": "x"}, {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]})
    error = raised.value
    assert (error.reason, error.skipped) == (Reason.KEYS_EMPTY, [Reason.KEY_TYPE, Reason.KEY_POINT])
    assert (error.skipped_keys[0].kid, error.skipped_keys[1].place) == ("x", 1)
    assert pickle.loads(pickle.dumps(error)).skipped_keys == error.skipped_keys


def test_secrets_are_a_kind_of_their_own():
    verifier = make(jwks=None, secrets=SecretKeys({"k1": SECRET}), algorithms=["HS256"])
    assert verifier.verify(signed(key=SECRET, algorithm="HS256"), now=NOW)["sub"] == "ada"
    assert refusal(verifier, signed()) == "TOKEN_ALGORITHM_REFUSED"
    assert "SecretKeys" in repr(verifier.keys) and "0123" not in repr(verifier.keys)
    for secret, reason in ((b"short", "KEY_SECRET_SIZE"), (PEM, "KEY_SECRET_PUBLIC"), (json.dumps(JWKS).encode(), "KEY_SECRET_PUBLIC")):
        with pytest.raises(ostiary.KeySetError) as raised:
            SecretKeys(secret)
        assert raised.value.reason.name == reason


def test_several_issuers_and_rotation():
    other = {**CLAIMS, "iss": "https://other.example"}
    settings = [IssuerSettings(iss, "api", ["ES256"]) for iss in (CLAIMS["iss"], other["iss"])]
    verifier = TokenVerifier.for_issuers([(settings[0], JWKS), (settings[1], None)])
    assert verifier.verify(signed(), now=NOW)
    assert refusal(verifier, signed(other)) == "TOKEN_ISSUER_KEYS"
    rotated = verifier.with_keys(JWKS, issuer=1)
    assert rotated.verify(signed(other), now=NOW) and rotated.verify(signed(), now=NOW)
    assert refusal(verifier, signed(other)) == "TOKEN_ISSUER_KEYS"
    assert refusal(rotated.with_keys(None), signed()) == "TOKEN_ISSUER_KEYS"
    assert [keys is not None for _, keys in rotated.issuers] == [True, True]


# ---- revocation, cache -------------------------------------------------------------------------------------


def test_revoked_tokens_are_refused_with_and_without_a_cache():
    for cache in (None, TokenCache(256 * 1024)):
        verifier = make(cache=cache)
        token = signed(jti="t1")
        for _ in range(3):
            assert verifier.verify(token, now=NOW)
        revoked = verifier.with_revocation(RevocationList({"revoked": [{"iss": CLAIMS["iss"], "jti": "t1"}]}))
        assert refusal(revoked, token) == "TOKEN_REVOKED"
        assert revoked.with_revocation(None).verify(token, now=NOW)
    assert len(RevocationList({"revoked": []})) == 0
    with pytest.raises(ostiary.KeySetError, match="REVOCATION_JSON"):
        RevocationList("{}")


def test_a_cache_counts_and_forgets():
    cache = TokenCache(256 * 1024, secret=bytes(range(32)))
    verifier, token = make(cache=cache), signed()
    answers = [verifier.verify(token, now=NOW) for _ in range(4)]
    assert all(answer == answers[0] for answer in answers)
    assert (cache.stats.hits, cache.stats.admissions) == (2, 1)
    assert refusal(verifier, token, now=NOW + 600) == "TOKEN_EXPIRED"
    cache.clear()
    assert verifier.verify(token, now=NOW) and cache.stats.hits == 2
    assert cache.stats.capacity > 0


# ---- refusals ----------------------------------------------------------------------------------------------


def test_explanations_list_every_fault(verifier):
    token = shop_token("gold-rs256")
    assert verifier.explain(token, now=NOW) == ((), 0, True, True)
    tampered = token[:-8] + ("A" if token[-8] != "A" else "B") + token[-7:]
    found = TokenVerifier(jwks=verifier.keys, issuer=ISSUER, audience="other", algorithms=ALGORITHMS).explain(tampered, now=2**40)
    assert [fault.reason.name for fault in found.faults] == ["TOKEN_EXPIRED", "TOKEN_AUDIENCE", "TOKEN_SIGNATURE"]
    assert found.faults[0].offset == token.index(".") + 1 and found.signature_checked
    garbage = verifier.explain("a.b", now=NOW)
    assert (garbage.issuer, garbage.complete, len(garbage.faults)) == (None, False, 1)
    assert token[:20] not in repr(found)


def test_the_first_fault_is_the_verdict(verifier):
    for name in ("expired-rs256", "wrong-audience", "tampered-signature", "encrypted", "alg-none-kept", "no-such-kid"):
        try:
            token = shop_token(name)
        except FileNotFoundError:
            continue
        assert verifier.explain(token, now=NOW).faults[0].reason.name == refusal(verifier, token)


def test_a_refusal_made_in_the_core_is_like_one_made_here(verifier):
    with pytest.raises(ostiary.TokenError) as raised:
        verifier.verify("a!", now=NOW)
    error = raised.value
    alike = ostiary.TokenError(Reason.TOKEN_CHARACTER, offset=1)
    assert type(error) is ostiary.TokenError and isinstance(error, ostiary.OstiaryError)
    assert (error.args, vars(error), str(error), repr(error)) == (alike.args, vars(alike), str(alike), repr(alike))
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (again.reason, again.offset, str(again)) == (error.reason, 1, str(error))
    error.note = "mine"  # and nobody else's
    with pytest.raises(ostiary.TokenError) as second:
        verifier.verify("!", now=NOW)
    assert not hasattr(second.value, "note") and second.value.offset == 0


def test_the_shop_is_still_what_it_was(jwks):
    assert AUDIENCE in TokenVerifier(jwks=jwks, issuer=ISSUER, audience=AUDIENCE, algorithms=ALGORITHMS).verify(
        shop_token("gold-rs256"), now=NOW
    )["aud"]
