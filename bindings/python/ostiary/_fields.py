"""What fields say: cookies, query parameters, credentials.

Text is UTF-8; bytes that are not come as lone surrogates, so that `text.encode("utf-8", "surrogateescape")` gives every
value as it was sent.
"""

from __future__ import annotations

from typing import Iterator, List, NamedTuple, Optional, Tuple

from ostiary._errors import RequestError
from ostiary._frozen import Frozen
from ostiary._reason import Reason

_set = object.__setattr__


class Parameter(NamedTuple):
    """One query parameter, decoded once."""

    name: str
    value: Optional[str]
    """None without an equals sign, which is not the same as an empty value."""


class Cookies(Frozen):
    """The cookies of a request. `list(cookies)` has all of them, `cookies["name"]` one that must stand once."""

    __slots__ = ("_pairs", "nameless")

    _pairs: Tuple[Tuple[str, str], ...]
    nameless: Optional[str]
    """The first cookie without a name; what another program takes for its name is anybody's guess. None if there is
    none."""

    def __init__(self, pairs: Tuple[Tuple[str, str], ...], nameless: Optional[str]) -> None:
        _set(self, "_pairs", pairs)
        _set(self, "nameless", nameless)

    def get(self, name: str) -> Optional[str]:
        """The value of a cookie that must stand once; None when there is none. Names differ in case. Raises
        RequestError: COOKIE_DUPLICATE."""
        values = [value for sent, value in self._pairs if sent == name]
        if len(values) > 1:
            raise RequestError(Reason.COOKIE_DUPLICATE)
        return values[0] if values else None

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        return any(sent == name for sent, _ in self._pairs)

    def __iter__(self) -> Iterator[Tuple[str, str]]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cookies):
            return NotImplemented
        return (self._pairs, self.nameless) == (other._pairs, other.nameless)

    def __hash__(self) -> int:
        return hash((self._pairs, self.nameless))

    def __repr__(self) -> str:
        return f"<Cookies: {len(self)}>"


class Authorization(Frozen):
    """The credentials of an Authorization field (RFC 9110 section 11.4)."""

    __slots__ = ("scheme", "token68", "_parameters")

    scheme: str
    """In the case sent; case plays no part."""
    token68: Optional[str]
    _parameters: Tuple[Tuple[str, str], ...]

    def __init__(self, scheme: str, token68: Optional[str], parameters: Tuple[Tuple[str, str], ...]) -> None:
        _set(self, "scheme", scheme)
        _set(self, "token68", token68)
        _set(self, "_parameters", parameters)

    @property
    def parameters(self) -> List[Tuple[str, str]]:
        """Names, in the case sent, and values without quotes and backslashes. No name stands twice."""
        return list(self._parameters)

    def parameter(self, name: str) -> Optional[str]:
        """The value of a parameter, its name in any case; None when there is none."""
        return next((value for sent, value in self._parameters if sent.lower() == name.lower()), None)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Authorization):
            return NotImplemented
        return (self.scheme, self.token68, self._parameters) == (other.scheme, other.token68, other._parameters)

    def __hash__(self) -> int:
        return hash((self.scheme, self.token68, self._parameters))

    def __repr__(self) -> str:
        return f"<Authorization {self.scheme} with {len(self._parameters)} parameters>"
