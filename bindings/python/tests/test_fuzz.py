"""Random and half-random bytes: nothing raises from inspect, and garbage is never allowed."""

import pytest
from conftest import CASES, NOW, SHOP, shop_token

import ostiary

hypothesis = pytest.importorskip("hypothesis")
from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

settings.register_profile(
    "ostiary", max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
settings.load_profile("ostiary")

HEADS = [(SHOP / case["request"]).read_bytes() for case in CASES["cases"]]
SOURCE = (SHOP / "gate.json").read_bytes()

PIECES = [b"\r\n", b"\r", b"\n", b"\x00", b" ", b"\t", b":", b"%2f", b"%00", b"../", b"//", b";", b"#", b"?", b"\xff",
          b"Host: a\r\n", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"HTTP/1.1", b"GET "]  # fmt: skip


ORIGINALS = {
    "request": HEADS,
    "gate": [SOURCE],
    "token": [shop_token("gold-rs256").encode(), shop_token("staff-eddsa").encode()],
    "image": [ostiary.Gate.compile(SOURCE).image()],
}


@st.composite
def mutated(draw, kind):
    originals = ORIGINALS[kind]
    data = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        cut = draw(st.sampled_from([0, 0, 1, 2, 30]))
        data[at : at + cut] = draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)))
    hypothesis.assume(data not in originals)
    return bytes(data)


def check_inspection(seen):
    assert seen.complete == (seen.reason is ostiary.Reason.OK)
    assert seen.complete == (seen.method is not None) == (seen.host is not None)
    if seen.form == "authority":
        assert seen.path is None
    elif seen.complete:
        assert seen.path.startswith("/") or (seen.form, seen.path) == ("asterisk", "*")
        assert "/../" not in seen.path and "//" not in seen.path and "\x00" not in seen.path
        assert all(b"\r" not in value and b"\n" not in value and b"\x00" not in value for _, value in seen.fields)


ASKED = (
    b'GET /a;b/%2e/c?x=%41+b&y&x[]=1 HTTP/1.1\r\nHost: a\r\nCookie: a=1; b="2"; =c\r\nX-Forwarded-For: 1.2.3.4, ::1\r\n'
    b'Authorization: Digest a="b\\"c", d=e\r\nPriority: u=1, i;a="b"\r\nConnection: x-a, close\r\nX-A: 1\r\n\r\n'
)
ORIGINALS["asked"] = [ASKED]
POLICIES = [ostiary.ClientPolicy.trusted_hops(2), ostiary.ClientPolicy.trusted_blocks(["::/0", "0.0.0.0/0"])]


def answer(question):
    """Of a complete request every question has an answer or an error of ours."""
    try:
        return question()
    except ostiary.OstiaryError as error:
        assert not isinstance(error, (ostiary.InternalError, ostiary.UsageError)), error
        return None


@given(mutated("asked"), st.integers(1, 40))
def test_every_question_is_answered(data, step):
    waive = [rule.reason for rule in ostiary.rules() if rule.waivable]
    reader = ostiary.HeadReader(waive=waive)
    seen = None
    for at in range(0, len(data), step):
        seen = reader.feed(data[at : at + step])
        if seen is not None:
            break
    whole = ostiary.inspect(data, waive=waive)
    assert seen == whole or (seen is None and whole.needs_more)
    if not whole.complete:
        return
    answer(lambda: whole.authorization)
    answer(lambda: whole.parameters(plus_is_space=True))
    answer(lambda: whole.parameter("x", plus_is_space=False))
    for lines in map(whole.field_all, ("priority", "cookie")):
        for parse in (ostiary.parse_item, ostiary.parse_list, ostiary.parse_dictionary):
            answer(lambda parse=parse, lines=lines: parse(lines))
    assert set(whole.lens_paths) == {"rfc3986", "nginx", "backslash", "matrix", "double_decode"}
    for policy in POLICIES:
        assert whole.client("::2", policy).address is not None
    forwarded = whole.emit(waive=waive)
    again = ostiary.inspect(forwarded, waive=waive)
    assert again.complete and (again.path, again.query, again.host) == (whole.path, whole.query, whole.host)
    assert list(again.cookies) == list(whole.cookies)
    assert again.emit(waive=waive) == forwarded


@given(st.binary(max_size=400))
def test_random_bytes_are_inspected_and_denied(gate, data):
    check_inspection(ostiary.inspect(data))
    decision = gate.decide(data, now=NOW)
    assert (decision.effect, decision.origin, decision.set_headers) == ("deny", None, [])


@given(mutated("request"))
def test_damaged_requests_are_decided_without_surprises(gate, keyless_gate, data):
    seen = ostiary.inspect(data)
    check_inspection(seen)
    decision = gate.decide(data, now=NOW, peer="203.0.113.7")
    assert decision == gate.decide(bytearray(data), now=NOW, peer="203.0.113.7")
    if not seen.complete:
        assert not decision.allowed
    if keyless_gate.decide(data, now=NOW).allowed:
        assert seen.path == "/health" or seen.path.startswith("/catalog")


TEXT = st.one_of(st.binary(max_size=40), st.text(st.characters(max_codepoint=255), max_size=40))


@given(TEXT, TEXT, st.lists(st.tuples(TEXT, TEXT), max_size=6), st.none() | TEXT)
def test_random_parts_are_inspected_and_denied(gate, method, target, fields, authority):
    head = ostiary.Head(method, target, fields, authority)
    check_inspection(ostiary.inspect(head))
    assert not gate.decide(head, now=NOW).allowed


@given(st.one_of(st.text(), st.binary(), mutated("token")))
def test_random_and_damaged_tokens_are_refused(verifier, token):
    with pytest.raises(ostiary.TokenError):
        verifier.verify(token, now=NOW)


@given(st.one_of(st.text(), st.binary()))
def test_random_text_is_no_gate_and_no_key_set(data):
    with pytest.raises(ostiary.GateError):
        ostiary.Gate.compile(data)
    with pytest.raises(ostiary.KeySetError):
        ostiary.KeySet(data)


@given(mutated("gate"))
def test_damaged_gates_compile_or_say_where_not(data):
    try:
        gate = ostiary.Gate.compile(data)
    except ostiary.GateError as error:
        assert 1 <= error.line <= data.count(b"\n") + 1
        assert error.count >= 1
    else:
        assert not gate.decide(b"garbage", now=NOW).allowed


@given(mutated("image"))
def test_damaged_images_load_or_are_refused(image):
    try:
        gate = ostiary.Gate.load(image)
    except ostiary.GateError:
        return
    for head in HEADS[:20]:
        gate.decide(head, now=NOW)


@given(st.integers() | st.floats() | st.datetimes())
def test_any_moment_gives_a_decision_or_a_usage_error(gate, now):
    try:
        gate.decide(HEADS[2], now=now)
    except ostiary.UsageError:
        pass
