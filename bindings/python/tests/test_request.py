"""What an inspected request tells: options, heads in parts, cookies, parameters, credentials."""

import random
import urllib.parse

import pytest

import ostiary
from ostiary import Reason

GET_WITH_BODY = b"GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"


def get(target="/", *fields):
    lines = "".join(f"{field}\r\n" for field in fields)
    return f"GET {target} HTTP/1.1\r\nHost: a\r\n{lines}\r\n".encode("latin-1")


def inspect(*request, **options):
    seen = ostiary.inspect_bytes(get(*request), **options)
    assert seen.complete, seen
    return seen


# ---- options -----------------------------------------------------------------------------------------------


def test_a_waived_rule_is_left_to_the_caller_and_named():
    assert ostiary.inspect(GET_WITH_BODY).reason is Reason.BODY_UNEXPECTED
    seen = ostiary.inspect_bytes(GET_WITH_BODY, waive=[Reason.BODY_UNEXPECTED, Reason.PATH_UTF8])
    assert seen.complete and seen.waived == [Reason.BODY_UNEXPECTED]
    assert inspect(waive=(Reason.BODY_UNEXPECTED,)).waived == []


def test_exactly_the_waivable_rules_can_be_waived():
    assert [rule.reason for rule in ostiary.rules()] == sorted(rule.reason for rule in ostiary.rules())
    for rule in ostiary.rules():
        if rule.waivable:
            assert inspect(waive=[rule.reason]).waived == []
            continue
        with pytest.raises(ostiary.UsageError) as raised:
            inspect(waive=[rule.reason])
        assert raised.value.reason is Reason.USAGE_WAIVER
    for rule in (0, -1, 2**40, Reason.TOKEN_EXPIRED):
        with pytest.raises(ostiary.UsageError, match="USAGE_WAIVER"):
            inspect(waive=[rule])


def test_the_scheme_takes_its_port_off():
    head = b"GET / HTTP/1.1\r\nHost: a:443\r\n\r\n"
    assert (ostiary.inspect(head).port, ostiary.inspect(head).scheme) == (443, None)
    seen = ostiary.inspect(head, scheme="https")
    assert (seen.port, seen.scheme) == (None, "https")
    with pytest.raises(ostiary.UsageError, match="scheme"):
        ostiary.inspect(head, scheme="ftp")


def test_the_version_of_a_parsed_head_brings_its_rules():
    def seen(version):
        return ostiary.inspect_fields(method="GET", target="/", authority="a", fields=[("X-A", "1")], version=version)

    assert (seen(None).complete, seen(None).version) == (True, None)
    assert (seen("1.1").complete, seen("1.1").version) == (True, "1.1")
    assert seen("2").reason is Reason.FIELD_NAME_CASE
    with pytest.raises(ostiary.UsageError, match="version"):
        seen("4")


def test_each_door_tells_what_it_cannot_see():
    names = {rule.reason.name for rule in inspect().unseen}
    assert "FIELD_NAME_CASE" in names and "HEAD_BARE_LF" not in names
    parsed = ostiary.inspect_fields(method="GET", target="/", authority="a", fields=[])
    names = {rule.reason.name for rule in parsed.unseen}
    assert "HEAD_BARE_LF" in names and "FIELD_NAME_CASE" not in names


# ---- the view ----------------------------------------------------------------------------------------------


def test_the_forms_of_a_target():
    seen = ostiary.inspect(b"GET HTTPS://A.example:8443/x/%7e?q HTTP/1.1\r\nHost: a.example:8443\r\n\r\n")
    assert (seen.form, seen.scheme, seen.authority) == ("absolute", "https", "A.example:8443")
    assert (seen.raw_path, seen.path) == ("/x/%7e", "/x/~")
    assert ostiary.inspect(b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").form == "asterisk"
    connect = ostiary.inspect(b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")
    assert (connect.form, connect.path, connect.raw_path) == ("authority", None, None)
    assert (inspect().form, inspect().authority) == ("origin", None)
    rejected = ostiary.inspect(b"nonsense\n")
    assert (rejected.form, rejected.version, rejected.scheme) == (None, None, None)


def test_fields_are_found_in_any_case():
    seen = inspect("/", "X-A: 1", "x-b: 2", "x-A: 3")
    assert (seen.field("X-a"), seen.field_all("x-a"), seen.field("x-c"), seen.field_all("x-c")) == (
        b"1", [b"1", b"3"], None, [],
    )  # fmt: skip


def test_an_ambiguous_path_is_shown_through_every_lens():
    seen = inspect("/a;b/%2525")
    assert seen.ambiguous_path
    assert seen.lens_paths["rfc3986"] == seen.path
    assert (seen.lens_paths["matrix"], seen.lens_paths["double_decode"]) == ("/a/%2525", "/a;b/%25")
    assert not inspect("/a").ambiguous_path
    above = inspect("/..%2fa", waive=[Reason.PATH_ENCODED_SEPARATOR])
    assert above.lens_paths["nginx"] is None


def test_findings_name_their_clause():
    finding = inspect("/a/./b").findings[0]
    assert finding.clause == ostiary.reason_info(finding.reason).clause != ""


def test_underscores_are_told():
    assert inspect("/", "x_a: 1").underscore_names
    assert not inspect("/", "x-a: 1").underscore_names


# ---- heads in parts ----------------------------------------------------------------------------------------


def test_a_head_in_parts_comes_to_the_same_wherever_it_is_cut():
    head = get("/a/../b?x=1", "Cookie: a=1", "X-Long: " + "x" * 300)
    whole = ostiary.inspect(head)
    for step in (1, 3, 64, len(head)):
        reader = ostiary.HeadReader()
        pieces = [head[at : at + step] for at in range(0, len(head), step)]
        pieces[-1] += b"body"
        seen = [reader.feed(piece) for piece in pieces]
        assert seen[:-1] == [None] * (len(pieces) - 1)
        assert seen[-1] == whole
        assert reader.rest == b"body"
        assert seen[-1].cookies["a"] == "1"


def test_a_reader_ends_with_the_verdict():
    reader = ostiary.HeadReader()
    assert reader.feed(b"") is None and reader.rest == b""
    assert reader.feed(b"GET / HTTP/1.1\n").reason is Reason.HEAD_BARE_LF
    assert reader.rest == b""
    with pytest.raises(ostiary.UsageError, match="finished"):
        reader.feed(b"x")
    with pytest.raises(ostiary.UsageError, match="USAGE_WAIVER"):
        ostiary.HeadReader(waive=[Reason.HOST_MISSING])
    waiving = ostiary.HeadReader(waive=[Reason.BODY_UNEXPECTED])
    assert waiving.feed(bytearray(GET_WITH_BODY)).waived == [Reason.BODY_UNEXPECTED]
    endless = ostiary.HeadReader()
    assert endless.feed(b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000).reason is Reason.HEAD_TOO_LARGE


# ---- cookies -----------------------------------------------------------------------------------------------


def test_cookies_are_listed_and_found():
    cookies = inspect("/", "Cookie: a=1; b=; nameless; A=2; c=x=y; twice=1; twice=1").cookies
    assert list(cookies) == [("a", "1"), ("b", ""), ("A", "2"), ("c", "x=y"), ("twice", "1"), ("twice", "1")]
    assert (cookies["a"], cookies["b"], cookies.get("C"), cookies.nameless, len(cookies)) == ("1", "", None, "nameless", 6)
    assert "a" in cookies and "C" not in cookies
    with pytest.raises(KeyError):
        cookies["C"]
    with pytest.raises(ostiary.RequestError) as raised:
        cookies["twice"]
    assert raised.value.reason is Reason.COOKIE_DUPLICATE
    assert list(inspect().cookies) == []
    assert inspect("/", "Cookie: a=\xff").cookies["a"].encode("utf-8", "surrogateescape") == b"\xff"


def test_crumbs_of_http2_are_one_list():
    seen = ostiary.inspect_fields(
        method="GET", target="/", authority="a", version="2", fields=[("cookie", "a=1"), ("x", "y"), ("cookie", "b=2")]
    )
    assert list(seen.cookies) == [("a", "1"), ("b", "2")]


# ---- parameters --------------------------------------------------------------------------------------------


def test_parameters_are_decoded_once():
    seen = inspect("/?a=%2541+b&c&d=&%66=1&list[]=1&i=1&%69=2")
    spaces = seen.parameters(plus_is_space=True)
    assert spaces[:4] == [("a", "%41 b"), ("c", None), ("d", ""), ("f", "1")]
    assert seen.parameters(plus_is_space=False)[0].value == "%41+b"
    assert seen.parameter("f", plus_is_space=False) == ("f", "1")
    assert seen.parameter("c", plus_is_space=False) == ("c", None)
    assert seen.parameter("g", plus_is_space=False) is None
    for name in ("i", "list"):
        with pytest.raises(ostiary.RequestError) as raised:
            seen.parameter(name, plus_is_space=False)
        assert raised.value.reason is Reason.PARAMETER_DUPLICATE
    assert inspect().parameters(plus_is_space=True) == []


def test_parameters_agree_with_urllib():
    source = random.Random(7)
    for _ in range(500):
        query = "".join(source.choice("ab&&==;+%41%C3%A9%FF"[i : i + 1] or "a") for i in source.choices(range(9), k=12))
        query += source.choice(["", "&%41=%C3%A9", "&x=%FF+", "&=&==&;"])
        seen = ostiary.inspect(get("/?" + query))
        if not seen.complete:
            continue
        ours = [(name, value or "") for name, value in seen.parameters(plus_is_space=True)]
        theirs = urllib.parse.parse_qsl(query, keep_blank_values=True, separator="&", errors="surrogateescape")
        assert ours == theirs, query


def test_too_many_parameters_are_refused():
    assert len(inspect("/?" + "&".join("a" * 256)).parameters(plus_is_space=True)) == 256
    with pytest.raises(ostiary.RequestError, match="PARAMETER_TOO_MANY"):
        inspect("/?" + "&".join("a" * 257)).parameters(plus_is_space=True)


# ---- credentials -------------------------------------------------------------------------------------------


def test_credentials_are_taken_apart():
    assert inspect().authorization is None
    basic = inspect("/", "Authorization: Basic YTpi").authorization
    assert (basic.scheme, basic.token68, basic.parameters) == ("Basic", "YTpi", [])
    digest = inspect("/", 'Authorization: Digest Realm="a\\"b", nc=1').authorization
    assert (digest.scheme, digest.token68) == ("Digest", None)
    assert digest.parameters == [("Realm", 'a"b'), ("nc", "1")]
    assert (digest.parameter("REALM"), digest.parameter("x")) == ('a"b', None)
    with pytest.raises(ostiary.TokenError, match="CREDENTIAL_MALFORMED"):
        inspect("/", "Authorization: X a=1, a=2").authorization  # noqa: B018


# ---- asking what is not there ------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"GET / HT", b"nonsense\n"])
def test_an_incomplete_request_tells_nothing(data):
    seen = ostiary.inspect(data)
    policy = ostiary.ClientPolicy.peer()
    questions = [
        lambda: seen.cookies,
        lambda: seen.authorization,
        lambda: seen.lens_paths,
        lambda: seen.parameters(plus_is_space=True),
        lambda: seen.parameter("a", plus_is_space=True),
        lambda: seen.client("::1", policy),
        lambda: seen.emit(),
    ]
    for question in questions:
        with pytest.raises(ostiary.UsageError, match="not complete"):
            question()


def test_what_was_inspected_cannot_change_afterwards():
    buffer = bytearray(get("/", "Cookie: a=1"))
    seen = ostiary.inspect(buffer)
    value = bytearray(b"a=1")
    parsed = ostiary.inspect_fields(method="GET", target="/", authority="a", fields=[("cookie", value)])
    buffer[:] = bytes(len(buffer))
    value[:] = b"b=2"
    assert list(seen.cookies) == list(parsed.cookies) == [("a", "1")]
