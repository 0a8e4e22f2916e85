"""Stage two: keys and tokens."""

from __future__ import annotations

import json
import types
from typing import TYPE_CHECKING, Any, List, Mapping, Optional, Sequence, Union

from ostiary import _core
from ostiary._reason import Reason
from ostiary._time import Moment, to_seconds

if TYPE_CHECKING:
    from typing_extensions import Buffer

    _Jwks = Union[str, Buffer, Mapping[str, Any], "KeySet"]


class KeySet:
    """Prepared verification keys of one issuer, each with exactly one algorithm. Immutable; share it freely."""

    __slots__ = ("_handle",)

    def __init__(self, jwks: Union[str, Buffer, Mapping[str, Any]]) -> None:
        """Imports a JWK set (RFC 7517): JSON text, or what json.loads made of it.

        Keys that cannot verify are skipped; private keys refuse the set. Raises KeySetError.
        """
        text = json.dumps(dict(jwks)) if isinstance(jwks, Mapping) else jwks
        self._handle = _core.KeySet(text)

    def __len__(self) -> int:
        return self._handle.count

    @property
    def skipped(self) -> List[Reason]:
        """Why each key that was skipped cannot verify."""
        return [Reason(number) for number in self._handle.skipped]

    def __repr__(self) -> str:
        return f"<KeySet of {len(self)} keys, {len(self.skipped)} skipped>"


def to_key_set(jwks: _Jwks) -> KeySet:
    return jwks if isinstance(jwks, KeySet) else KeySet(jwks)


class TokenVerifier:
    """Verifies the signed tokens (JWS) of one issuer. Immutable; share it between threads.

    The lock of the interpreter is released while a signature is checked.
    """

    __slots__ = ("_handle", "_keys")

    def __init__(
        self,
        *,
        jwks: _Jwks,
        issuer: str,
        audience: Union[str, Sequence[str]],
        algorithms: Sequence[str],
        clock_skew_s: int = 0,
    ) -> None:
        """A token must come from `issuer`, be meant for (one of) `audience` and be signed with one of `algorithms`.

        Raises UsageError for an empty issuer, audience or algorithm list, an unknown algorithm, and a skew outside
        of 0 to 300 seconds; KeySetError for the keys.
        """
        if isinstance(algorithms, (str, bytes)):
            raise TypeError("algorithms must be a list, not a single name")
        self._keys = to_key_set(jwks)
        audiences = [audience] if isinstance(audience, str) else list(audience)
        self._handle = _core.Verifier(issuer, audiences, list(algorithms), clock_skew_s, self._keys._handle)

    @property
    def keys(self) -> KeySet:
        return self._keys

    def verify(self, token: Union[str, Buffer], *, now: Optional[Moment] = None) -> Mapping[str, Any]:
        """The claims of a token that is good at `now` (default: the clock of this machine). Raises TokenError.

        The mapping cannot be changed; lists and objects inside of it are yours alone.
        """
        claims = self._handle.verify(token, to_seconds(now))
        return types.MappingProxyType(json.loads(claims))

    def __repr__(self) -> str:
        return f"<TokenVerifier with {len(self._keys)} keys>"
