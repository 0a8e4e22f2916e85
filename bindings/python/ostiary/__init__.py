"""Ostiary inspects HTTP request heads, verifies tokens and decides what the verified may do.

    gate = ostiary.Gate.compile(policy_json).with_keys({"my-issuer": jwks})
    decision = gate.decide(head, peer="203.0.113.7")
    if decision.allowed:
        ...  # forward to decision.origin

Each stage can be used alone: `inspect`, `TokenVerifier`, `Gate`.
"""

from ostiary._core import version as __version__
from ostiary._errors import (
    GateError,
    InternalError,
    KeySetError,
    OstiaryError,
    ReasonInfo,
    TokenError,
    UsageError,
    reason_info,
)
from ostiary._gate import Decision, Gate
from ostiary._inspect import Finding, Head, Inspection, inspect, inspect_fields
from ostiary._reason import Reason
from ostiary._token import KeySet, TokenVerifier

__all__ = [
    "Decision",
    "Finding",
    "Gate",
    "GateError",
    "Head",
    "InternalError",
    "Inspection",
    "KeySet",
    "KeySetError",
    "OstiaryError",
    "Reason",
    "ReasonInfo",
    "TokenError",
    "TokenVerifier",
    "UsageError",
    "__version__",
    "inspect",
    "inspect_fields",
    "reason_info",
]

# Tracebacks and reprs name things by the place where they are imported from.
for _name in __all__:
    if getattr(globals()[_name], "__module__", "").startswith("ostiary."):
        globals()[_name].__module__ = "ostiary"
del _name
