"""Structured fields (RFC 9651) as plain Python values.

An Integer is an int, a Decimal a decimal.Decimal, a String a str, a Token a Token, a Byte Sequence bytes, a Boolean a
bool, a Date a Date and a Display String a DisplayString.
"""

from __future__ import annotations

import dataclasses
import decimal
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Sequence, Tuple, Union

from ostiary import _core

if TYPE_CHECKING:
    from typing_extensions import Buffer

    _Line = Union[str, Buffer]
    _Value = Union[_Line, List[_Line], List[str], List[bytes], Tuple[_Line, ...]]

_ITEM, _LIST, _DICTIONARY = range(3)
_MEMBER, _INNER_ITEM, _PARAMETER = range(3)
_INTEGER, _DECIMAL, _STRING, _TOKEN, _BYTES, _BOOLEAN, _DATE, _DISPLAY_STRING, _INNER_LIST = range(1, 10)


class Token(str):
    """A Token: a word without quotes. Equal to a str of the same text; look at its type to tell them apart."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Token({str(self)!r})"


class DisplayString(str):
    """A Display String: text that may have characters outside ASCII."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"DisplayString({str(self)!r})"


class Date(int):
    """A Date: seconds since 1970-01-01T00:00:00Z. It may lie outside what datetime can hold."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Date({int(self)})"


BareItem = Union[int, decimal.Decimal, str, Token, bytes, bool, Date, DisplayString]


@dataclasses.dataclass(frozen=True)
class Item:
    """A value with parameters."""

    value: BareItem
    parameters: Dict[str, BareItem] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class InnerList:
    """Several items with parameters of their own."""

    items: List[Item]
    parameters: Dict[str, BareItem] = dataclasses.field(default_factory=dict)


Member = Union[Item, InnerList]


def _bare(kind: int, value: Any) -> BareItem:
    if kind == _DECIMAL:
        return decimal.Decimal(value).scaleb(-3, decimal.Context(prec=20))
    if kind == _BOOLEAN:
        return bool(value)
    made = {_TOKEN: Token, _DATE: Date, _DISPLAY_STRING: DisplayString}.get(kind)
    result: BareItem = value if made is None else made(value)
    return result


def _members(kind: int, value: _Value) -> Iterator[Tuple[str, Member]]:
    """Keys and members; the key of a list's member is empty."""
    lines: Sequence[_Line] = value if isinstance(value, (list, tuple)) else [value]
    read: List[Tuple[str, Member]] = []
    parameters: Dict[str, BareItem] = {}
    for place, node_kind, node_value, key in _core.read_structured(kind, lines)[0]:
        if place == _PARAMETER:
            parameters[key or ""] = _bare(node_kind, node_value)
        elif node_kind == _INNER_LIST:
            parameters = {}
            read.append((key or "", InnerList([], parameters)))
        else:
            parameters = {}
            item = Item(_bare(node_kind, node_value), parameters)
            if place == _MEMBER:
                read.append((key or "", item))
            else:
                inner = read[-1][1]
                assert isinstance(inner, InnerList)
                inner.items.append(item)
    return iter(read)


def parse_item(value: _Value) -> Item:
    """An item. `value`: the value of a field, or the values of all its lines. Raises RequestError:
    STRUCTURED_FIELD_SYNTAX and its kin."""
    item = next(_members(_ITEM, value))[1]
    assert isinstance(item, Item)
    return item


def parse_list(value: _Value) -> List[Member]:
    """A list; no value at all is an empty one. Raises RequestError as parse_item does."""
    return [member for _, member in _members(_LIST, value)]


def parse_dictionary(value: _Value) -> Dict[str, Member]:
    """A dictionary; no value at all is an empty one. Of a key that stands twice the last value counts (RFC 9651 section
    4.2.2). Raises RequestError as parse_item does."""
    return dict(_members(_DICTIONARY, value))
