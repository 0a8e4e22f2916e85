"""The only place that reads a clock."""

from __future__ import annotations

import datetime
import math
import time
from typing import Optional, Tuple, Union

from ostiary._errors import usage

Moment = Union[int, float, datetime.datetime]


def to_time(now: Optional[Moment]) -> Tuple[int, int]:
    """Whole seconds since 1970, and nanoseconds beyond them; None means the clock of this machine."""
    if now is None:
        now = time.time()
    if isinstance(now, datetime.datetime):
        if now.utcoffset() is None:
            raise usage("now has no time zone; use datetime.now(timezone.utc)")
        now = now.timestamp()
    if isinstance(now, bool) or not isinstance(now, (int, float)):
        raise TypeError(f"now must be a number or a datetime, not {type(now).__name__}")
    if not math.isfinite(now):
        raise usage("now is not finite")
    seconds = math.floor(now)
    return seconds, min(int((now - seconds) * 1e9), 999_999_999)


def to_seconds(now: Optional[Moment]) -> int:
    """Whole seconds since 1970; None means the clock of this machine."""
    return to_time(now)[0]
