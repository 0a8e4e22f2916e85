"""Ostiary inspects HTTP request heads, verifies tokens and decides what the verified may do.

    gate = ostiary.Gate.compile(policy_json).with_keys({"my-issuer": jwks})
    decision = gate.decide(head, peer="203.0.113.7")
    if decision.allowed:
        ...  # forward to decision.origin

Each stage can be used alone: `inspect`, `TokenVerifier`, `Gate`. An inspected request tells its cookies, parameters,
credentials and client, and writes the head to forward.
"""

from ostiary._core import version as __version__
from ostiary._boundary import boundary_hash, check_boundary, review_boundary
from ostiary._client import Client, ClientPolicy
from ostiary._errors import (
    GateError,
    InternalError,
    KeySetError,
    OstiaryError,
    ReasonInfo,
    RequestError,
    SkippedKey,
    TokenError,
    UsageError,
    reason_info,
)
from ostiary._fields import Authorization, Cookies, Parameter
from ostiary._finding import Finding, Rule, rules
from ostiary._gate import (
    Answer,
    CacheDirective,
    Decision,
    Gate,
    HeaderEdit,
    Hop,
    HopSign,
    NearestMiss,
    RateCharge,
    RateLimiter,
    RateVerdict,
    RoleGrant,
)
from ostiary._gate_test import (
    GateCoverage,
    GateMutant,
    GateMutation,
    GateTestDifference,
    GateTestError,
    GateTestReport,
    GateTestResult,
    GateUncovered,
    Place,
    run_gate_tests,
)
from ostiary._inspect import Head, HeadReader, Inspection, inspect, inspect_bytes, inspect_fields
from ostiary._key_source import FetchWanted, KeyChange, KeySource, KeySourceStatus
from ostiary._keys import KeyInfo, KeySet, SecretKeys
from ostiary._reason import Reason
from ostiary._sender import DpopNonces, ReplayMemory, SenderConstraint
from ostiary._settings import IssuerSettings
from ostiary._structured import (
    Date,
    DisplayString,
    InnerList,
    Item,
    Token,
    parse_dictionary,
    parse_item,
    parse_list,
)
from ostiary._token import Explanation, RevocationList, TokenCache, TokenCacheStats, TokenFault, TokenVerifier

__all__ = [
    "Answer",
    "Authorization",
    "CacheDirective",
    "Client",
    "ClientPolicy",
    "Cookies",
    "Date",
    "Decision",
    "DisplayString",
    "DpopNonces",
    "Explanation",
    "FetchWanted",
    "Finding",
    "Gate",
    "GateCoverage",
    "GateError",
    "GateMutant",
    "GateMutation",
    "GateTestDifference",
    "GateTestError",
    "GateTestReport",
    "GateTestResult",
    "GateUncovered",
    "Head",
    "HeadReader",
    "HeaderEdit",
    "Hop",
    "HopSign",
    "InnerList",
    "Inspection",
    "InternalError",
    "IssuerSettings",
    "Item",
    "KeyChange",
    "KeyInfo",
    "KeySet",
    "KeySetError",
    "KeySource",
    "KeySourceStatus",
    "NearestMiss",
    "OstiaryError",
    "Parameter",
    "Place",
    "RateCharge",
    "RateLimiter",
    "RateVerdict",
    "Reason",
    "ReasonInfo",
    "ReplayMemory",
    "RequestError",
    "RevocationList",
    "RoleGrant",
    "Rule",
    "SecretKeys",
    "SenderConstraint",
    "SkippedKey",
    "Token",
    "TokenCache",
    "TokenCacheStats",
    "TokenError",
    "TokenFault",
    "TokenVerifier",
    "UsageError",
    "__version__",
    "boundary_hash",
    "check_boundary",
    "inspect",
    "inspect_bytes",
    "inspect_fields",
    "parse_dictionary",
    "parse_item",
    "parse_list",
    "reason_info",
    "review_boundary",
    "rules",
    "run_gate_tests",
]

# Tracebacks and reprs name things by the place where they are imported from.
for _name in __all__:
    if getattr(globals()[_name], "__module__", "").startswith("ostiary."):
        globals()[_name].__module__ = "ostiary"
del _name
