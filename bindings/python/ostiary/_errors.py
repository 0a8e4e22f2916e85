"""What is raised, and the registry of Reasons.

Hostile input never raises on its own: `inspect` and `Gate.decide` return what they found. Exceptions are for a
token that is refused, for something asked of a request that has no safe answer, for keys or a gate that cannot be used,
and for calls that make no sense. None of them holds bytes of
tokens, keys or header values.
"""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

from ostiary import _core
from ostiary._reason import Reason


class ReasonInfo(NamedTuple):
    """One row of the registry of Reasons."""

    reason: Reason
    name: str
    reason_class: str
    """"ok", "usage", "request", "token", "key", "decision" or "gate"."""
    http_status: int
    """What a door answers when this is the outcome."""
    clause: str
    """RFC clause; empty where there is none."""
    text: str
    """One sentence."""


_REGISTRY = {row[0]: ReasonInfo(Reason(row[0]), *row[1:]) for row in _core.reasons()}


def reason_info(reason: Union[Reason, int]) -> ReasonInfo:
    """The row of a Reason. Raises UsageError for a number that is not registered."""
    try:
        return _REGISTRY[int(reason)]
    except KeyError:
        raise UsageError(Reason.USAGE_ARGUMENT, f"no Reason has the number {int(reason)}") from None


class OstiaryError(ValueError):
    """Base of all errors; `reason` says which one it is."""

    def __init__(self, reason: Reason, message: str = "") -> None:
        self.reason = Reason(reason)
        self.message = message or reason_info(reason).text
        super().__init__(f"{self.reason.name}: {self.message}")

    def _state(self) -> Tuple[Any, ...]:
        return (self.reason, self.message)

    def __reduce__(self) -> Tuple[Any, ...]:
        return (type(self), self._state())


class UsageError(OstiaryError):
    """The call makes no sense: an empty audience, an unknown algorithm, an issuer the gate does not name."""


class InternalError(OstiaryError):
    """A defect of the library was caught. What was asked is refused; please report it."""


class TokenError(OstiaryError):
    """The token is refused."""

    def __init__(self, reason: Reason, message: str = "", offset: int = 0) -> None:
        super().__init__(reason, message)
        self.offset = offset
        """Byte of the token that the Reason speaks of."""

    def _state(self) -> Tuple[Any, ...]:
        return (self.reason, self.message, self.offset)


class RequestError(OstiaryError):
    """What was asked of a request has no safe answer: a cookie that must stand once stands twice, a structured field
    is malformed, a rule was waived to inspect the request and is not to emit it."""

    def __init__(self, reason: Reason, message: str = "", offset: int = 0) -> None:
        super().__init__(reason, message)
        self.offset = offset
        """Byte of the head, or of the field value that was given."""

    def _state(self) -> Tuple[Any, ...]:
        return (self.reason, self.message, self.offset)


class SkippedKey(NamedTuple):
    """A key that cannot be used."""

    place: int
    """In the array `keys`, from 0."""
    offset: int
    """Byte of the text where the fault lies."""
    reason: Reason
    kid: Optional[str]
    """None when there is none that could be read."""

    @classmethod
    def of(cls, row: Tuple[int, int, int, Optional[str]]) -> SkippedKey:
        return cls(row[0], row[1], Reason(row[2]), row[3])


class KeySetError(OstiaryError):
    """The keys, or the revocation list, cannot be used."""

    def __init__(
        self, reason: Reason, message: str = "", offset: int = 0, skipped_keys: Tuple[SkippedKey, ...] = ()
    ) -> None:
        super().__init__(reason, message)
        self.offset = offset
        """Byte of the JSON text that the Reason speaks of; for PEM keys and secrets the index of the key."""
        self.skipped_keys = skipped_keys
        """Keys of the set that cannot be used: all of them, when the Reason is KEYS_EMPTY."""

    @property
    def skipped(self) -> List[Reason]:
        """Why each of them cannot."""
        return [key.reason for key in self.skipped_keys]

    def _state(self) -> Tuple[Any, ...]:
        return (self.reason, self.message, self.offset, self.skipped_keys)


class GateError(OstiaryError):
    """The gate does not compile, or its image does not load."""

    def __init__(self, reason: Reason, message: str = "", line: int = 0, column: int = 0, count: int = 0) -> None:
        super().__init__(reason, message)
        self.line = line
        """Of the first error, from 1; 0 when it has no place in the text."""
        self.column = column
        """From 1, in bytes."""
        self.count = count
        """How many errors were found."""

    def _state(self) -> Tuple[Any, ...]:
        return (self.reason, self.message, self.line, self.column, self.count)

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}: " if self.line else ""
        return place + super().__str__()


def usage(message: str) -> UsageError:
    """Called by the module `_core`."""
    return UsageError(Reason.USAGE_ARGUMENT, message)


def token_error_parts(number: int) -> Tuple[Tuple[str], Dict[str, Any]]:
    """What all TokenErrors of one Reason share: `args`, and their attributes. Called by the module `_core`."""
    error = TokenError(Reason(number))
    return error.args, dict(vars(error))


def failure(
    number: int,
    offset: int,
    line: int,
    column: int,
    count: int,
    utf8: bytes,
    skipped: Tuple[Tuple[int, int, int, Optional[str]], ...] = (),
) -> Exception:
    """The exception for a Reason that a call ended with. Called by the module `_core`."""
    reason = Reason(number)
    message = utf8.decode(errors="replace")
    if reason is Reason.NO_MEMORY:
        return MemoryError()
    if reason in (Reason.INTERNAL, Reason.USAGE_HANDLE_POISONED):
        return InternalError(reason)
    reason_class = reason_info(reason).reason_class
    if reason_class == "token":
        return TokenError(reason, offset=offset)
    if reason_class == "request":
        return RequestError(reason, offset=offset)
    if reason_class == "key":
        return KeySetError(reason, message, offset, tuple(map(SkippedKey.of, skipped)))
    if reason_class == "gate":
        return GateError(reason, message, line, column, count)
    return UsageError(reason, message)
