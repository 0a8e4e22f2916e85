"""Stage three: the policy, and what it says about a request."""

from __future__ import annotations

import ipaddress
import json
import math
import os
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Tuple, Type, TypeVar, Union

from ostiary import _core
from ostiary._boundary import to_hash, to_keys
from ostiary._errors import UsageError
from ostiary._frozen import Verdict
from ostiary._inspect import _SCHEMES, Head, _number
from ostiary._reason import Reason
from ostiary._time import Moment, to_time
from ostiary._token import RevocationList, TokenCache
from ostiary._keys import KeySet, to_key_set

if TYPE_CHECKING:
    from typing_extensions import Buffer, Literal

    from ostiary._inspect import _Scheme
    from ostiary._keys import _Jwks

    _Facts = Tuple[int, int, int, Optional[str], Tuple[str, ...]]
    _Peer = Union[str, ipaddress.IPv4Address, ipaddress.IPv6Address]

_set = object.__setattr__
_Part = TypeVar("_Part")


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


class HopSign(NamedTuple):
    """How the host signs the request that it sends to the origin."""

    method: Literal["message_signature", "sigv4"]
    """HTTP message signature (RFC 9421), or AWS Signature Version 4."""
    key: Optional[str]
    """"message_signature": its name, known to the host."""
    region: Optional[str]
    """"sigv4", as `service`."""
    service: Optional[str]


class Hop(NamedTuple):
    """How the origin is reached, besides its address. 0 leaves a time to the host."""

    shield: Optional[str]
    connect_timeout_ms: int
    first_byte_timeout_ms: int
    between_bytes_timeout_ms: int
    sign: Optional[HopSign]


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
        _set(self, "hop", Hop(*hop[:4], hop[4] and HopSign(*hop[4])) if self.allowed else None)
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


class RateVerdict(NamedTuple):
    """The answer to one take; times hold if nobody takes from the bucket meanwhile."""

    allowed: bool
    remaining: int
    """How many more of cost 1 would be allowed now."""
    retry_after: float
    """Seconds until the same take would be allowed; 0 when it was, infinity when it never is."""
    reset_after: float
    """Seconds until the bucket is full again."""


class RateLimiter:
    """Buckets for keys, in memory that is taken when it is made: however many keys come, nobody gets more than the quota.

    Gates and threads may share one. It is of this process: several processes give several quotas.
    """

    __slots__ = ("_handle",)

    def __init__(self, keys: int = 100_000, *, secret: Optional[Buffer] = None) -> None:
        """`keys`: how many are not full at once; some 37 bytes each. `secret`: 16 random bytes; without it, random bytes
        of the operating system are used. Raises UsageError."""
        self._handle = _core.RateLimiter(keys, os.urandom(16) if secret is None else secret)

    def take(
        self, key: Union[str, Buffer], *, limit: int, period_ms: int, burst: int, cost: int = 1, now: Optional[Moment] = None
    ) -> RateVerdict:
        """Takes `cost` of `limit` in `period_ms`, evenly after at most `burst` at once, or nothing at all. Cost 0 asks."""
        seconds, nanoseconds = to_time(now)
        since_1970 = max(0, seconds * 1_000_000_000 + nanoseconds)
        allowed, remaining, retry_ns, reset_ns = self._handle.take(key, limit, period_ms, burst, cost, since_1970)
        never = retry_ns == 2**64 - 1
        return RateVerdict(allowed, remaining, math.inf if never else retry_ns / 1e9, reset_ns / 1e9)

    def __repr__(self) -> str:
        return "<RateLimiter>"


class _Parts(NamedTuple):
    """What a Gate decides with besides its policy."""

    keys: Mapping[str, KeySet] = MappingProxyType({})
    cache: Optional[TokenCache] = None
    revocation: Optional[RevocationList] = None
    rate_limiter: Optional[RateLimiter] = None


def _one_of(part: Optional[_Part], kind: Type[_Part]) -> Optional[_Part]:
    if part is not None and not isinstance(part, kind):
        raise TypeError(f"expected a {kind.__name__} or None, not {type(part).__name__}")
    return part


def _named(handle: _core.Gate) -> Iterable[Tuple[str, str]]:
    return zip(handle.issuers, handle.issuer_values)


def _facts(
    now: Optional[Moment], peer: Optional[_Peer], flags: Iterable[str], scheme: Optional[_Scheme]
) -> _Facts:
    address = str(peer) if isinstance(peer, (ipaddress.IPv4Address, ipaddress.IPv6Address)) else peer
    if address == "":
        raise UsageError(Reason.USAGE_PEER)
    return (*to_time(now), _number(_SCHEMES, scheme, "scheme"), address, tuple(flags))


class Gate:
    """A compiled policy, and the keys of its issuers once they are given. Immutable; share it between threads."""

    __slots__ = ("_handle", "_parts", "_engine")

    _handle: _core.Gate
    _parts: _Parts
    _engine: _core.Engine

    def __init__(self) -> None:
        raise TypeError("use Gate.compile(json_text) or Gate.load(image)")

    @classmethod
    def compile(cls, json_text: Union[str, Buffer]) -> Gate:
        """Compiles the policy language. Raises GateError with line and column of the first error."""
        return cls._make(_core.Gate.from_json(json_text), _Parts())

    @classmethod
    def load(cls, image: Buffer) -> Gate:
        """Loads what `image()` returned, here or on another host. Raises GateError."""
        return cls._make(_core.Gate.from_image(image), _Parts())

    @classmethod
    def compile_within(
        cls,
        json_text: Union[str, Buffer],
        boundary: Union[str, Buffer],
        receipt: Union[str, Buffer],
        reviewer_keys: Iterable[Union[str, Buffer]],
        *,
        reviews_min: int = 1,
    ) -> Gate:
        """Compiles a policy that is proved to stay inside a boundary which these reviewers have signed.

        `boundary`: the JSON of a gate, the most that may be allowed; `receipt`: what `review_boundary` made of it.
        Raises GateError, with GATE_OUTSIDE where something is not inside, and KeySetError.
        """
        keys = to_keys(reviewer_keys, "reviewer_keys")
        return cls._make(_core.Gate.from_json_within(json_text, boundary, receipt, keys, reviews_min), _Parts())

    @classmethod
    def load_signed(
        cls,
        image: Buffer,
        keys: Iterable[Union[str, Buffer]],
        *,
        version_min: int = 0,
        boundary: Optional[str] = None,
        reviewer_keys: Iterable[Union[str, Buffer]] = (),
        reviews_min: int = 0,
    ) -> Gate:
        """Loads an image that one of these keys signed and that is not older than `version_min`.

        `keys`: Ed25519 public keys as PEM: whoever holds the private one may make Gates. With a `boundary`, the hash of
        one, only what was proved inside it loads; with `reviewer_keys`, only what was proved inside one that at least
        `reviews_min` of these (at least one) have reviewed. Raises GateError, and KeySetError for a key that is none.
        """
        makers = to_keys(keys, "keys")
        reviewers = to_keys(reviewer_keys, "reviewer_keys")
        handle = _core.Gate.from_signed_image(image, makers, version_min, to_hash(boundary), reviewers, reviews_min)
        return cls._make(handle, _Parts())

    @classmethod
    def _make(cls, handle: _core.Gate, parts: _Parts, engine: Optional[_core.Engine] = None) -> Gate:
        gate = cls.__new__(cls)
        gate._handle = handle
        gate._parts = parts
        gate._engine = engine or _core.Engine(
            handle,
            [(issuer, key_set._handle) for issuer, key_set in parts.keys.items()],
            None if parts.cache is None else parts.cache._handle,
            None if parts.revocation is None else parts.revocation._handle,
            None if parts.rate_limiter is None else parts.rate_limiter._handle,
        )
        return gate

    def image(self) -> bytes:
        """The same bytes for the same JSON on every platform. Holds no keys."""
        return self._handle.image

    def sign(self, private_pem: Union[str, Buffer]) -> Gate:
        """The same Gate with the signature of this key: Ed25519 as PEM, without password; `ostiary gate keygen` makes one.
        Raises KeySetError."""
        return self._make(self._handle.sign(private_pem), self._parts)

    @property
    def name(self) -> str:
        return self._handle.name

    @property
    def version(self) -> int:
        """Grows from each policy to the next of the same name; 0 when the JSON gives none."""
        return self._handle.version

    @property
    def boundary(self) -> Optional[str]:
        """The hash of the boundary that the image says it was proved inside of; only `load_signed` checks it."""
        said = self._handle.boundary
        return None if said is None else said.hex()

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
        return self._make(self._handle, self._parts._replace(keys={**self._parts.keys, **new}))

    def with_revocation(self, revocation: Optional[RevocationList]) -> Gate:
        """A new Gate for which this is revoked, and nothing else; None: nothing."""
        return self._make(self._handle, self._parts._replace(revocation=_one_of(revocation, RevocationList)))

    def with_cache(self, cache: Optional[TokenCache]) -> Gate:
        """A new Gate that remembers in `cache` which tokens verified; without one every signature is checked."""
        return self._make(self._handle, self._parts._replace(cache=_one_of(cache, TokenCache)))

    def with_rate_limiter(self, limiter: Optional[RateLimiter]) -> Gate:
        """A new Gate that takes from `limiter` what allowed requests count under, and denies what is over the limit with
        RATE_LIMITED. Without one that is for the host to do: see `Decision.rate`."""
        return self._make(self._handle, self._parts._replace(rate_limiter=_one_of(limiter, RateLimiter)))

    def with_policy(self, policy: Gate) -> Gate:
        """A new Gate with the policy of another, and what this one has otherwise.

        An issuer keeps its keys where the other policy has it with the same id and the same iss. Raises GateError for
        an older version. Threads that decide meanwhile finish with the Gate they began with.
        """
        engine = self._engine.with_gate(policy._handle)
        same = set(_named(self._handle)) & set(_named(policy._handle))
        ids = {issuer_id for issuer_id, _ in same}
        kept = {issuer: keys for issuer, keys in self._parts.keys.items() if issuer in ids}
        return self._make(policy._handle, self._parts._replace(keys=kept), engine)

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
        the Gate that are true. `scheme`: how the client reached the service, which no request tells. The lock of the
        interpreter is held: a decision takes microseconds, some twenty when a signature is checked.
        """
        facts = _facts(now, peer, flags, scheme)
        if isinstance(request, Head):
            return Decision(self._engine.decide_head(*request._parts(), *facts))
        return Decision(self._engine.decide_bytes(request, *facts))

    def explain(
        self,
        request: Union[Buffer, Head],
        *,
        now: Optional[Moment] = None,
        peer: Optional[_Peer] = None,
        flags: Iterable[str] = (),
        scheme: Optional[_Scheme] = None,
        source: Optional[Union[str, Buffer]] = None,
    ) -> str:
        """Why `decide` answers as it does, for people: every stage, every rule that was asked, every condition and what
        the request had; never a credential.

        `source`: the JSON that the Gate was compiled from, to tell places in it. Raises GateError when it does not
        compile, and UsageError when it is another Gate's.
        """
        return self._explain(False, request, _facts(now, peer, flags, scheme), source)

    def explain_dict(
        self,
        request: Union[Buffer, Head],
        *,
        now: Optional[Moment] = None,
        peer: Optional[_Peer] = None,
        flags: Iterable[str] = (),
        scheme: Optional[_Scheme] = None,
        source: Optional[Union[str, Buffer]] = None,
    ) -> Dict[str, Any]:
        """The same for programs, as docs/explain.md lists it."""
        text = self._explain(True, request, _facts(now, peer, flags, scheme), source)
        document: Dict[str, Any] = json.loads(text)
        return document

    def _explain(
        self, as_json: bool, request: Union[Buffer, Head], facts: _Facts, source: Optional[Union[str, Buffer]]
    ) -> str:
        if isinstance(request, Head):
            return self._engine.explain_head(as_json, source, *request._parts(), *facts)
        return self._engine.explain_bytes(as_json, source, request, *facts)

    def __repr__(self) -> str:
        return f"<Gate {self.name!r} with keys of {sorted(self._parts.keys)} out of {sorted(self.issuers)}>"
