"""Stage three: the policy, and what it says about a request."""

from __future__ import annotations

import ipaddress
import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Tuple, Union

from ostiary import _core
from ostiary._errors import UsageError
from ostiary._frozen import Verdict
from ostiary._inspect import _SCHEMES, Head, _number
from ostiary._reason import Reason
from ostiary._time import Moment, to_seconds
from ostiary._keys import KeySet, to_key_set

if TYPE_CHECKING:
    from typing_extensions import Buffer, Literal

    from ostiary._inspect import _Scheme
    from ostiary._keys import _Jwks

    _Peer = Union[str, ipaddress.IPv4Address, ipaddress.IPv6Address]

_set = object.__setattr__


class NearestMiss(NamedTuple):
    """The rule that came closest to allowing a request, and what it first failed on."""

    rule: str
    dimension: str
    """As the language calls it: "method", "client", "scope", "claim", …; "identity" when there is none."""


class RoleGrant(NamedTuple):
    """The role of AWS that an allowed request may act in."""

    id: str
    """Of the mapping."""
    role_arn: str
    session_name: str
    duration_s: int
    """Seconds, never beyond the token's expiry; STS makes no session shorter than 900."""
    session_tags: Mapping[str, str]


class HeaderEdit(NamedTuple):
    """One edit of the fields that are forwarded; each is applied to what those before it left."""

    do: Literal["remove", "set", "append", "rename"]
    """Remove every field of this name; put this one in their place; add this one behind them; give them another name,
    in the place of every field of that other name."""
    name: str
    value: Optional[bytes]
    """Of the field; the other name for "rename"; None for "remove"."""


class Hop(NamedTuple):
    """How the origin is reached, besides its address. 0 leaves a time to the host."""

    shield: Optional[str]
    connect_timeout_ms: int
    first_byte_timeout_ms: int
    between_bytes_timeout_ms: int


class CacheDirective(NamedTuple):
    """Who may keep the answer, how long, and what it is found and purged by."""

    cache_class: Literal["none", "private", "shared"]
    ttl_s: int
    surrogate_keys: Tuple[str, ...]
    key: Optional[bytes]
    """"shared" only: equal only for requests with the same answer."""


class RateCharge(NamedTuple):
    """What the request counts under: `limit` requests in `period_s`, after at most `burst` at once."""

    key: bytes
    limit: int
    period_s: int
    burst: int


class Answer(NamedTuple):
    """What to answer instead of forwarding."""

    status: int
    location: Optional[str]
    """Of a redirect."""
    allow: Tuple[str, ...]
    """Methods for Allow, with 405."""
    retry_after_s: int
    """For Retry-After, with 429."""


class Decision(Verdict):
    """All that a host must act on. Immutable; equal when the images are equal.

    When allowed: send the request to `origin`, with `target` in place of its own where there is one, and the
    `header_edits` applied in their order; `Inspection.emit` does both. When denied: send `answer`.
    """

    __slots__ = (
        "allowed", "reason", "route", "rule", "origin", "http_status", "offset", "_edits", "image", "nearest", "role",
        "target", "hop", "cache", "rate", "answer",
    )  # fmt: skip

    _ask = "allowed"

    allowed: bool
    reason: Reason
    route: Optional[str]
    """Id of the route that matched."""
    rule: Optional[str]
    """Id of the rule that decided."""
    origin: Optional[str]
    """Id of the origin; None when denied."""
    http_status: int
    """What to answer when the request is not forwarded."""
    offset: int
    """Byte of the request head that the Reason speaks of."""
    _edits: Tuple[HeaderEdit, ...]
    image: bytes
    """The whole decision as bytes: the same on every host."""
    nearest: Optional[NearestMiss]
    """For CREDENTIAL_MISSING and RULE_NO_MATCH, unless no rule allows anything on the route."""
    role: Optional[RoleGrant]
    """Only when allowed, and a role mapping matches."""
    target: Optional[str]
    """Path and query to forward in place of the request's; None when they stay, or when denied."""
    hop: Optional[Hop]
    """Only when allowed."""
    cache: Optional[CacheDirective]
    """Only when allowed."""
    rate: Optional[RateCharge]
    """Only when allowed, and the route has a limit."""
    answer: Optional[Answer]
    """Only when denied."""

    def __init__(self, decided: _core._DecisionTuple) -> None:
        for name, value in zip(self.__slots__, decided):
            _set(self, name, value)
        _set(self, "reason", Reason(decided[1]))
        nearest, role, target, hop, cache, rate, answer = decided[9:]
        _set(self, "_edits", tuple(HeaderEdit(*edit) for edit in decided[7]))
        _set(self, "nearest", nearest and NearestMiss(*nearest))
        _set(self, "role", role and RoleGrant(*role[:4], session_tags=MappingProxyType(dict(role[4]))))
        _set(self, "hop", Hop(*hop) if self.allowed else None)
        _set(self, "cache", CacheDirective(*cache) if self.allowed else None)
        _set(self, "rate", rate and RateCharge(*rate))
        _set(self, "answer", None if self.allowed else Answer(*answer))

    @property
    def effect(self) -> Literal["allow", "deny"]:
        return "allow" if self.allowed else "deny"

    @property
    def header_edits(self) -> List[HeaderEdit]:
        """In order of application; empty when denied."""
        return list(self._edits)

    @property
    def remove_headers(self) -> List[str]:
        """The names (lower case) of `header_edits` that only remove."""
        return [edit.name for edit in self._edits if edit.do == "remove"]

    @property
    def set_headers(self) -> List[Tuple[str, bytes]]:
        """The fields of `header_edits` that are set."""
        return [(edit.name, edit.value) for edit in self._edits if edit.do == "set" and edit.value is not None]

    def __eq__(self, other: object) -> bool:
        return self.image == other.image if isinstance(other, Decision) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.image)

    def __repr__(self) -> str:
        edits = [f"{edit.do} {edit.name}" for edit in self._edits]
        return (
            f"<Decision {self.effect} {self.reason.name}: route={self.route!r} rule={self.rule!r} "
            f"origin={self.origin!r} headers=[{', '.join(edits)}]>"
        )


class Gate:
    """A compiled policy, and the keys of its issuers once they are given. Immutable; share it between threads."""

    __slots__ = ("_handle", "_keys", "_engine")

    _handle: _core.Gate
    _keys: Dict[str, KeySet]
    _engine: _core.Engine

    def __init__(self) -> None:
        raise TypeError("use Gate.compile(json_text) or Gate.load(image)")

    @classmethod
    def compile(cls, json_text: Union[str, Buffer]) -> Gate:
        """Compiles the policy language. Raises GateError with line and column of the first error."""
        return cls._make(_core.Gate.from_json(json_text), {})

    @classmethod
    def load(cls, image: Buffer) -> Gate:
        """Loads what `image()` returned, here or on another host. Raises GateError."""
        return cls._make(_core.Gate.from_image(image), {})

    @classmethod
    def _make(cls, handle: _core.Gate, keys: Dict[str, KeySet]) -> Gate:
        gate = cls.__new__(cls)
        gate._handle = handle
        gate._keys = keys
        gate._engine = _core.Engine(handle, [(issuer, key_set._handle) for issuer, key_set in keys.items()])
        return gate

    def image(self) -> bytes:
        """The same bytes for the same JSON on every platform. Holds no keys."""
        return self._handle.image

    @property
    def name(self) -> str:
        return self._handle.name

    @property
    def issuers(self) -> List[str]:
        """Ids of the issuers for which keys can be given."""
        return list(self._handle.issuers)

    @property
    def waived(self) -> List[Reason]:
        """Rules of the inspector that some route waives: what to inspect with before such a request is emitted."""
        return [Reason(rule) for rule in self._handle.waived]

    def inspect(self) -> str:
        """Everything the image holds, for people: issuers, origins, routes with their rules in the order of evaluation."""
        return self._handle.report(False)

    def to_dict(self) -> Dict[str, Any]:
        """The same for programs, as `ostiary gate inspect --json` prints it."""
        document: Dict[str, Any] = json.loads(self._handle.report(True))
        return document

    def with_keys(self, keys: Mapping[str, _Jwks]) -> Gate:
        """A new Gate that has these keys, by issuer id; issuers that are not named keep theirs.

        Tokens of an issuer without keys are refused. To rotate keys, make a new Gate and put it in the place of the
        old one. Raises KeySetError, and UsageError for an issuer that the gate does not name.
        """
        new = {issuer: to_key_set(jwks) for issuer, jwks in keys.items()}
        return self._make(self._handle, {**self._keys, **new})

    def decide(
        self,
        request: Union[Buffer, Head],
        *,
        now: Optional[Moment] = None,
        peer: Optional[_Peer] = None,
        flags: Iterable[str] = (),
        scheme: Optional[_Scheme] = None,
    ) -> Decision:
        """Inspects, verifies and decides. Whatever the request holds, the result is a Decision.

        `now`: default is the clock of this machine. `peer`: IP address of the other end. `flags`: those of
        the Gate that are true. `scheme`: how the client reached the service, which no request tells. The lock of the interpreter is held: a decision takes microseconds, some twenty when a
        signature is checked.
        """
        seconds = to_seconds(now)
        address = str(peer) if isinstance(peer, (ipaddress.IPv4Address, ipaddress.IPv6Address)) else peer
        if address == "":
            raise UsageError(Reason.USAGE_PEER)
        facts = (seconds, address, tuple(flags), _number(_SCHEMES, scheme, "scheme"))
        if isinstance(request, Head):
            return Decision(self._engine.decide_head(*request._parts(), *facts))
        return Decision(self._engine.decide_bytes(request, *facts))

    def __repr__(self) -> str:
        return f"<Gate {self.name!r} with keys of {sorted(self._keys)} out of {sorted(self.issuers)}>"
