"""ostiary.inspect: the view of a good head, and a verdict for everything else."""

import copy
import pickle

import pytest

import ostiary
from ostiary import Reason

HEAD = (
    b"POST /a/./b%2Dc?x=%41 HTTP/1.1\r\n"
    b"Host: API.example:8443\r\n"
    b"X-Empty:\r\n"
    b"Content-Length: 2\r\n"
    b"\r\n"
)


def test_a_complete_head_is_seen_in_canonical_form():
    seen = ostiary.inspect(HEAD + b"hi")
    assert seen.complete and not seen.needs_more
    assert seen.reason is Reason.OK
    assert (seen.method, seen.target, seen.path, seen.query) == ("POST", "/a/./b%2Dc?x=%41", "/a/b-c", "x=%41")
    assert (seen.host, seen.port, seen.version) == ("api.example", 8443, "1.1")
    assert (seen.framing, seen.content_length, seen.head_size) == ("content_length", 2, len(HEAD))
    assert seen.fields == [(b"Host", b"API.example:8443"), (b"X-Empty", b""), (b"Content-Length", b"2")]


def test_findings_say_what_was_repaired_and_where():
    finding = ostiary.inspect(HEAD).findings[0]
    assert finding == (Reason.PATH_DOT_SEGMENT, "shape", finding.offset)
    assert finding.reason is Reason.PATH_DOT_SEGMENT
    assert HEAD[finding.offset :].startswith((b"./b", b"/./b"))


def test_an_absent_query_is_not_an_empty_one():
    assert ostiary.inspect(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").query is None
    assert ostiary.inspect(b"GET /? HTTP/1.1\r\nHost: a\r\n\r\n").query == ""


def test_a_host_without_a_port_has_none():
    seen = ostiary.inspect(b"GET / HTTP/1.0\r\nHost: a\r\n\r\n")
    assert (seen.port, seen.version, seen.framing, seen.content_length) == (None, "1.0", "no_body", None)


def test_chunked_framing_is_named():
    seen = ostiary.inspect(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert (seen.framing, seen.content_length) == ("chunked", None)


@pytest.mark.parametrize("end", [1, 5, 20, len(HEAD) - 1])
def test_a_prefix_of_a_good_head_needs_more(end):
    seen = ostiary.inspect(HEAD[:end])
    assert (seen.complete, seen.needs_more, seen.reason) == (False, True, Reason.HEAD_INCOMPLETE)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"GET / HTTP/1.1\nHost: a\n\n", "HEAD_BARE_LF"),
        (b"G@T / HTTP/1.1\r\nHost: a\r\n\r\n", "METHOD_MALFORMED"),
        (b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n", "TARGET_CHARACTER"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n", "FIELD_VALUE"),
        (b"GET / HTTP/1.1\r\n\r\n", "HOST_MISSING"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "HOST_DUPLICATE"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "LENGTH_WITH_ENCODING"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "HEAD_TOO_LARGE"),
    ],
)  # fmt: skip
def test_a_hostile_head_is_rejected_with_its_reason(data, reason):
    seen = ostiary.inspect(data)
    assert (seen.complete, seen.needs_more, seen.reason.name) == (False, False, reason)
    assert seen.offset <= len(data)
    view = (seen.method, seen.target, seen.path, seen.query, seen.host, seen.port, seen.version, seen.framing)
    assert view == (None,) * 8
    assert (seen.fields, seen.findings, seen.head_size, seen.content_length) == ([], [], 0, None)


def test_no_bytes_is_no_request():
    seen = ostiary.inspect(b"")
    assert not seen.complete
    assert seen.reason in (Reason.HEAD_EMPTY, Reason.HEAD_INCOMPLETE)


def test_a_huge_buffer_is_only_a_large_head():
    assert ostiary.inspect(b"A" * 50_000_000).reason.name in ("HEAD_TOO_LARGE", "METHOD_UNSUPPORTED")
    body = ostiary.inspect(HEAD + b"b" * 50_000_000)
    assert (body.complete, body.head_size) == (True, len(HEAD))


@pytest.mark.parametrize("value", [None, 7, "GET / HTTP/1.1\r\n\r\n", [b"GET"], object()])
def test_what_is_not_bytes_is_a_type_error(value):
    with pytest.raises(TypeError, match="data must be bytes-like"):
        ostiary.inspect(value)


# ---- heads that were parsed before -------------------------------------------------------------------------

FIELDS = [(b"host", b"a.example"), (b"accept", b"*/*")]


def test_a_parsed_head_gives_the_same_view():
    seen = ostiary.inspect_fields(method="GET", target="/x?y", fields=FIELDS)
    assert seen.complete
    assert (seen.method, seen.path, seen.query, seen.host) == ("GET", "/x", "y", "a.example")
    assert seen.fields == FIELDS
    assert seen.head_size == 0


def test_inspect_takes_a_head():
    assert ostiary.inspect(ostiary.Head("GET", "/x?y", FIELDS)) == ostiary.inspect_fields(
        method=b"GET", target=b"/x?y", fields=FIELDS
    )


def test_every_container_and_text_type_is_taken():
    plain = ostiary.inspect_fields(method="GET", target="/", fields=FIELDS)
    as_lists = [[name.decode(), bytearray(value)] for name, value in FIELDS]
    assert ostiary.inspect_fields(method=bytearray(b"GET"), target=memoryview(b"/"), fields=tuple(as_lists)) == plain
    assert ostiary.inspect_fields(method="GET", target="/", fields=(pair for pair in FIELDS)) == plain


def test_the_authority_may_replace_the_host_field():
    seen = ostiary.inspect_fields(method="GET", target="/", authority="b.example", fields=[])
    assert seen.host == "b.example"
    missing = ostiary.inspect_fields(method="GET", target="/", fields=[])
    assert missing.reason is Reason.HOST_MISSING
    both = ostiary.inspect_fields(method="GET", target="/", authority="b.example", fields=FIELDS)
    assert both.reason is Reason.HOST_DISAGREES


def test_an_empty_authority_is_not_an_absent_one():
    assert not ostiary.inspect_fields(method="GET", target="/", authority=b"", fields=FIELDS).complete


def test_text_is_taken_as_latin_1():
    seen = ostiary.inspect_fields(method="GET", target="/", fields=[("host", "a"), ("x-name", "caf\xe9")])
    assert (seen.complete, seen.fields[1]) == (True, (b"x-name", b"caf\xe9"))


def test_text_that_no_request_can_carry_is_a_usage_error():
    with pytest.raises(ostiary.UsageError, match="a field value has a character above") as raised:
        ostiary.inspect_fields(method="GET", target="/", fields=[("host", "secret\u20ac")])
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("fields", [[b"host"], [(b"host",)], [(b"host", b"a", b"b")], ["ho"], [(None, b"")], [(b"x", 1)]])
def test_malformed_field_lists_are_type_errors(fields):
    with pytest.raises(TypeError):
        ostiary.inspect_fields(method="GET", target="/", fields=fields)


def test_hostile_parsed_parts_do_not_raise():
    for bad in [b"", b"\x00", b"\r\n", b" ", b"\xff", b"x: y\r\nz", b"A" * 100_000]:
        assert not ostiary.inspect_fields(method=bad, target="/", fields=FIELDS).complete
        assert not ostiary.inspect_fields(method="GET", target=bad, fields=FIELDS).complete
        assert not ostiary.inspect_fields(method="GET", target="/", fields=[(bad, b"v"), *FIELDS]).complete
    assert not ostiary.inspect_fields(method="GET", target="/", fields=FIELDS * 1000).complete


# ---- the result as an object -------------------------------------------------------------------------------


def test_an_inspection_is_immutable_and_neither_true_nor_false():
    seen = ostiary.inspect(HEAD)
    with pytest.raises(AttributeError):
        seen.complete = True
    with pytest.raises(AttributeError):
        del seen.path
    with pytest.raises(AttributeError):
        seen.other = 1
    with pytest.raises(TypeError, match="ask for .complete"):
        bool(seen)
    seen.fields.clear()
    seen.findings.clear()
    assert len(seen.fields) == 3 and seen.findings


def test_equal_heads_give_equal_inspections():
    assert ostiary.inspect(HEAD) == ostiary.inspect(bytearray(HEAD))
    assert hash(ostiary.inspect(HEAD)) == hash(ostiary.inspect(HEAD))
    assert ostiary.inspect(HEAD) != ostiary.inspect(HEAD[:-1])
    assert ostiary.inspect(HEAD) != HEAD


def test_a_head_travels_and_an_inspection_does_not():
    head = ostiary.Head("GET", "/", FIELDS, "a.example")
    for twin in [copy.copy(head), copy.deepcopy(head), pickle.loads(pickle.dumps(head))]:
        assert ostiary.inspect(twin) == ostiary.inspect(head)
    with pytest.raises(AttributeError):
        head.method = "POST"
    seen = ostiary.inspect(head)
    assert copy.copy(seen) is seen and copy.deepcopy(seen) is seen
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(seen)
