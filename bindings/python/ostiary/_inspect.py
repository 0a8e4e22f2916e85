"""Stage one: the canonical view of a request head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, List, NamedTuple, Optional, Sequence, Tuple, Union

from ostiary import _core
from ostiary._frozen import Frozen, Verdict
from ostiary._reason import Reason

if TYPE_CHECKING:
    from typing_extensions import Buffer, Literal

    _Text = Union[str, Buffer]
    _Field = Union[Tuple[_Text, _Text], List[_Text]]
    _Disposition = Literal["flag", "shape", "reject"]
    _Framing = Literal["no_body", "content_length", "chunked"]

_DISPOSITIONS: Tuple[_Disposition, ...] = ("flag", "shape", "reject")
_FRAMINGS: Tuple[_Framing, ...] = ("no_body", "content_length", "chunked")
_NEED_MORE = 1
_COMPLETE = 2

_set = object.__setattr__


class Finding(NamedTuple):
    """One numbered thing the inspector noticed."""

    reason: Reason
    disposition: _Disposition
    """"flag": nothing changed; "shape": repaired in the canonical view; "reject": the request is refused."""
    offset: int
    """Byte in the inspected input."""


class Head(Frozen):
    """A request head that the host has parsed already: ASGI, WSGI, HTTP/2, an edge runtime.

    Field names are lower case. Text is taken as Latin-1, which is how WSGI hands over the bytes of a request;
    give bytes when you have them.
    """

    __slots__ = ("method", "target", "fields", "authority")

    method: _Text
    target: _Text
    """Path and query."""
    fields: Tuple[_Field, ...]
    authority: Optional[_Text]
    """None: the Host field is used."""

    def __init__(
        self, method: _Text, target: _Text, fields: Sequence[_Field], authority: Optional[_Text] = None
    ) -> None:
        _set(self, "method", method)
        _set(self, "target", target)
        _set(self, "fields", tuple(fields))
        _set(self, "authority", authority)

    def __reduce__(self) -> Tuple[Any, ...]:
        return (Head, (self.method, self.target, self.fields, self.authority))

    def __repr__(self) -> str:
        return f"<Head with {len(self.fields)} fields>"


class Inspection(Verdict):
    """What the inspector saw. The view (`method` to `fields`) is None, 0 or empty unless `complete`."""

    __slots__ = (
        "complete", "needs_more", "reason", "offset", "_findings", "method", "target", "path", "query", "host", "port",
        "version", "framing", "content_length", "head_size", "_fields",
    )  # fmt: skip

    _ask = "complete"

    complete: bool
    needs_more: bool
    """Nothing is wrong so far; the empty line has not been seen."""
    reason: Reason
    """What rejects the request, HEAD_INCOMPLETE when more bytes are needed, or OK."""
    offset: int
    """Byte that `reason` speaks of."""
    method: Optional[str]
    target: Optional[str]
    """As it was sent."""
    path: Optional[str]
    """Canonical: decoded once, dot segments removed, starts with a slash."""
    query: Optional[str]
    """None when there is no question mark, which is not the same as an empty query."""
    host: Optional[str]
    """Canonical: lower case, no port."""
    port: Optional[int]
    """None when the Host names none."""
    version: Optional[str]
    """"1.1" or "1.0"."""
    framing: Optional[_Framing]
    content_length: Optional[int]
    """None unless framing is "content_length"."""
    _findings: Tuple[Finding, ...]
    _fields: Tuple[Tuple[bytes, bytes], ...]
    head_size: int
    """Bytes of the head with its empty line; the body starts there. 0 from fields."""

    def __init__(self, seen: _core._InspectionTuple) -> None:
        (progress, reason, offset, findings, method, target, path, query, host, port, minor, framing, length, size,
         fields) = seen  # fmt: skip
        complete = progress == _COMPLETE
        _set(self, "complete", complete)
        _set(self, "needs_more", progress == _NEED_MORE)
        _set(self, "reason", Reason(reason))
        _set(self, "offset", offset)
        _set(self, "_findings", tuple(Finding(Reason(r), _DISPOSITIONS[d], at) for r, d, at in findings))
        _set(self, "method", method)
        _set(self, "target", target)
        _set(self, "path", path)
        _set(self, "query", query)
        _set(self, "host", host)
        _set(self, "port", port or None)
        _set(self, "version", f"1.{minor}" if complete else None)
        _set(self, "framing", _FRAMINGS[framing] if complete else None)
        _set(self, "content_length", length if complete and _FRAMINGS[framing] == "content_length" else None)
        _set(self, "head_size", size)
        _set(self, "_fields", fields)

    @property
    def findings(self) -> List[Finding]:
        """Flags and shapes of a complete request."""
        return list(self._findings)

    @property
    def fields(self) -> List[Tuple[bytes, bytes]]:
        """Names and values in the order sent."""
        return list(self._fields)

    def _key(self) -> Tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Inspection) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        if not self.complete:
            return f"<Inspection {self.reason.name} at {self.offset}>"
        return f"<Inspection complete: {self.method} {self.path!r} of {self.host!r}, {len(self._fields)} fields>"


def inspect(data: Union[Buffer, Head]) -> Inspection:
    """Inspects an HTTP/1 request head, or one that was parsed before.

    The verdict is in the result, whatever the bytes: nothing is raised for hostile input.
    """
    if isinstance(data, Head):
        return Inspection(_core.inspect_head(data.method, data.authority, data.target, data.fields))
    return Inspection(_core.inspect_bytes(data))


def inspect_fields(
    *, method: _Text, target: _Text, fields: Sequence[_Field], authority: Optional[_Text] = None
) -> Inspection:
    """Inspects a head that was parsed before; the same as `inspect(Head(...))`."""
    return inspect(Head(method, target, fields, authority))
