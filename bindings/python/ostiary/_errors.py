"""What is raised, and the registry of Reasons.

Hostile input never raises on its own: `inspect` and `Gate.decide` return what they found. Exceptions are for a
token that is refused, for something asked of a request that has no safe answer, for keys or a gate that cannot be used,
and for calls that make no sense. None of them holds bytes of
tokens, keys or header values.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Tuple, Union

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


class KeySetError(OstiaryError):
    """The key set cannot be used."""

    def __init__(self, reason: Reason, message: str = "", offset: int = 0) -> None:
        super().__init__(reason, message)
        self.offset = offset
        """Byte of the JSON text that the Reason speaks of."""

    def _state(self) -> Tuple[Any, ...]:
        return (self.reason, self.message, self.offset)


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


def failure(number: int, offset: int, line: int, column: int, count: int, utf8: bytes) -> Exception:
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
        return KeySetError(reason, message, offset)
    if reason_class == "gate":
        return GateError(reason, message, line, column, count)
    return UsageError(reason, message)
