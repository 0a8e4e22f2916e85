"""Boundaries: the most that gates may allow, who has reviewed it, and gates that are proved to stay inside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Iterable, Optional, Tuple, Union

from ostiary import _core
from ostiary._errors import usage
from ostiary._time import Moment, to_seconds

if TYPE_CHECKING:
    from typing_extensions import Buffer

    _Text = Union[str, Buffer]

_HASH = re.compile("[0-9a-f]{64}")


def to_keys(keys: Iterable[_Text], what: str) -> Tuple[_Text, ...]:
    """PEM texts; one of them alone is a mistake that would be taken for many."""
    if isinstance(keys, (str, bytes, bytearray, memoryview)):
        raise TypeError(f"{what} must be several PEM texts, not one")
    return tuple(keys)


def to_hash(boundary: Optional[str]) -> Optional[bytes]:
    """The bytes of what `boundary_hash` returned."""
    if boundary is None:
        return None
    if not isinstance(boundary, str):
        raise TypeError(f"boundary must be the str that boundary_hash returns, not {type(boundary).__name__}")
    if not _HASH.fullmatch(boundary):
        raise usage("boundary must be 64 hexadecimal digits in lower case, as boundary_hash returns them")
    return bytes.fromhex(boundary)


def boundary_hash(boundary: _Text) -> str:
    """What names a boundary, the JSON of a gate: 64 hexadecimal digits, whatever the order and white space in it.
    Raises GateError."""
    return _core.boundary_hash(boundary).hex()


def review_boundary(
    boundary: _Text, private_pem: _Text, *, receipt: Optional[_Text] = None, date: Optional[Moment] = None
) -> str:
    """The review receipt, JSON, with a review of this boundary by this key besides those that `receipt` has.

    The key is Ed25519 as PEM, without password; `ostiary gate keygen` makes one. Raises GateError for a boundary or a
    receipt that cannot be read and for a receipt of another boundary, and KeySetError.
    """
    return _core.review_boundary(boundary, private_pem, to_seconds(date), receipt)


def check_boundary(
    boundary: _Text, receipt: _Text, reviewer_keys: Iterable[_Text], *, reviews_min: int = 1
) -> None:
    """Raises GateError unless at least `reviews_min` of the reviewers with these public keys have signed this boundary."""
    _core.check_boundary(boundary, receipt, to_keys(reviewer_keys, "reviewer_keys"), reviews_min)
