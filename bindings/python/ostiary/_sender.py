"""Who may send a token: DPoP proofs (RFC 9449) and client certificates (RFC 8705)."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Optional, Sequence, Union

from ostiary import _core
from ostiary._inspect import Inspection
from ostiary._reason import Reason
from ostiary._settings import _names
from ostiary._time import Moment, to_seconds

if TYPE_CHECKING:
    from typing_extensions import Buffer


class DpopNonces:
    """Nonces for DPoP proofs. All servers with the same secret know each other's; nothing is stored. Immutable."""

    __slots__ = ("_handle",)

    def __init__(self, secret: Buffer, *, step_s: int = 60) -> None:
        """`secret` is 32 random bytes; a nonce is good for one to two steps. Raises UsageError."""
        self._handle = _core.DpopNonces(secret, step_s)

    def write(self, *, now: Optional[Moment] = None) -> str:
        """The value of a DPoP-Nonce field."""
        return self._handle.write(to_seconds(now))

    def __repr__(self) -> str:
        return "<DpopNonces>"


class ReplayMemory:
    """Remembers in this process which proofs were used. Of fixed size: when it is full, proofs are refused. Share it."""

    __slots__ = ("_handle",)

    def __init__(
        self, proofs: int, *, secret: Optional[Buffer] = None, forgotten_until: Optional[Moment] = None
    ) -> None:
        """For as many proofs as come within one window. Proofs issued until `forgotten_until` (default: now, because an
        earlier process may have seen them) are refused. Raises UsageError."""
        until = int(time.time()) if forgotten_until is None else to_seconds(forgotten_until)
        self._handle = _core.ReplayMemory(proofs, os.urandom(32) if secret is None else secret, until)

    @property
    def capacity(self) -> int:
        return self._handle.capacity

    def __repr__(self) -> str:
        return f"<ReplayMemory for {self.capacity} proofs>"


class SenderConstraint:
    """What a door asks of whoever sends a token. Immutable; used by `TokenVerifier.verify_request`."""

    __slots__ = ("_handle",)

    def __init__(
        self,
        algorithms: Sequence[str] = ("ES256", "EdDSA", "PS256", "RS256"),
        *,
        replay: Optional[ReplayMemory],
        max_age_s: int = 60,
        clock_skew_s: int = 5,
        nonces: Optional[DpopNonces] = None,
    ) -> None:
        """`algorithms` are those of proofs. With replay=None a proof may be used again until it is too old.

        Raises UsageError.
        """
        for part, kind in ((replay, ReplayMemory), (nonces, DpopNonces)):
            if part is not None and not isinstance(part, kind):
                raise TypeError(f"expected a {kind.__name__}, not {type(part).__name__}")
        self._handle = _core.SenderPolicy(
            _names(algorithms),
            max_age_s,
            clock_skew_s,
            None if nonces is None else nonces._handle,
            None if replay is None else replay._handle,
        )

    def challenge(self, request: Inspection, reason: Union[Reason, int]) -> Optional[str]:
        """The value of a WWW-Authenticate field for a refusal; None for one whose status is not 401."""
        return self._handle.challenge(request._ask_again(), int(reason))

    def __repr__(self) -> str:
        return "<SenderConstraint>"
