"""The only place that reads a clock."""

from __future__ import annotations

import datetime
import math
import time
from typing import Optional, Union

from ostiary._errors import usage

Moment = Union[int, float, datetime.datetime]


def to_seconds(now: Optional[Moment]) -> int:
    """Whole seconds since 1970; None means the clock of this machine."""
    if now is None:
        return int(time.time())
    if isinstance(now, datetime.datetime):
        if now.utcoffset() is None:
            raise usage("now has no time zone; use datetime.now(timezone.utc)")
        now = now.timestamp()
    if isinstance(now, bool) or not isinstance(now, (int, float)):
        raise TypeError(f"now must be a number or a datetime, not {type(now).__name__}")
    if not math.isfinite(now):
        raise usage("now is not finite")
    return math.floor(now)
