"""Stage one: the canonical view of a request head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple, Union

from ostiary import _core
from ostiary._client import Client, ClientPolicy
from ostiary._errors import UsageError
from ostiary._fields import Authorization, Cookies, Parameter
from ostiary._finding import DISPOSITIONS, Finding, Rule, rules
from ostiary._frozen import Frozen, Verdict
from ostiary._reason import Reason

if TYPE_CHECKING:
    from typing_extensions import Buffer, Literal

    from ostiary._client import _Peer
    from ostiary._gate import Decision

    _Text = Union[str, Buffer]
    _Field = Union[Tuple[_Text, _Text], List[_Text]]
    _Edit = Tuple[_Text, Optional[_Text]]
    _Framing = Literal["no_body", "content_length", "chunked"]
    _Scheme = Literal["http", "https"]
    _Form = Literal["origin", "absolute", "authority", "asterisk"]
    _Version = Literal["1.0", "1.1", "2", "3"]

_FRAMINGS: Tuple[_Framing, ...] = ("no_body", "content_length", "chunked")
_SCHEMES: Tuple[Optional[_Scheme], ...] = (None, "http", "https")
_FORMS: Tuple[_Form, ...] = ("origin", "absolute", "authority", "asterisk")
_VERSIONS: Tuple[Optional[_Version], ...] = (None, "1.0", "1.1", "2", "3")
_LENSES = ("rfc3986", "nginx", "backslash", "matrix", "double_decode")
_NEED_MORE = 1
_COMPLETE = 2
_PEER_IS_TRUSTED = 1
_BODY_OF_UNKNOWN_LENGTH = 2

_set = object.__setattr__


def _number(names: Sequence[Optional[str]], name: Optional[str], what: str) -> int:
    """What the C interface calls this name."""
    if name is None or name in names:
        return names.index(name)
    expected = ", ".join(repr(known) for known in names if known)
    raise UsageError(Reason.USAGE_ARGUMENT, f"{what}: expected None or one of {expected}")


def _rules(waive: Iterable[Union[Reason, int]]) -> Tuple[int, ...]:
    return tuple(int(rule) for rule in waive)


class Head(Frozen):
    """A request head that the host has parsed already: ASGI, WSGI, HTTP/2, an edge runtime.

    Field names are lower case. Text is taken as Latin-1, which is how WSGI hands over the bytes of a request;
    give bytes when you have them.
    """

    __slots__ = ("method", "target", "fields", "authority", "version")

    method: _Text
    target: _Text
    """Path and query."""
    fields: Tuple[_Field, ...]
    authority: Optional[_Text]
    """None: the Host field is used."""
    version: Optional[_Version]
    """Of the message, where the host knows it: HTTP/2 and HTTP/3 have rules of their own."""

    def __init__(
        self,
        method: _Text,
        target: _Text,
        fields: Sequence[_Field],
        authority: Optional[_Text] = None,
        version: Optional[_Version] = None,
    ) -> None:
        _number(_VERSIONS, version, "version")
        _set(self, "method", method)
        _set(self, "target", target)
        _set(self, "fields", tuple(fields))
        _set(self, "authority", authority)
        _set(self, "version", version)

    def _parts(self) -> Tuple[_Text, Optional[_Text], _Text, Tuple[_Field, ...], int]:
        """As the module `_core` takes it."""
        return (self.method, self.authority, self.target, self.fields, _VERSIONS.index(self.version))

    def __reduce__(self) -> Tuple[Any, ...]:
        return (Head, (self.method, self.target, self.fields, self.authority, self.version))

    def __repr__(self) -> str:
        return f"<Head with {len(self.fields)} fields>"


class Inspection(Verdict):
    """What the inspector saw. The view (`method` to `fields`) is None, 0 or empty unless `complete`."""

    __slots__ = (
        "complete", "needs_more", "reason", "offset", "_findings", "method", "target", "path", "query", "host", "port",
        "version", "framing", "content_length", "head_size", "_fields", "_details", "_from_bytes", "_again",
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
    version: Optional[_Version]
    """None when the host did not tell: a head that was parsed before."""
    framing: Optional[_Framing]
    content_length: Optional[int]
    """None unless framing is "content_length"."""
    _findings: Tuple[Finding, ...]
    _fields: Tuple[Tuple[bytes, bytes], ...]
    head_size: int
    """Bytes of the head with its empty line; the body starts there. 0 from fields."""
    _details: _core._Details
    _from_bytes: bool
    _again: Tuple[Any, ...]

    def __init__(
        self, seen: _core._InspectionTuple, from_bytes: bool = True, options: Tuple[int, Tuple[int, ...]] = (0, ())
    ) -> None:
        (progress, reason, offset, findings, method, target, path, query, host, port, version, framing, length, size,
         fields, details, source) = seen  # fmt: skip
        complete = progress == _COMPLETE
        _set(self, "complete", complete)
        _set(self, "needs_more", progress == _NEED_MORE)
        _set(self, "reason", Reason(reason))
        _set(self, "offset", offset)
        _set(self, "_findings", tuple(Finding(Reason(r), DISPOSITIONS[d], at) for r, d, at in findings))
        _set(self, "method", method)
        _set(self, "target", target)
        _set(self, "path", path)
        _set(self, "query", query)
        _set(self, "host", host)
        _set(self, "port", port or None)
        _set(self, "version", _VERSIONS[version])
        _set(self, "framing", _FRAMINGS[framing] if complete else None)
        _set(self, "content_length", length if complete and _FRAMINGS[framing] == "content_length" else None)
        _set(self, "head_size", size)
        _set(self, "_fields", fields)
        _set(self, "_details", details)
        _set(self, "_from_bytes", from_bytes)
        _set(self, "_again", (source, *options))

    @property
    def findings(self) -> List[Finding]:
        """Flags and shapes of a complete request."""
        return list(self._findings)

    @property
    def fields(self) -> List[Tuple[bytes, bytes]]:
        """Names and values in the order sent."""
        return list(self._fields)

    def field(self, name: str) -> Optional[bytes]:
        """The value of the first field of this name, in any case of letters; None when there is none."""
        return next(iter(self.field_all(name)), None)

    def field_all(self, name: str) -> List[bytes]:
        """The values of all fields of this name, in the order sent."""
        wanted = name.encode("latin-1", "replace").lower()
        return [value for sent, value in self._fields if sent.lower() == wanted]

    @property
    def scheme(self) -> Optional[_Scheme]:
        """As the host or an absolute target told it."""
        return _SCHEMES[self._details[0]]

    @property
    def form(self) -> Optional[_Form]:
        """How the target was written (RFC 9112 section 3.2)."""
        return _FORMS[self._details[1]] if self.complete else None

    @property
    def authority(self) -> Optional[str]:
        """Of an absolute or authority-form target, as sent."""
        return self._details[2]

    @property
    def raw_path(self) -> Optional[str]:
        """The path as sent."""
        return self._details[3]

    @property
    def ambiguous_path(self) -> bool:
        """Back ends could read another path; see `lens_paths`."""
        return self._details[4]

    @property
    def underscore_names(self) -> bool:
        """A field name has an underscore, which some back ends take for a hyphen."""
        return self._details[5]

    @property
    def findings_truncated(self) -> bool:
        """There were more findings than are kept."""
        return self._details[6]

    @property
    def waived(self) -> List[Reason]:
        """Rules that would have rejected the request, had they not been waived."""
        return [Reason(rule) for rule in self._details[7]]

    @property
    def unseen(self) -> List[Rule]:
        """Rules whose evidence this door could not see: another hop has to vouch for them. Whatever the verdict."""
        return [rule for rule in rules() if not (rule.bytes_door if self._from_bytes else rule.fields_door)]

    @property
    def lens_paths(self) -> Dict[str, Optional[str]]:
        """The path as back ends that do not follow RFC 3986 read it, by the name of the lens; None where such a back end
        refuses it. "rfc3986" is the canonical path."""
        return dict(zip(_LENSES, _core.lens_paths(self._ask_again())))

    @property
    def cookies(self) -> Cookies:
        """The cookies that have a name."""
        return Cookies(*_core.cookies(self._ask_again()))

    def parameters(self, *, plus_is_space: bool) -> List[Parameter]:
        """The query parameters, decoded once, in the order sent; only "&" separates.

        `plus_is_space`: True for what an HTML form sends, False for RFC 3986. Raises RequestError: PATH_ESCAPE,
        PARAMETER_TOO_MANY.
        """
        return [Parameter(*pair) for pair in _core.parameters(self._ask_again(), plus_is_space)]

    def parameter(self, name: str, *, plus_is_space: bool) -> Optional[Parameter]:
        """The parameter that must stand once, by its decoded name; None when there is none. Raises RequestError:
        PARAMETER_DUPLICATE (also for `a[]` when `a` is asked for), PATH_ESCAPE, PARAMETER_TOO_MANY."""
        found = _core.find_parameter(self._ask_again(), name, plus_is_space)
        return None if found is None else Parameter(*found)

    @property
    def authorization(self) -> Optional[Authorization]:
        """The credentials of the request, whatever their scheme; None without any. Raises TokenError:
        CREDENTIAL_MALFORMED."""
        read = _core.authorization(self._ask_again())
        return None if read is None else Authorization(*read)

    def client(self, peer: Optional[_Peer], policy: ClientPolicy) -> Client:
        """Who is asking, when the connection comes from `peer`; None when that is unknown. Raises UsageError:
        USAGE_PEER."""
        return Client(_core.client(self._ask_again(), policy._handle, None if peer is None else str(peer)))

    def emit(
        self,
        edits: Iterable[_Edit] = (),
        *,
        decision: Optional[Decision] = None,
        waive: Iterable[Union[Reason, int]] = (),
        peer_is_trusted: bool = False,
        body_of_unknown_length: bool = False,
    ) -> bytes:
        """The head to forward, written from what was verified and never copied.

        `edits`: pairs of name and value, which are set, or of name and None, which are removed. `decision`: one that
        allows; its edits come first. `waive`: what the route waives; a request that needed more is refused.
        Raises UsageError: USAGE_HEADER_EDIT, USAGE_WAIVER; RequestError with the rule that was not waived.
        """
        flags = (_PEER_IS_TRUSTED if peer_is_trusted else 0) | (
            _BODY_OF_UNKNOWN_LENGTH if body_of_unknown_length else 0
        )
        all_edits: List[_Edit] = []
        if decision is not None:
            if not decision.allowed:
                raise UsageError(Reason.USAGE_ARGUMENT, "decision: a denied request is not forwarded")
            all_edits += [(name, None) for name in decision.remove_headers]
            all_edits += decision.set_headers
        return _core.emit(self._ask_again(), all_edits + list(edits), _rules(waive), flags)

    def _ask_again(self) -> Tuple[Any, ...]:
        if not self.complete:
            raise UsageError(Reason.USAGE_ARGUMENT, "the request is not complete; ask for .complete first")
        return self._again

    def _key(self) -> Tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__ if name != "_again")

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Inspection) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        if not self.complete:
            return f"<Inspection {self.reason.name} at {self.offset}>"
        return f"<Inspection complete: {self.method} {self.path!r} of {self.host!r}, {len(self._fields)} fields>"


def inspect(
    data: Union[Buffer, Head], *, scheme: Optional[_Scheme] = None, waive: Iterable[Union[Reason, int]] = ()
) -> Inspection:
    """Inspects an HTTP/1 request head, or one that was parsed before.

    The verdict is in the result, whatever the bytes: nothing is raised for hostile input. `scheme`: how the request
    came; its default port is taken off the Host. `waive`: rules whose rejections are left to the caller (see `rules`);
    `Inspection.waived` has those that the request needs. Raises UsageError: USAGE_WAIVER.
    """
    options = (0 if scheme is None else _number(_SCHEMES, scheme, "scheme"), _rules(waive) if waive else ())
    if isinstance(data, Head):
        return Inspection(_core.inspect_head(*data._parts(), *options), False, options)
    return Inspection(_core.inspect_bytes(data, *options), True, options)


def inspect_bytes(
    data: Buffer, *, scheme: Optional[_Scheme] = None, waive: Iterable[Union[Reason, int]] = ()
) -> Inspection:
    """Inspects an HTTP/1 request head; the same as `inspect(data)` for anything but a Head."""
    return inspect(data, scheme=scheme, waive=waive)


def inspect_fields(
    *,
    method: _Text,
    target: _Text,
    fields: Sequence[_Field],
    authority: Optional[_Text] = None,
    version: Optional[_Version] = None,
    scheme: Optional[_Scheme] = None,
    waive: Iterable[Union[Reason, int]] = (),
) -> Inspection:
    """Inspects a head that was parsed before; the same as `inspect(Head(...))`."""
    return inspect(Head(method, target, fields, authority, version), scheme=scheme, waive=waive)


class HeadReader:
    """Inspects one head as it arrives. Every byte is read a bounded number of times, and the result does not depend on
    where the head was cut. Use it from one thread at a time.

        reader = ostiary.HeadReader()
        while (seen := reader.feed(connection.recv(4096))) is None:
            ...
    """

    __slots__ = ("_handle", "_options")

    def __init__(self, *, scheme: Optional[_Scheme] = None, waive: Iterable[Union[Reason, int]] = ()) -> None:
        self._options = (_number(_SCHEMES, scheme, "scheme"), _rules(waive))
        self._handle = _core.HeadReader(*self._options)

    def feed(self, data: Buffer) -> Optional[Inspection]:
        """None while more bytes are needed; then the inspection, complete or rejected, and no further call makes sense."""
        seen = self._handle.feed(data)
        return None if seen is None else Inspection(seen, True, self._options)

    @property
    def rest(self) -> bytes:
        """What came behind a complete head: the start of the body."""
        return self._handle.rest
