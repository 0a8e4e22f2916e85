"""Keys: what signatures are checked with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, List, Mapping, NamedTuple, Optional, Tuple, Union

from ostiary import _core
from ostiary._errors import SkippedKey
from ostiary._reason import Reason

if TYPE_CHECKING:
    from typing_extensions import Buffer

    _Jwks = Union[str, Buffer, Mapping[str, Any], "KeySet"]


class KeyInfo(NamedTuple):
    """What is known about a usable key."""

    kid: Optional[str]
    algorithm: str
    bits: int
    thumbprint: bytes
    """SHA-256 of the JWK (RFC 7638)."""


class KeySet:
    """Prepared verification keys of one issuer, each with exactly one algorithm. Immutable; share it freely."""

    __slots__ = ("_handle",)

    def __init__(self, jwks: Union[str, Buffer, Mapping[str, Any]]) -> None:
        """Imports a JWK set (RFC 7517): JSON text, or what json.loads made of it.

        Keys that cannot verify are skipped; private keys refuse the set. Raises KeySetError, whose `skipped_keys` says
        why nothing was left.
        """
        self._handle = _core.KeySet(_text(jwks))

    @classmethod
    def from_jwk(cls, jwk: Union[str, Buffer, Mapping[str, Any]]) -> KeySet:
        """A set of one key (RFC 7517 section 4). Raises KeySetError."""
        return cls._of(_core.KeySet.from_jwk(_text(jwk)))

    @classmethod
    def from_pem(
        cls, pem: Union[str, Buffer, Mapping[str, Union[str, Buffer]]], *, algorithm: Optional[str] = None
    ) -> KeySet:
        """Keys as PEM, PUBLIC KEY or CERTIFICATE: one without a kid, or a mapping from kid to PEM.

        Of a certificate only the key counts: who signed it and when it expires is not looked at. Without `algorithm` each
        key has the one algorithm of its type. Raises KeySetError, whose offset is the index of the key.
        """
        if isinstance(pem, Mapping):
            return cls._of(_core.KeySet.from_pem([(text, kid, algorithm) for kid, text in pem.items()]))
        return cls._of(_core.KeySet.from_pem([(pem, None, algorithm)]))

    @classmethod
    def _of(cls, handle: _core.KeySet) -> KeySet:
        made = cls.__new__(cls)
        made._handle = handle
        return made

    def __len__(self) -> int:
        return self._handle.count

    @property
    def keys(self) -> List[KeyInfo]:
        """The usable keys, in the order of the set."""
        return [KeyInfo(*key) for key in self._handle.keys]

    @property
    def skipped(self) -> List[Reason]:
        """Why each key that was skipped cannot verify."""
        return [key.reason for key in self.skipped_keys]

    @property
    def skipped_keys(self) -> List[SkippedKey]:
        """The same with place and kid."""
        return [SkippedKey.of(key) for key in self._handle.skipped]

    def __repr__(self) -> str:
        return f"<KeySet of {len(self)} keys, {len(self.skipped)} skipped>"


class SecretKeys:
    """Shared secrets for HMAC: a type of its own, so that no key that was fetched can become one. Immutable."""

    __slots__ = ("_handle",)

    def __init__(self, secrets: Union[Buffer, Mapping[str, Buffer]], *, algorithm: str = "HS256") -> None:
        """Raw bytes, at least as many as the hash has, or a mapping from kid to such.

        Bytes that are a public key, a certificate or a JWK are refused: everyone knows them. Raises KeySetError.
        """
        keys: List[Tuple[Any, str, Optional[str]]]
        if isinstance(secrets, Mapping):
            keys = [(secret, algorithm, kid) for kid, secret in secrets.items()]
        else:
            keys = [(secrets, algorithm, None)]
        self._handle = _core.SecretKeys(keys)

    def __len__(self) -> int:
        return self._handle.count

    def __repr__(self) -> str:
        return f"<SecretKeys, {len(self)}>"


def _text(keys: Union[str, Buffer, Mapping[str, Any]]) -> Union[str, Buffer]:
    return json.dumps(dict(keys)) if isinstance(keys, Mapping) else keys


def to_key_set(jwks: _Jwks) -> KeySet:
    return jwks if isinstance(jwks, KeySet) else KeySet(jwks)
