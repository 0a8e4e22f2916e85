"""Structured fields as Python values; http_sfv reads the same."""

import datetime
import decimal
import random

import pytest

import ostiary
from ostiary import Date, DisplayString, InnerList, Item, Reason, Token


def test_every_kind_of_value():
    read = ostiary.parse_dictionary(
        b'a=(1 "x";p=:aGk=:);q, b, c=-1.5;d=@9;e=?0, f=tok, g=%"%c3%a9", h=""'
    )
    assert read == {
        "a": InnerList([Item(1), Item("x", {"p": b"hi"})], {"q": True}),
        "b": Item(True),
        "c": Item(decimal.Decimal("-1.5"), {"d": Date(9), "e": False}),
        "f": Item(Token("tok")),
        "g": Item(DisplayString("\u00e9")),
        "h": Item(""),
    }
    kinds = [type(member.value) for member in list(read.values())[1:]]
    assert kinds == [bool, decimal.Decimal, Token, DisplayString, str]
    assert [repr(Token("a")), repr(Date(1)), repr(DisplayString("b"))] == ["Token('a')", "Date(1)", "DisplayString('b')"]


def test_lines_are_joined_and_nothing_is_empty():
    assert ostiary.parse_list([b"1, 2", "3"]) == [Item(1), Item(2), Item(3)]
    assert ostiary.parse_list([]) == ostiary.parse_list("") == []
    assert ostiary.parse_dictionary(()) == {}
    assert ostiary.parse_dictionary("a=1, a=2") == {"a": Item(2)}
    assert ostiary.parse_item(bytearray(b"1;a=1;a=2")) == Item(1, {"a": 2})
    assert ostiary.parse_item(" 999999999999.999 ").value == decimal.Decimal("999999999999.999")


@pytest.mark.parametrize(
    "parse, value, reason, offset",
    [
        (ostiary.parse_item, "", Reason.STRUCTURED_FIELD_SYNTAX, 0),
        (ostiary.parse_item, [], Reason.STRUCTURED_FIELD_SYNTAX, 0),
        (ostiary.parse_list, "1, 2,", Reason.STRUCTURED_FIELD_SYNTAX, 4),
        (ostiary.parse_dictionary, "A=1", Reason.STRUCTURED_FIELD_KEY, 0),
        (ostiary.parse_list, ",".join("1" * 1025), Reason.STRUCTURED_FIELD_LIMIT, None),
    ],
)
def test_a_fault_is_named(parse, value, reason, offset):
    with pytest.raises(ostiary.RequestError) as raised:
        parse(value)
    assert raised.value.reason is reason
    assert offset is None or raised.value.offset == offset


def test_wrong_types_are_refused():
    for value in (7, None, [7], {"a": 1}):
        with pytest.raises(TypeError):
            ostiary.parse_item(value)


# ---- the other implementation ------------------------------------------------------------------------------


def plain(value):
    """A value of http_sfv in our types."""
    if isinstance(value, http_sfv.Token):
        return Token(str(value))
    if isinstance(value, http_sfv.DisplayString):
        return DisplayString(str(value))
    if isinstance(value, datetime.datetime):
        return Date(int(value.timestamp()))
    if isinstance(value, decimal.Decimal):
        return value.quantize(decimal.Decimal("0.001"))
    return value


def plain_member(member):
    parameters = {key: plain(value) for key, value in member.params.items()}
    if isinstance(member, http_sfv.InnerList):
        return InnerList([plain_member(item) for item in member], parameters)
    return Item(plain(member.value), parameters)


http_sfv = pytest.importorskip("http_sfv")

PIECES = [
    "1", "-7", "1.5", '"a b"', '"\\""', "tok", "*t/x:y", ":aGk=:", "?1", "?0", "@1", "a", "b=", "c=", ";p", ";p=", ";q=",
    ", ", ",", " ", "(", ")", "(1 2)", "()", '%"%c3%a9"', "=", "A", "0.25", "--1", "'",
]  # fmt: skip


def theirs(kind, text):
    structure = kind()
    try:
        structure.parse(text.encode())
    except ValueError:
        return None
    return structure


def ours(parse, text):
    try:
        return parse(text)
    except ostiary.RequestError:
        return None


def same(left, right):
    """With the types of values, too: a Token equals a str."""
    return repr(left) == repr(right)


def test_http_sfv_reads_the_same():
    source = random.Random(3)
    sound = 0
    for _ in range(4000):
        text = "".join(source.choice(PIECES) for _ in range(source.randint(1, 7)))
        if not text.strip():
            continue  # they refuse what RFC 9651 section 4.2 calls an empty list
        item, members, keyed = (theirs(kind, text) for kind in (http_sfv.Item, http_sfv.List, http_sfv.Dictionary))
        sound += sum(read is not None for read in (item, members, keyed))
        members = None if members is None else [plain_member(member) for member in members]
        keyed = None if keyed is None else {key: plain_member(member) for key, member in keyed.items()}
        assert same(ours(ostiary.parse_item, text), None if item is None else plain_member(item)), text
        assert same(ours(ostiary.parse_list, text), members), text
        assert same(ours(ostiary.parse_dictionary, text), keyed), text
    assert sound > 400
