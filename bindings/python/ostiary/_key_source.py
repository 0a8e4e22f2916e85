"""Keys over time: when the keys of an issuer should be fetched, and which are good now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, Optional, Union

from ostiary import _core
from ostiary._errors import usage
from ostiary._keys import KeySet
from ostiary._reason import Reason
from ostiary._time import Moment, to_seconds

if TYPE_CHECKING:
    from typing_extensions import Buffer

    _Kind = Literal["discovery", "key_set", "pem_by_key_id"]

# In the order of their numbers in ostiary.h.
_KINDS = ("discovery", "key_set", "pem_by_key_id")
_FETCHES = ("discovery", "key_set", "pem")
_REASONS = ("first", "soft_age", "hard_age", "unknown_key", "retry")


class FetchWanted(NamedTuple):
    """What to GET."""

    ticket: int
    kind: str
    """"discovery", "key_set" or "pem"."""
    reason: str
    """"first", "soft_age", "hard_age", "unknown_key" or "retry"."""
    not_before: int
    """Seconds since 1970; `begin` refuses it earlier."""
    issuer: str
    uri: str


class KeyChange(NamedTuple):
    """How many keys an answer changed."""

    added: int
    removed: int
    replaced: int
    """Kids that have another key now: a grave mistake of the issuer, or an attack."""
    skipped: int
    """Keys that cannot be used."""


class KeySourceStatus(NamedTuple):
    """How a source is doing."""

    usable: bool
    under_way: bool
    failures: int
    """In a row."""
    last_error: Reason
    age_s: int
    fetches: int
    answers: int
    changes: int
    unknown_keys: int


class KeySource:
    """The keys of one issuer over time. It does no I/O: ask what is `wanted`, fetch it, bring the bytes. Share it.

        source = ostiary.KeySource("https://login.example")
        fetch = source.wanted()
        if fetch is not None and fetch.not_before <= time.time():
            source.begin(fetch)
            source.complete(fetch, body)  # or source.fail(fetch)
        verifier = verifier.with_keys(source.keys())

    Ask again after each answer, when `unknown_key` says True, and when not_before is reached.
    """

    __slots__ = ("_handle",)

    def __init__(
        self,
        issuer: str,
        *,
        kind: _Kind = "discovery",
        uri: Optional[str] = None,
        allow_loopback_http: bool = False,
        soft_age_s: int = 600,
        soft_age_min_s: int = 60,
        soft_age_max_s: int = 3600,
        hard_age_s: int = 24 * 3600,
        unknown_key_cooldown_s: int = 30,
        retry_min_s: int = 5,
        retry_max_s: int = 300,
        fetch_timeout_s: int = 30,
        removed_key_grace_s: int = 0,
        discovery_age_s: int = 24 * 3600,
        pem_key_count_max: int = 16,
    ) -> None:
        """Keys of `soft_age_s` are wanted anew, unless an answer says how long it lasts; those of `hard_age_s` are dead.

        Raises UsageError for a URI that is not https and for bounds in the wrong order.
        """
        if kind not in _KINDS:
            raise usage(f"kind: expected one of {', '.join(_KINDS)}")
        ages = (
            soft_age_s,
            soft_age_min_s,
            soft_age_max_s,
            hard_age_s,
            unknown_key_cooldown_s,
            retry_min_s,
            retry_max_s,
            fetch_timeout_s,
            removed_key_grace_s,
            discovery_age_s,
            pem_key_count_max,
        )
        self._handle = _core.KeySource(_KINDS.index(kind), issuer, uri, bool(allow_loopback_http), ages)

    def wanted(self, *, now: Optional[Moment] = None) -> Optional[FetchWanted]:
        """What to fetch next, and not before when; None when nothing is."""
        found = self._handle.wanted(to_seconds(now))
        if found is None:
            return None
        ticket, kind, reason, not_before, issuer, uri = found
        return FetchWanted(ticket, _FETCHES[kind], _REASONS[reason], not_before, issuer, uri)

    def begin(self, fetch: FetchWanted, *, now: Optional[Moment] = None) -> None:
        """Takes it up. Raises KeySetError with KEY_SOURCE_TICKET when another has, or it is too early."""
        self._handle.begin(fetch.ticket, to_seconds(now))

    def complete(
        self, fetch: FetchWanted, body: Union[str, Buffer], *, max_age: Optional[int] = None, now: Optional[Moment] = None
    ) -> KeyChange:
        """The body of an answer with status 200, and what its Cache-Control says. Raises KeySetError: then nothing changes."""
        return KeyChange(*self._handle.complete(fetch.ticket, body, -1 if max_age is None else max_age, to_seconds(now)))

    def fail(self, fetch: FetchWanted, *, absent: bool = False, now: Optional[Moment] = None) -> None:
        """There is no answer; `absent` says that the server has no such thing (404 or 410)."""
        self._handle.fail(fetch.ticket, bool(absent), to_seconds(now))

    def unknown_key(self, kid: Optional[str]) -> bool:
        """Reports that a token was refused with TOKEN_KEY_UNKNOWN. True when that was news: ask `wanted` again."""
        return self._handle.unknown_key(kid)

    def keys(self, *, now: Optional[Moment] = None) -> Optional[KeySet]:
        """The keys that are good now; None when there are none."""
        handle = self._handle.keys(to_seconds(now))
        return None if handle is None else KeySet._of(handle)

    def status(self, *, now: Optional[Moment] = None) -> KeySourceStatus:
        """For monitoring."""
        usable, under_way, failures, error, *counts = self._handle.status(to_seconds(now))
        return KeySourceStatus(usable, under_way, failures, Reason(error), *counts)

    def __repr__(self) -> str:
        return "<KeySource>"
