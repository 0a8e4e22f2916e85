"""Who is asking: the address of the client, and on whose word."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, Iterable, List, Optional, Tuple, Union

from ostiary import _core
from ostiary._errors import UsageError
from ostiary._finding import DISPOSITIONS, Finding
from ostiary._frozen import Frozen
from ostiary._reason import Reason

if TYPE_CHECKING:
    from typing_extensions import Literal

    _Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]
    _Peer = Union[str, _Address]
    _Block = Union[str, ipaddress.IPv4Network, ipaddress.IPv6Network]
    _Source = Literal["peer", "x-forwarded-for", "forwarded", "platform-field"]
    _ForwardedField = Literal["x-forwarded-for", "forwarded"]

_SOURCES: Tuple[_Source, ...] = ("peer", "x-forwarded-for", "forwarded", "platform-field")
_FIELDS: Tuple[_ForwardedField, ...] = ("x-forwarded-for", "forwarded")
_PEER, _HOPS, _BLOCKS, _PLATFORM = range(4)

_set = object.__setattr__


class ClientPolicy(Frozen):
    """Whom to believe about the client's address. Immutable; share it between threads."""

    __slots__ = ("_handle", "_name")

    _handle: _core.ClientPolicy
    _name: str

    def __init__(self) -> None:
        raise TypeError("use ClientPolicy.peer(), .trusted_hops(), .trusted_blocks() or .platform_field()")

    @classmethod
    def peer(cls) -> ClientPolicy:
        """Nobody: the client is the peer."""
        return cls._make("peer", _PEER)

    @classmethod
    def trusted_hops(
        cls, count: int, *, field: _ForwardedField = "x-forwarded-for", only_from: Iterable[_Block] = ()
    ) -> ClientPolicy:
        """A known number of proxies between client and door, the peer included. `only_from`: unless empty, the peer must
        be in one of these blocks to be believed. Raises UsageError."""
        return cls._make(f"trusted hops: {int(count)}", _HOPS, field=field, hops=count, blocks=only_from)

    @classmethod
    def trusted_blocks(cls, blocks: Iterable[_Block], *, field: _ForwardedField = "x-forwarded-for") -> ClientPolicy:
        """Proxies whose addresses are in these blocks, as "192.0.2.0/24". Raises UsageError: USAGE_ADDRESS_BLOCK."""
        return cls._make("trusted blocks", _BLOCKS, field=field, blocks=blocks)

    @classmethod
    def platform_field(cls, name: str, *, only_from: Iterable[_Block] = ()) -> ClientPolicy:
        """The platform, which sets this field of every request and lets no client set it; one of those that only a
        trusted hop may send. Raises UsageError."""
        return cls._make("platform field", _PLATFORM, platform=name, blocks=only_from)

    @classmethod
    def _make(
        cls,
        name: str,
        strategy: int,
        field: _ForwardedField = "x-forwarded-for",
        hops: int = 0,
        blocks: Iterable[_Block] = (),
        platform: str = "",
    ) -> ClientPolicy:
        if field not in _FIELDS:
            raise UsageError(Reason.USAGE_ARGUMENT, f"field: expected one of {', '.join(map(repr, _FIELDS))}")
        if isinstance(blocks, (str, bytes)):
            raise TypeError("blocks must be several, not one text")
        texts = tuple(block if isinstance(block, str) else str(block) for block in blocks)
        policy = cls.__new__(cls)
        _set(policy, "_handle", _core.ClientPolicy(strategy, _FIELDS.index(field), hops, texts, platform))
        _set(policy, "_name", name)
        return policy

    def __repr__(self) -> str:
        return f"<ClientPolicy {self._name}>"


class Client(Frozen):
    """The address of the client. The only thing that access lists, rate limits and cache keys may ask for."""

    __slots__ = ("address", "source", "hops_skipped", "trusted_peer", "fell_back", "_findings")

    address: Optional[_Address]
    """None when the client is the peer and the peer is unknown."""
    source: _Source
    """On whose word."""
    hops_skipped: int
    """Elements of the list right of the client's."""
    trusted_peer: bool
    """The peer is trusted to have set forwarding fields."""
    fell_back: bool
    """A trusted peer did not say legibly who is asking, so `address` is its own. An allow rule must not match it."""
    _findings: Tuple[Finding, ...]

    def __init__(self, found: _core._ClientTuple) -> None:
        address, source, hops_skipped, trusted_peer, fell_back, findings = found
        _set(self, "address", ipaddress.ip_address(address) if address else None)
        _set(self, "source", _SOURCES[source])
        _set(self, "hops_skipped", hops_skipped)
        _set(self, "trusted_peer", trusted_peer)
        _set(self, "fell_back", fell_back)
        _set(self, "_findings", tuple(Finding(Reason(r), DISPOSITIONS[d], at) for r, d, at in findings))

    @property
    def findings(self) -> List[Finding]:
        """Why it fell back, and what no honest client sends."""
        return list(self._findings)

    def _key(self) -> Tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Client) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        back = ", fell back" if self.fell_back else ""
        return f"<Client {self.address} by {self.source}{back}>"
