"""KeySet and TokenVerifier."""

import datetime
import json

import pytest
from conftest import ALGORITHMS, AUDIENCE, ISSUER, NOW, SHOP, shop_token

import ostiary
from ostiary import Reason


def make(jwks, **changed):
    options = dict(jwks=jwks, issuer=ISSUER, audience=AUDIENCE, algorithms=ALGORITHMS)
    return ostiary.TokenVerifier(**{**options, **changed})


def test_a_good_token_gives_all_its_claims(verifier):
    claims = verifier.verify(shop_token("gold-rs256"), now=NOW)
    assert claims["iss"] == ISSUER
    assert claims["tier"] == "gold"
    assert isinstance(claims["exp"], int)
    assert {"sub", "aud", "iat"} <= set(claims)


def test_claims_cannot_be_changed(verifier):
    claims = verifier.verify(shop_token("gold-rs256"), now=NOW)
    with pytest.raises(TypeError):
        claims["tier"] = "platinum"
    with pytest.raises(TypeError):
        del claims["tier"]
    assert verifier.verify(shop_token("gold-rs256"), now=NOW) == claims


def test_a_token_may_be_text_or_any_bytes(verifier):
    token = shop_token("gold-rs256")
    raw = token.encode()
    for form in [token, raw, bytearray(raw), memoryview(raw), memoryview(bytearray(raw))]:
        assert verifier.verify(form, now=NOW)["tier"] == "gold"


def test_a_refusal_says_why_and_where(verifier):
    token = shop_token("gold-rs256")
    with pytest.raises(ostiary.TokenError) as raised:
        verifier.verify(token[:10] + "!" + token[11:], now=NOW)
    error = raised.value
    assert (error.reason, error.offset) == (Reason.TOKEN_CHARACTER, 10)
    assert isinstance(error, ValueError)
    assert error.message == ostiary.reason_info(error.reason).text
    assert str(error) == f"TOKEN_CHARACTER: {error.message}"


@pytest.mark.parametrize("token", ["", b"", ".", "..", "...", "a.b.c", "\x00", "e" * 10_000_000, "\ud800", "caf\xe9.a.b"])
def test_garbage_is_a_token_error(verifier, token):
    with pytest.raises(ostiary.TokenError):
        verifier.verify(token, now=NOW)


@pytest.mark.parametrize("token", [None, 1, ["a"], {}])
def test_what_is_not_text_is_a_type_error(verifier, token):
    with pytest.raises(TypeError, match="token must be str or bytes-like"):
        verifier.verify(token, now=NOW)


# ---- time --------------------------------------------------------------------------------------------------


def test_every_form_of_now_means_the_same(verifier):
    token = shop_token("gold-rs256")
    expiry = verifier.verify(token, now=NOW)["exp"]
    last = datetime.datetime.fromtimestamp(expiry - 1, datetime.timezone.utc)
    for good in [expiry - 1, expiry - 0.5, last, last.astimezone(datetime.timezone(datetime.timedelta(hours=9)))]:
        assert verifier.verify(token, now=good)
    for late in [expiry, expiry + 0.5, last + datetime.timedelta(seconds=1)]:
        with pytest.raises(ostiary.TokenError) as raised:
            verifier.verify(token, now=late)
        assert raised.value.reason is Reason.TOKEN_EXPIRED


def test_without_now_the_clock_is_read(verifier, monkeypatch):
    monkeypatch.setattr("time.time", lambda: float(NOW))
    assert verifier.verify(shop_token("gold-rs256"))
    monkeypatch.setattr("time.time", lambda: NOW + 1e9)
    with pytest.raises(ostiary.TokenError, match="TOKEN_EXPIRED"):
        verifier.verify(shop_token("gold-rs256"))


@pytest.mark.parametrize("now", [float("nan"), float("inf"), 2**63, -(2**70), datetime.datetime(2026, 1, 1)])
def test_a_moment_that_is_none_is_a_usage_error(verifier, now):
    with pytest.raises(ostiary.UsageError):
        verifier.verify(shop_token("gold-rs256"), now=now)


@pytest.mark.parametrize("now", ["1795429475", True, b"1", object()])
def test_a_moment_of_another_type_is_a_type_error(verifier, now):
    with pytest.raises(TypeError):
        verifier.verify(shop_token("gold-rs256"), now=now)


def test_no_token_is_good_at_the_ends_of_time(verifier):
    for now in [2**63 - 1, 2**62, 0, -1, -(2**63)]:
        with pytest.raises(ostiary.OstiaryError):
            verifier.verify(shop_token("gold-rs256"), now=now)


def test_skew_is_granted_and_bounded(jwks):
    token = shop_token("gold-rs256")
    expiry = make(jwks).verify(token, now=NOW)["exp"]
    assert make(jwks, clock_skew_s=30).verify(token, now=expiry + 29)
    for skew in [-1, 301, 2**64]:
        with pytest.raises(ostiary.UsageError):
            make(jwks, clock_skew_s=skew)
    with pytest.raises(TypeError):
        make(jwks, clock_skew_s=1.5)


# ---- options -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"audience": []},
        {"audience": ""},
        {"audience": [""]},
        {"algorithms": []},
        {"algorithms": ["none"]},
        {"algorithms": ["HS256"]},
        {"algorithms": ["RS256", "rs256"]},
        {"algorithms": ["RS256\x00"]},
        {"issuer": ""},
    ],
    ids=str,
)
def test_an_open_door_cannot_be_configured(jwks, changed):
    with pytest.raises(ostiary.UsageError) as raised:
        make(jwks, **changed)
    assert raised.value.reason is Reason.USAGE_ARGUMENT
    assert isinstance(raised.value, ValueError)


@pytest.mark.parametrize("changed", [{"algorithms": "RS256"}, {"algorithms": b"RS256"}, {"issuer": None}, {"audience": [1]}])
def test_options_of_a_wrong_type_are_type_errors(jwks, changed):
    with pytest.raises(TypeError):
        make(jwks, **changed)


@pytest.mark.parametrize("missing", ["jwks", "issuer", "audience", "algorithms"])
def test_every_option_but_the_skew_is_required(jwks, missing):
    options = dict(jwks=jwks, issuer=ISSUER, audience=AUDIENCE, algorithms=ALGORITHMS)
    del options[missing]
    with pytest.raises(TypeError):
        ostiary.TokenVerifier(**options)


def test_one_of_several_audiences_is_enough(jwks):
    several = make(jwks, audience=["https://other.example", AUDIENCE])
    assert several.verify(shop_token("gold-rs256"), now=NOW)
    with pytest.raises(ostiary.TokenError, match="TOKEN_AUDIENCE"):
        make(jwks, audience="https://other.example").verify(shop_token("gold-rs256"), now=NOW)


def test_an_algorithm_that_is_not_listed_is_refused(jwks):
    with pytest.raises(ostiary.TokenError) as raised:
        make(jwks, algorithms=["ES256"]).verify(shop_token("gold-rs256"), now=NOW)
    assert raised.value.reason is Reason.TOKEN_ALGORITHM_REFUSED


# ---- keys --------------------------------------------------------------------------------------------------


def test_keys_may_be_text_bytes_mapping_or_a_key_set(jwks):
    forms = [jwks, jwks.encode(), bytearray(jwks.encode()), json.loads(jwks), ostiary.KeySet(jwks)]
    for form in forms:
        assert make(form).verify(shop_token("standard-es256"), now=NOW)


def test_a_key_set_counts_its_keys_and_names_the_skipped(jwks):
    keys = json.loads(jwks)
    keys["keys"].append({"kty": "unheard-of", "kid": "x"})
    key_set = ostiary.KeySet(keys)
    assert len(key_set) == 3
    assert key_set.skipped == [Reason.KEY_TYPE]
    assert make(key_set).keys is key_set


@pytest.mark.parametrize(
    ("jwks", "reason"),
    [
        ("", "KEYS_JSON"),
        ("[]", "KEYS_JSON"),
        ("\ud800", "KEYS_JSON"),
        ('{"keys": [], "keys": []}', "KEYS_DUPLICATE_MEMBER"),
        ('{"keys": []}', "KEYS_EMPTY"),
        ({"keys": []}, "KEYS_EMPTY"),
        ({"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}, "KEY_PRIVATE"),
        ("[" * 1_000_000, None),
    ],
)
def test_an_unusable_key_set_is_refused(jwks, reason):
    with pytest.raises(ostiary.KeySetError) as raised:
        ostiary.KeySet(jwks)
    if reason is not None:
        assert raised.value.reason.name == reason


def test_private_keys_are_refused_without_being_quoted(jwks):
    keys = json.loads(jwks)
    keys["keys"][1]["d"] = "c2VjcmV0LWtleS1tYXRlcmlhbA"
    with pytest.raises(ostiary.KeySetError) as raised:
        ostiary.KeySet(keys)
    assert raised.value.reason is Reason.KEY_PRIVATE
    assert "c2VjcmV0" not in str(raised.value)


@pytest.mark.parametrize("jwks", [None, 1, [1]])
def test_keys_of_another_type_are_a_type_error(jwks):
    with pytest.raises(TypeError):
        ostiary.KeySet(jwks)


def test_the_shop_serves_three_keys():
    assert len(ostiary.KeySet((SHOP / "keys.json").read_bytes())) == 3


def test_the_cache_is_its_own_shared_or_none(jwks):
    token = shop_token("gold-rs256")
    for cache in (True, False, None, ostiary.TokenCache()):
        verifier = make(jwks, cache=cache)
        assert [verifier.verify(token, now=NOW)["sub"] for _ in range(4)] == ["customer-1001"] * 4
    assert cache.stats.hits > 0
    with pytest.raises(TypeError):
        make(jwks, cache=1)
