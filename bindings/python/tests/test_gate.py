"""Gate and Decision."""

import copy
import ipaddress
import json
import pickle

import pytest
from conftest import NOW, SHOP, shop_request

import ostiary
from ostiary import Reason

SOURCE = (SHOP / "gate.json").read_text()
HEALTH = b"GET /health HTTP/1.1\r\nHost: api.shop.example\r\n\r\n"


def test_a_gate_knows_its_name_and_issuers(keyless_gate):
    assert (keyless_gate.name, keyless_gate.issuers) == ("shop", ["shop-id"])
    keyless_gate.issuers.clear()
    assert keyless_gate.issuers == ["shop-id"]


def test_json_may_be_text_or_any_bytes(keyless_gate):
    for form in [SOURCE, SOURCE.encode(), bytearray(SOURCE.encode()), memoryview(SOURCE.encode())]:
        assert ostiary.Gate.compile(form).image() == keyless_gate.image()


def test_an_image_loads_and_decides_the_same(gate, keyless_gate, jwks, allowed_head):
    image = keyless_gate.image()
    assert isinstance(image, bytes)
    loaded = ostiary.Gate.load(bytearray(image))
    assert (loaded.name, loaded.issuers, loaded.image()) == ("shop", ["shop-id"], image)
    again = loaded.with_keys({"shop-id": jwks})
    assert again.decide(allowed_head, now=NOW) == gate.decide(allowed_head, now=NOW)


def test_a_gate_shows_what_its_image_holds(keyless_gate):
    source = json.loads((SHOP / "gate.json").read_text())
    document = keyless_gate.to_dict()
    assert {route["id"] for route in document["routes"]} == {route["id"] for route in source["routes"]}
    assert document == ostiary.Gate.load(keyless_gate.image()).to_dict()
    text = keyless_gate.inspect()
    assert all(rule["id"] in text for rule in source["rules"])
    assert text.isascii()


def test_an_explanation_is_of_the_decision_and_knows_the_source(gate, allowed_head):
    source = (SHOP / "gate.json").read_text()
    decision = gate.decide(allowed_head, now=NOW)
    document = gate.explain_dict(allowed_head, now=NOW, source=source)
    assert document["decision"]["rule"] == decision.rule
    deciding = [rule for rule in document["rules"] if rule["decides"]]
    (rule,) = deciding
    assert json.loads(source)["rules"][int(rule["place"]["pointer"].split("/")[2])]["id"] == decision.rule
    text = gate.explain(allowed_head, now=NOW)
    assert f"allow {decision.rule}: matches" in text
    assert gate.explain(b"", now=NOW).splitlines()[0] == "decision"


def test_a_source_of_another_gate_explains_nothing(gate, allowed_head):
    with pytest.raises(ostiary.UsageError):
        gate.explain(allowed_head, now=NOW, source=(SHOP / "gate.json").read_text().replace("suspended", "gold"))
    with pytest.raises(ostiary.GateError):
        gate.explain(allowed_head, now=NOW, source="{")


def test_a_gate_is_made_by_compile_or_load_only():
    with pytest.raises(TypeError, match="Gate.compile"):
        ostiary.Gate()


@pytest.mark.parametrize(
    ("source", "reason", "line", "column"),
    [
        ("", "GATE_JSON", 1, 1),
        ("{", "GATE_JSON", None, None),
        ('{"gate": 1,\n "gate": 1}', "GATE_DUPLICATE_MEMBER", 2, 2),
        (SOURCE.replace('"gate": 1,', '"gate": 1,\n  "unheard-of": 1,'), "GATE_UNKNOWN_MEMBER", 3, 3),
        ("\ud800", "GATE_JSON", None, None),
    ],
    ids=["empty", "open", "duplicate", "unknown", "surrogate"],
)
def test_a_faulty_gate_is_refused_with_its_place(source, reason, line, column):
    with pytest.raises(ostiary.GateError) as raised:
        ostiary.Gate.compile(source)
    error = raised.value
    assert error.reason.name == reason
    assert error.count >= 1
    if line is not None:
        assert (error.line, error.column) == (line, column)
        assert str(error).startswith(f"line {line}, column {column}: {reason}: ")


def test_an_unknown_reference_is_placed_in_the_real_gate():
    source = SOURCE.replace('"origin": "catalog"}', '"origin": "warehouse"}')
    with pytest.raises(ostiary.GateError) as raised:
        ostiary.Gate.compile(source)
    assert raised.value.reason is Reason.GATE_REFERENCE
    assert "warehouse" in source.splitlines()[raised.value.line - 1]


@pytest.mark.parametrize("image", [b"", b"\x00", b"\x00" * 4096, b"{}"])
def test_what_is_not_an_image_does_not_load(image):
    with pytest.raises(ostiary.GateError) as raised:
        ostiary.Gate.load(image)
    assert raised.value.reason in (Reason.IMAGE_FORMAT, Reason.IMAGE_DAMAGED)
    assert raised.value.line == 0


def test_a_truncated_image_does_not_load(keyless_gate):
    image = keyless_gate.image()
    for end in range(0, len(image), 97):
        with pytest.raises(ostiary.GateError):
            ostiary.Gate.load(image[:end])


@pytest.mark.parametrize("value", [None, 1, {}])
def test_sources_of_another_type_are_type_errors(value):
    with pytest.raises(TypeError):
        ostiary.Gate.compile(value)
    with pytest.raises(TypeError):
        ostiary.Gate.load(value)
    with pytest.raises(TypeError):
        ostiary.Gate.load("text")


# ---- keys --------------------------------------------------------------------------------------------------


def test_without_keys_public_routes_work_and_tokens_do_not(keyless_gate, allowed_head):
    assert keyless_gate.decide(HEALTH, now=NOW).allowed
    assert keyless_gate.decide(allowed_head, now=NOW).reason is Reason.TOKEN_ISSUER_KEYS


def test_new_keys_make_a_new_gate_and_leave_the_old(keyless_gate, jwks, allowed_head):
    keyed = keyless_gate.with_keys({"shop-id": json.loads(jwks)})
    assert keyed.decide(allowed_head, now=NOW).allowed
    assert not keyless_gate.decide(allowed_head, now=NOW).allowed
    assert keyed.image() == keyless_gate.image()


def test_keys_of_issuers_that_are_not_named_stay(gate, allowed_head):
    assert gate.with_keys({}).decide(allowed_head, now=NOW).allowed


def test_rotation_replaces_the_keys(gate, jwks, allowed_head):
    keys = json.loads(jwks)
    keys["keys"] = [key for key in keys["keys"] if key["alg"] != "RS256"]
    rotated = gate.with_keys({"shop-id": keys})
    assert rotated.decide(allowed_head, now=NOW).reason is Reason.TOKEN_KEY_UNKNOWN


def test_keys_for_a_stranger_are_a_usage_error(gate, jwks):
    with pytest.raises(ostiary.UsageError) as raised:
        gate.with_keys({"other-id": jwks})
    assert raised.value.reason is Reason.USAGE_ISSUER_UNKNOWN


# ---- requests ----------------------------------------------------------------------------------------------


def test_a_parsed_head_is_decided_like_its_bytes(gate, allowed_head):
    seen = ostiary.inspect(allowed_head)
    fields = [(name.lower(), value) for name, value in seen.fields]
    head = ostiary.Head(seen.method, seen.target, fields)
    assert gate.decide(head, now=NOW, peer="203.0.113.7") == gate.decide(allowed_head, now=NOW, peer="203.0.113.7")


def test_the_peer_may_be_text_or_an_address(gate):
    decisions = {
        gate.decide(HEALTH, now=NOW, peer=peer)
        for peer in ["203.0.113.7", ipaddress.ip_address("203.0.113.7"), ipaddress.IPv4Address("203.0.113.7")]
    }
    assert [dict(decision.set_headers)["x-shop-client"] for decision in decisions] == [b"203.0.113.7"]


@pytest.mark.parametrize("peer", ["", "localhost", "1.2.3.4.5", "203.0.113.7:80", "\x00"])
def test_a_peer_that_is_no_address_is_a_usage_error(gate, peer):
    with pytest.raises(ostiary.UsageError) as raised:
        gate.decide(HEALTH, now=NOW, peer=peer)
    assert raised.value.reason is Reason.USAGE_PEER


def test_arguments_of_a_wrong_type_are_type_errors(gate):
    for call in [
        lambda: gate.decide(None, now=NOW),
        lambda: gate.decide("GET / HTTP/1.1\r\n\r\n", now=NOW),
        lambda: gate.decide(HEALTH, now="now"),
        lambda: gate.decide(HEALTH, now=NOW, peer=7),
        lambda: gate.decide(HEALTH, NOW),
    ]:
        with pytest.raises(TypeError):
            call()


def test_without_now_the_clock_is_read(gate, allowed_head, monkeypatch):
    monkeypatch.setattr("time.time", lambda: float(NOW))
    assert gate.decide(allowed_head).allowed
    monkeypatch.setattr("time.time", lambda: NOW + 1e9)
    assert gate.decide(allowed_head).reason is Reason.TOKEN_EXPIRED


@pytest.mark.parametrize("data", [b"", b"\x00", b"\r\n\r\n", b"\xff" * 1000, b"A" * 10_000_000, HEALTH[:-1]])
def test_garbage_is_denied(gate, data):
    decision = gate.decide(data, now=NOW)
    assert (decision.allowed, decision.origin, decision.set_headers) == (False, None, [])
    assert decision.http_status >= 400


# ---- the result as an object -------------------------------------------------------------------------------


@pytest.fixture
def decision(gate, allowed_head):
    return gate.decide(allowed_head, now=NOW, peer="203.0.113.7")


def test_a_decision_is_neither_true_nor_false(decision):
    with pytest.raises(TypeError, match="ask for .allowed"):
        bool(decision)
    with pytest.raises(TypeError):
        if decision:
            pass
    with pytest.raises(TypeError):
        not decision  # noqa: B018


def test_a_decision_cannot_be_changed(decision):
    for name in ["allowed", "effect", "reason", "image", "set_headers", "other"]:
        with pytest.raises(AttributeError):
            setattr(decision, name, True)
        with pytest.raises(AttributeError):
            delattr(decision, name)
    assert not hasattr(decision, "__dict__")
    decision.set_headers.clear()
    decision.remove_headers.clear()
    assert decision.set_headers and decision.remove_headers


def test_a_decision_is_not_pickled(decision):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="not pickled"):
            pickle.dumps(decision, protocol)
    assert copy.copy(decision) is decision
    assert copy.deepcopy(decision) is decision


def test_decisions_are_equal_by_image(gate, decision, allowed_head):
    same = gate.decide(bytearray(allowed_head), now=NOW, peer="203.0.113.7")
    other = gate.decide(allowed_head, now=NOW, peer="203.0.113.8")
    assert same == decision and hash(same) == hash(decision) and same.image == decision.image
    assert other != decision and other.image != decision.image
    assert decision != decision.image
    assert len({same, decision, other}) == 2


def test_the_image_is_the_one_of_the_c_interface(decision):
    assert decision.image.startswith(b"OSDC")
    assert b"customers-read" in decision.image


def test_the_repr_names_headers_but_not_their_values(gate):
    decision = gate.decide(shop_request("curl-orders-list"), now=NOW, peer="203.0.113.7")
    text = repr(decision)
    assert "allow ALLOWED" in text and "customers-read" in text and "set x-shop-tier" in text
    for _, value in decision.set_headers:
        assert value.decode() not in text


ROLES = [
    {
        "id": "buyer",
        "routes": ["orders-list"],
        "identity": {},
        "role_arn": "arn:aws:iam::123456789012:role/orders",
        "session_name": {"claim": "sub"},
        "session_tags": {"tier": {"claim": "tier"}},
        "duration_s": 900,
    }
]


def test_an_allowed_decision_has_the_role_of_the_mapping(jwks, allowed_head):
    gate = ostiary.Gate.compile(json.dumps({**json.loads(SOURCE), "roles": ROLES})).with_keys({"shop-id": jwks})
    role = gate.decide(allowed_head, now=NOW).role
    assert (role.id, role.role_arn) == ("buyer", "arn:aws:iam::123456789012:role/orders")
    assert 0 < role.duration_s <= 900
    assert dict(role.session_tags) == {"tier": "gold"}
    with pytest.raises(TypeError):
        role.session_tags["tier"] = "silver"


def test_without_a_mapping_there_is_no_role(gate, allowed_head):
    assert gate.decide(allowed_head, now=NOW).role is None


def test_a_denial_says_which_rule_came_closest_and_what_it_failed_on(gate):
    head = b"GET /orders HTTP/1.1\r\nHost: api.shop.example\r\n\r\n"
    decision = gate.decide(head, now=NOW)
    assert (decision.reason, decision.nearest.dimension) == (Reason.CREDENTIAL_MISSING, "identity")
    assert decision.nearest.rule in {"customers-read", "partners-read", "staff-read"}
    assert gate.decide(HEALTH, now=NOW).nearest is None


def test_flags_are_given_by_name():
    source = json.loads(SOURCE)
    source["flags"] = ["closed"]
    rule = {"id": "closed", "effect": "deny", "routes": ["health"], "public": True, "flags": {"closed": True}}
    source["rules"].append(rule)
    gate = ostiary.Gate.compile(json.dumps(source))
    assert gate.decide(HEALTH, now=NOW).allowed
    closed = gate.decide(HEALTH, now=NOW, flags=["closed"])
    assert (closed.reason, closed.rule) == (Reason.RULE_DENIED, "closed")
    with pytest.raises(ostiary.UsageError, match="flag"):
        gate.decide(HEALTH, now=NOW, flags=["open"])


def test_only_the_host_tells_the_scheme():
    source = json.loads(SOURCE)
    rule = {"id": "plain", "effect": "deny", "routes": ["health"], "public": True, "request": {"schemes": ["http"]}}
    source["rules"].append(rule)
    gate = ostiary.Gate.compile(json.dumps(source))
    absolute = HEALTH.replace(b" /", b" https://api.shop.example/", 1)
    head = ostiary.Head("GET", "/health", [], authority="api.shop.example")
    for request in (HEALTH, absolute, head):
        assert gate.decide(request, now=NOW, scheme="https").allowed
        unknown = gate.decide(request, now=NOW)
        assert (unknown.reason, unknown.rule) == (Reason.RULE_DENIED, "plain")
    assert gate.decide(HEALTH, now=NOW, scheme="http").rule == "plain"
    assert gate.decide(absolute, now=NOW, scheme="http").reason is Reason.TARGET_SCHEME
    with pytest.raises(ostiary.UsageError, match="scheme"):
        gate.decide(HEALTH, now=NOW, scheme="ftp")


SHAPED = {
    "gate": 1,
    "name": "shaped",
    "issuers": {"i": {"issuer": "https://i.example", "audiences": ["a"], "algorithms": ["ES256"]}},
    "origins": {
        "o": {
            "scheme": "https",
            "host": "o.example",
            "port": 443,
            "shield": "iad",
            "connect_timeout_ms": 500,
            "sign": {"with": "sigv4", "region": "eu-central-1", "service": "lambda"},
        }
    },
    "routes": [
        {
            "id": "r",
            "hosts": ["h.example"],
            "methods": ["GET"],
            "path": "/old/*",
            "origin": "o",
            "headers": {"append": {"via-door": "edge"}, "rename": {"x-a": "x-b"}, "remove": ["authorization", "cookie"]},
            "rewrite": "/new/{2}",
            "query": {"keep": ["q"]},
            "cache": {
                "class": "shared",
                "ttl_s": 60,
                "surrogate_keys": ["s"],
                "key": {"query": ["q"], "headers": ["x-a"]},
            },
            "rate": {"limit": 10, "period_s": 1, "burst": 5, "key": ["route"]},
        },
        {
            "id": "in",
            "hosts": ["h.example"],
            "methods": ["GET"],
            "path": "/in",
            "origin": "o",
            "login": "https://l.example/",
        },
    ],
    "rules": [
        {"id": "all", "effect": "allow", "routes": ["r"], "public": True},
        {"id": "known", "effect": "allow", "routes": ["in"], "identity": {}},
    ],
}


def test_an_allowed_decision_tells_all_that_the_route_shapes():
    gate = ostiary.Gate.compile(json.dumps(SHAPED))
    decision = gate.decide(b"GET /old/a?q=1&z=2 HTTP/1.1\r\nHost: h.example\r\nx-a: 1\r\n\r\n")
    assert (decision.allowed, decision.target, decision.answer) == (True, "/new/a?q=1", None)
    assert decision.hop == ("iad", 500, 0, 0, ("sigv4", None, "eu-central-1", "lambda"))
    assert decision.hop.sign.service == "lambda"
    assert decision.cache[:3] == ("shared", 60, ("s",)) and decision.cache.key
    assert decision.rate[1:] == (10, 1, 5) and decision.rate.key
    assert ("append", "via-door", b"edge") in decision.header_edits
    assert ("rename", "x-a", b"x-b") in decision.header_edits
    assert decision.remove_headers == ["authorization", "cookie"]


def test_a_denial_tells_what_to_answer():
    gate = ostiary.Gate.compile(json.dumps(SHAPED))
    wrong_method = gate.decide(b"PUT /old/a HTTP/1.1\r\nHost: h.example\r\n\r\n")
    assert wrong_method.answer == (405, None, ("GET",), 0)
    to_login = gate.decide(b"GET /in HTTP/1.1\r\nHost: h.example\r\n\r\n")
    assert to_login.answer == (302, "https://l.example/", (), 0)
    assert (to_login.target, to_login.hop, to_login.cache, to_login.rate) == (None, None, None, None)
    assert to_login.header_edits == []


def policy(version, **route):
    return json.dumps(
        {
            "gate": 1,
            "name": "small",
            "version": version,
            "origins": {"o": {"scheme": "http", "host": "o.example", "port": 80}},
            "routes": [
                {"id": "home", "hosts": ["a.example"], "methods": ["GET"], "path": "/**", "origin": "o", **route}
            ],
            "rules": [{"id": f"v{version}", "effect": "allow", "routes": ["home"], "public": True}],
        }
    )


HOME = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"
TEN_A_SECOND = {"rate": {"limit": 10, "period_s": 1, "key": ["client"]}}


def test_a_rate_limiter_denies_what_is_over_the_limit():
    counted = ostiary.Gate.compile(policy(1, **TEN_A_SECOND))
    gate = counted.with_rate_limiter(ostiary.RateLimiter(100))
    assert gate.decide(HOME, now=1000, peer="192.0.2.1").allowed
    denied = gate.decide(HOME, now=1000.0625, peer="192.0.2.1")
    assert (denied.reason, denied.answer.status, denied.answer.retry_after_s) == (Reason.RATE_LIMITED, 429, 1)
    assert gate.decide(HOME, now=1000.125, peer="192.0.2.1").allowed
    assert gate.decide(HOME, now=1000, peer="192.0.2.2").allowed
    assert all(counted.decide(HOME, now=1000, peer="192.0.2.1").allowed for _ in range(3))


def test_a_rate_limiter_can_be_asked_alone():
    limiter = ostiary.RateLimiter(100, secret=bytes(16))
    quota = {"limit": 2, "period_ms": 1000, "burst": 2}
    assert limiter.take("alice", now=0, **quota) == (True, 1, 0, 0.5)
    assert limiter.take("alice", now=0, **quota).allowed
    assert limiter.take("alice", now=0, **quota) == (False, 0, 0.5, 1.0)
    assert limiter.take("alice", now=0, cost=3, **quota).retry_after == float("inf")
    assert limiter.take(b"bob", now=-5, **quota).allowed
    for faulty in [{"keys": 0}, {"secret": b"short"}]:
        with pytest.raises(ostiary.UsageError):
            ostiary.RateLimiter(**faulty)


def test_another_policy_takes_the_place_of_the_old_one(gate, jwks, allowed_head):
    assert gate.with_policy(ostiary.Gate.compile(SOURCE)).decide(allowed_head, now=NOW).allowed
    other = ostiary.Gate.compile(SOURCE.replace('"https://id.shop.example"', '"https://id.other.example"'))
    replaced = gate.with_policy(other)
    assert repr(replaced) == "<Gate 'shop' with keys of [] out of ['shop-id']>"
    assert replaced.with_policy(gate).decide(allowed_head, now=NOW).reason == Reason.TOKEN_ISSUER_KEYS


def test_an_older_policy_is_refused():
    newer = ostiary.Gate.compile(policy(6))
    assert newer.version == 6
    assert newer.with_policy(ostiary.Gate.compile(policy(6))).decide(HOME).rule == "v6"
    with pytest.raises(ostiary.GateError) as raised:
        newer.with_policy(ostiary.Gate.compile(policy(5)))
    assert raised.value.reason == Reason.IMAGE_ROLLBACK


def test_what_is_revoked_is_refused_and_a_cache_is_asked(gate, allowed_head):
    cache = ostiary.TokenCache()
    cached = gate.with_cache(cache)
    for _ in range(4):
        assert cached.decide(allowed_head, now=NOW).allowed
    assert cache.stats.hits >= 1
    revoked = ostiary.RevocationList({"revoked": [{"iss": "https://id.shop.example", "sub": "customer-1001"}]})
    revoking = cached.with_revocation(revoked)
    assert revoking.decide(allowed_head, now=NOW).reason == Reason.TOKEN_REVOKED
    assert revoking.with_revocation(None).decide(allowed_head, now=NOW).allowed
    for method in [gate.with_cache, gate.with_revocation, gate.with_rate_limiter]:
        with pytest.raises(TypeError, match="expected a"):
            method("nothing of the kind")


def test_only_what_a_trusted_key_signed_loads():
    cryptography = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
    from cryptography.hazmat.primitives import serialization as form

    key = cryptography.Ed25519PrivateKey.generate()
    private = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    public = key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    gate = ostiary.Gate.compile(policy(5))
    image = gate.sign(private).image()
    assert ostiary.Gate.load_signed(image, [public.decode()], version_min=5).version == 5
    for refused, version_min, reason in [
        (gate.image(), 0, Reason.IMAGE_UNSIGNED),
        (image, 6, Reason.IMAGE_ROLLBACK),
    ]:
        with pytest.raises(ostiary.GateError) as raised:
            ostiary.Gate.load_signed(refused, [public], version_min=version_min)
        assert raised.value.reason == reason
    with pytest.raises(ostiary.GateError) as raised:
        ostiary.Gate.load_signed(image, [])
    assert raised.value.reason == Reason.IMAGE_SIGNATURE
    with pytest.raises(ostiary.KeySetError):
        ostiary.Gate.load_signed(image, ["no key"])
    with pytest.raises(TypeError, match="several PEM"):
        ostiary.Gate.load_signed(image, public)
