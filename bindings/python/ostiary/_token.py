"""Stage two: tokens."""

from __future__ import annotations

import json
import os
import time
import types
from typing import TYPE_CHECKING, Any, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from ostiary import _core
from ostiary._errors import usage
from ostiary._inspect import _SCHEMES, Inspection
from ostiary._keys import KeySet, SecretKeys, to_key_set
from ostiary._reason import Reason
from ostiary._sender import SenderConstraint
from ostiary._settings import IssuerSettings
from ostiary._time import Moment, to_seconds

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from ostiary._inspect import _Scheme
    from ostiary._keys import _Jwks
    from ostiary._settings import _AudienceClaim, _Profile

    _Keys = Union[_Jwks, SecretKeys, None]

_decode = json.JSONDecoder().decode


class TokenCacheStats(NamedTuple):
    """Counts since a cache was made."""

    capacity: int
    """Entries there is room for."""
    hits: int
    """Answered from an entry."""
    misses: int
    """No entry for this token and this verifier."""
    expired: int
    """An entry was found whose time was over."""
    busy: int
    """Another thread was in the way, and the signature was checked instead."""
    admissions: int
    """Entries made: a token is taken in when it verified for the second time."""
    evictions: int
    """Entries that went for another before their time was over."""
    too_large: int
    """Tokens that were good and did not fit an entry."""


class TokenCache:
    """Remembers what tokens proved, so that their signatures need not be checked again.

    Dates, policy, keys and revocation list are asked on every hit. Several verifiers and threads may share one. All of
    its memory is taken when it is made.
    """

    __slots__ = ("_handle",)

    def __init__(
        self, memory_size: int = 16 * 1024 * 1024, *, entry_size_max: int = 8 * 1024, secret: Optional[Buffer] = None
    ) -> None:
        """Sizes are bytes; an entry takes about two and a half times the token. `secret`, 16 random bytes or more, decides where
        entries lie; without it, random bytes of the operating system are used. Raises UsageError."""
        self._handle = _core.TokenCache(memory_size, entry_size_max, os.urandom(32) if secret is None else secret)

    @property
    def stats(self) -> TokenCacheStats:
        """Walks the whole cache: not for every request."""
        return TokenCacheStats(*self._handle.stats)

    def clear(self) -> None:
        """Empties the cache. Not needed when keys rotate or something is revoked."""
        self._handle.clear()

    def __repr__(self) -> str:
        return "<TokenCache>"


class RevocationList:
    """What was revoked before it expired. Immutable.

    {"revoked": [{"iss": "https://login.example", "jti": "a1"},
                 {"iss": "https://login.example", "sub": "ada", "issued_before": 1760000000}]}
    """

    __slots__ = ("_handle",)

    def __init__(self, revoked: Union[str, Buffer, Mapping[str, Any]]) -> None:
        """JSON text, or what json.loads made of it. Raises KeySetError for a list that is not of this form."""
        self._handle = _core.RevocationList(json.dumps(dict(revoked)) if isinstance(revoked, Mapping) else revoked)

    def __len__(self) -> int:
        """Entries, repeated ones counted once."""
        return self._handle.count

    def __repr__(self) -> str:
        return f"<RevocationList of {len(self)} entries>"


class TokenFault(NamedTuple):
    """One rule that a token fails."""

    reason: Reason
    offset: int
    """Byte of the token where the part concerned begins."""


class Explanation(NamedTuple):
    """Everything that is wrong with a token. It holds nothing of the token."""

    faults: Tuple[TokenFault, ...]
    """In the order in which verification asks: the first is what `verify` raises. Empty: the token is good."""
    issuer: Optional[int]
    """Index of the issuer whose policy was asked; None when none could be chosen."""
    complete: bool
    """Whether the rules of the policy could be asked: not of a token that cannot be read."""
    signature_checked: bool
    """Whether a key was found and the signature checked with it; a wrong one is among the faults."""


class TokenVerifier:
    """Verifies signed tokens (JWS) of the issuers it trusts. Immutable; share it between threads.

    The lock of the interpreter is released while a signature is checked.
    """

    __slots__ = ("_handle", "_verify", "_issuers")

    def __init__(
        self,
        *,
        jwks: Optional[_Jwks] = None,
        issuer: str,
        audience: Union[str, Sequence[str]],
        algorithms: Sequence[str],
        clock_skew_s: int = 0,
        profile: _Profile = "generic",
        audience_claim: _AudienceClaim = "aud",
        max_age_s: int = 0,
        required_claims: Optional[Mapping[str, str]] = None,
        required_header: Optional[Mapping[str, str]] = None,
        padded: bool = False,
        secrets: Optional[SecretKeys] = None,
        cache: Union[TokenCache, bool, None] = True,
        revocation: Optional[RevocationList] = None,
    ) -> None:
        """For one issuer, whose settings are those of IssuerSettings. Its keys are `jwks` or, for HS256 and its like, `secrets`.

        `cache`: True for a TokenCache of its own, one to share, or False (None) for none.

        Raises UsageError for an empty issuer, audience or algorithm list, an unknown algorithm, and a skew outside
        of 0 to 300 seconds; KeySetError for the keys.
        """
        if (jwks is None) == (secrets is None):
            raise TypeError("give either jwks or secrets")
        settings = IssuerSettings(
            issuer,
            audience,
            algorithms,
            clock_skew_s=clock_skew_s,
            profile=profile,
            audience_claim=audience_claim,
            max_age_s=max_age_s,
            required_claims=required_claims,
            required_header=required_header,
            padded=padded,
        )
        self._trust([(settings, jwks if secrets is None else secrets)], cache, revocation)

    @classmethod
    def for_issuers(
        cls,
        issuers: Sequence[Tuple[IssuerSettings, _Keys]],
        *,
        cache: Union[TokenCache, bool, None] = True,
        revocation: Optional[RevocationList] = None,
    ) -> TokenVerifier:
        """For several issuers, each with its keys: a JWK set, a KeySet, SecretKeys, or None while there are none yet.

        `cache` as for one issuer.

        Raises UsageError when two have the same iss or keys are of the wrong kind; KeySetError for the keys.
        """
        made = cls.__new__(cls)
        made._trust(issuers, cache, revocation)
        return made

    def _trust(
        self,
        issuers: Sequence[Tuple[IssuerSettings, _Keys]],
        cache: Union[TokenCache, bool, None],
        revocation: Optional[RevocationList],
    ) -> None:
        if isinstance(cache, bool):
            cache = TokenCache() if cache else None
        trusted = []
        for settings, keys in issuers:
            if not isinstance(settings, IssuerSettings):
                raise TypeError(f"issuers must be pairs of IssuerSettings and keys, not {type(settings).__name__}")
            trusted.append((settings, keys if keys is None or isinstance(keys, SecretKeys) else to_key_set(keys)))
        for part, kind in ((cache, TokenCache), (revocation, RevocationList)):
            if part is not None and not isinstance(part, kind):
                raise TypeError(f"expected a {kind.__name__}, not {type(part).__name__}")
        handles = [
            (
                settings._handle,
                keys._handle if isinstance(keys, KeySet) else None,
                keys._handle if isinstance(keys, SecretKeys) else None,
            )
            for settings, keys in trusted
        ]
        self._hold(
            _core.Verifier(
                handles, None if cache is None else cache._handle, None if revocation is None else revocation._handle
            ),
            tuple(trusted),
        )

    def _hold(
        self, handle: _core.Verifier, issuers: Tuple[Tuple[IssuerSettings, Union[KeySet, SecretKeys, None]], ...]
    ) -> None:
        self._handle = handle
        self._verify = handle.verify
        self._issuers = issuers

    @classmethod
    def _of(
        cls, handle: _core.Verifier, issuers: Tuple[Tuple[IssuerSettings, Union[KeySet, SecretKeys, None]], ...]
    ) -> TokenVerifier:
        made = cls.__new__(cls)
        made._hold(handle, issuers)
        return made

    @property
    def issuers(self) -> Tuple[Tuple[IssuerSettings, Union[KeySet, SecretKeys, None]], ...]:
        """The issuers and the keys they have now."""
        return self._issuers

    @property
    def keys(self) -> Union[KeySet, SecretKeys, None]:
        """Those of the first issuer."""
        return self._issuers[0][1]

    def with_keys(self, keys: _Keys, *, issuer: int = 0) -> TokenVerifier:
        """The same verifier with other keys for one issuer, given by its index; this one goes on as it is."""
        if keys is not None and not isinstance(keys, SecretKeys):
            keys = to_key_set(keys)
        if not 0 <= issuer < len(self._issuers):
            raise usage("issuer: expected the index of one of the issuers")
        if isinstance(keys, SecretKeys):
            handle = self._handle.with_secrets(issuer, keys._handle)
        else:
            handle = self._handle.with_keys(issuer, None if keys is None else keys._handle)
        issuers = list(self._issuers)
        issuers[issuer] = (issuers[issuer][0], keys)
        return self._of(handle, tuple(issuers))

    def with_revocation(self, revocation: Optional[RevocationList]) -> TokenVerifier:
        """The same verifier with another list; this one goes on as it is."""
        handle = self._handle.with_revocation(None if revocation is None else revocation._handle)
        return self._of(handle, self._issuers)

    def verify(
        self,
        token: Union[str, Buffer],
        *,
        now: Optional[Moment] = None,
        nonce: Optional[str] = None,
        access_token: Union[str, Buffer, None] = None,
        code: Optional[str] = None,
    ) -> Mapping[str, Any]:
        """The claims of a token that is good at `now` (default: the clock of this machine). Raises TokenError.

        Of an ID token: `nonce` is the one sent with the login, which the token must then hold; `access_token` and `code` are
        those issued with it, to which at_hash and c_hash must then be there and belong.

        Who sends the token is not asked: a token that is bound to a sender has the claim cnf.

        The mapping cannot be changed; lists and objects inside of it are yours alone.
        """
        seconds = int(time.time()) if now is None else to_seconds(now)
        if nonce is None and access_token is None and code is None:
            answer = self._verify(token, seconds)
        else:
            answer = self._handle.verify_login(token, seconds, nonce, access_token, code)
        if isinstance(answer, str):
            return types.MappingProxyType(_decode(answer))
        try:
            raise answer
        finally:
            del answer  # a cycle through its own traceback would keep the token until the next collection

    def verify_request(
        self,
        request: Inspection,
        sender: SenderConstraint,
        *,
        now: Optional[Moment] = None,
        scheme: Optional[_Scheme] = None,
        authority: Optional[str] = None,
        certificate_sha256: Optional[Buffer] = None,
    ) -> Mapping[str, Any]:
        """The claims of the access token that a request carries, when whoever sends it is the one it is bound to: by a DPoP
        proof, by the client certificate whose SHA-256 (of its DER, 32 bytes) is given, or by nothing.

        `scheme` and `authority` are those that the client used, where the request does not tell them. Raises TokenError.
        """
        answer = self._handle.verify_request(
            request._ask_again(), sender._handle, to_seconds(now), _SCHEMES.index(scheme), authority, certificate_sha256
        )
        if isinstance(answer, str):
            return types.MappingProxyType(_decode(answer))
        try:
            raise answer
        finally:
            del answer

    def explain(
        self,
        token: Union[str, Buffer],
        *,
        now: Optional[Moment] = None,
        nonce: Optional[str] = None,
        access_token: Union[str, Buffer, None] = None,
        code: Optional[str] = None,
    ) -> Explanation:
        """Every rule that the token fails. Not for the path of requests: it asks everything, the signature too."""
        faults, issuer, complete, checked = self._handle.explain(token, to_seconds(now), nonce, access_token, code)
        listed = tuple(TokenFault(Reason(reason), offset) for reason, offset in faults)
        return Explanation(listed, issuer, complete, checked)

    def __repr__(self) -> str:
        if len(self._issuers) == 1 and self.keys is not None:
            return f"<TokenVerifier with {len(self.keys)} keys>"
        return f"<TokenVerifier for {len(self._issuers)} issuers>"
