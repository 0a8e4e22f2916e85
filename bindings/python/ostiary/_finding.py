"""What the inspector notices, and its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Tuple

from ostiary import _core
from ostiary._errors import reason_info
from ostiary._reason import Reason

if TYPE_CHECKING:
    from typing_extensions import Literal

    _Disposition = Literal["flag", "shape", "reject"]

DISPOSITIONS: Tuple[_Disposition, ...] = ("flag", "shape", "reject")


class Finding(NamedTuple):
    """One numbered thing the inspector noticed."""

    reason: Reason
    disposition: _Disposition
    """"flag": nothing changed; "shape": repaired in the canonical view; "reject": the request is refused."""
    offset: int
    """Byte in the inspected input."""

    @property
    def clause(self) -> str:
        """RFC clause; empty where there is none."""
        return reason_info(self.reason).clause


class Rule(NamedTuple):
    """One rule of the inspector: what becomes of a request because of a Finding."""

    reason: Reason
    disposition: _Disposition
    waivable: bool
    """May be waived by name."""
    lenses: bool
    """Refused by a gate when back ends would reach different routes."""
    bytes_door: bool
    """The bytes of a head show the evidence."""
    fields_door: bool
    """A head that was parsed before still shows the evidence."""


_RULES = tuple(Rule(Reason(row[0]), DISPOSITIONS[row[1]], *row[2:]) for row in _core.rules())


def rules() -> Tuple[Rule, ...]:
    """Every rule of the inspector, in ascending order of Reason."""
    return _RULES
