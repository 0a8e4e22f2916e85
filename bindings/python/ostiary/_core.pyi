# The compiled module over the C interface. Private: use the names of the package `ostiary`.
from typing import Any, Optional, Sequence, Tuple, Union, final

from typing_extensions import Buffer, Literal, Never, TypeAlias

_Text: TypeAlias = Union[str, Buffer]

_Findings: TypeAlias = Tuple[Tuple[int, int, int], ...]
_Details: TypeAlias = Tuple[int, int, Optional[str], Optional[str], bool, bool, bool, Tuple[int, ...]]
_InspectionTuple: TypeAlias = Tuple[
    int,
    int,
    int,
    _Findings,
    Optional[str],
    Optional[str],
    Optional[str],
    Optional[str],
    Optional[str],
    int,
    int,
    int,
    int,
    int,
    Tuple[Tuple[bytes, bytes], ...],
    _Details,
    Optional[_Source],
]
_FrozenHead: TypeAlias = Tuple[bytes, Optional[bytes], bytes, Tuple[Tuple[bytes, bytes], ...], int]
_Source: TypeAlias = Union[bytes, _FrozenHead]
_Again: TypeAlias = Tuple[Any, ...]
_ClientTuple: TypeAlias = Tuple[str, int, int, bool, bool, _Findings]
_NodeTuple: TypeAlias = Tuple[int, int, Union[int, str, bytes], Optional[str]]
_DecisionTuple: TypeAlias = Tuple[
    bool,
    int,
    Optional[str],
    Optional[str],
    Optional[str],
    int,
    int,
    Tuple[Tuple[Literal["remove", "set", "append", "rename"], str, Optional[bytes]], ...],
    bytes,
    Optional[Tuple[str, str]],
    Optional[Tuple[str, str, str, int, Tuple[Tuple[str, str], ...]]],
    Optional[str],
    Tuple[
        Optional[str],
        int,
        int,
        int,
        Optional[Tuple[Literal["message_signature", "sigv4"], Optional[str], Optional[str], Optional[str]]],
    ],
    Tuple[Literal["none", "private", "shared"], int, Tuple[str, ...], Optional[bytes]],
    Optional[Tuple[bytes, int, int, int]],
    Tuple[int, Optional[str], Tuple[str, ...], int],
]

class _PybindType(type): ...

version: str

def reasons() -> Tuple[Tuple[int, str, str, int, str, str], ...]: ...
def rules() -> Tuple[Tuple[int, int, bool, bool, bool, bool], ...]: ...
def inspect_bytes(data: Buffer, scheme: int, waived: Sequence[int], /) -> _InspectionTuple: ...
def inspect_head(
    method: _Text,
    authority: Optional[_Text],
    target: _Text,
    fields: Sequence[Sequence[_Text]],
    version: int,
    scheme: int,
    waived: Sequence[int],
    /,
) -> _InspectionTuple: ...
def lens_paths(again: _Again, /) -> Tuple[Optional[str], ...]: ...
def cookies(again: _Again, /) -> Tuple[Tuple[Tuple[str, str], ...], Optional[str]]: ...
def find_cookie(again: _Again, name: str, /) -> Optional[str]: ...
def parameters(again: _Again, plus_is_space: bool, /) -> Tuple[Tuple[str, Optional[str]], ...]: ...
def find_parameter(again: _Again, name: str, plus_is_space: bool, /) -> Optional[Tuple[str, Optional[str]]]: ...
def authorization(again: _Again, /) -> Optional[Tuple[str, Optional[str], Tuple[Tuple[str, str], ...]]]: ...
def client(again: _Again, policy: ClientPolicy, peer: Optional[str], /) -> _ClientTuple: ...
def emit(
    again: _Again, edits: Sequence[Tuple[_Text, Optional[_Text]]], waived: Sequence[int], flags: int, /
) -> bytes: ...
def read_structured(type: int, lines: Sequence[_Text], /) -> Tuple[Tuple[_NodeTuple, ...], bool]: ...
@final
class HeadReader(metaclass=_PybindType):
    def __init__(self, scheme: int, waived: Sequence[int], /) -> None: ...
    def feed(self, data: Buffer, /) -> Optional[_InspectionTuple]: ...
    @property
    def rest(self) -> bytes: ...

@final
class ClientPolicy(metaclass=_PybindType):
    def __init__(
        self, strategy: int, field: int, trusted_hops: int, trusted_blocks: Sequence[str], platform_field: str, /
    ) -> None: ...

@final
class KeySet(metaclass=_PybindType):
    def __init__(self, jwks: _Text, /) -> None: ...
    @staticmethod
    def from_jwk(jwk: _Text, /) -> KeySet: ...
    @staticmethod
    def from_pem(keys: Sequence[Tuple[_Text, Optional[_Text], Optional[str]]], /) -> KeySet: ...
    @property
    def count(self) -> int: ...
    @property
    def keys(self) -> Tuple[Tuple[Optional[str], str, int, bytes], ...]: ...
    @property
    def skipped(self) -> Tuple[Tuple[int, int, int, Optional[str]], ...]: ...

@final
class SecretKeys(metaclass=_PybindType):
    def __init__(self, keys: Sequence[Tuple[Buffer, str, Optional[str]]], /) -> None: ...
    @property
    def count(self) -> int: ...

@final
class KeySource(metaclass=_PybindType):
    def __init__(self, kind: int, issuer: str, uri: Optional[str], loopback_http: bool, ages: Sequence[int], /) -> None: ...
    def wanted(self, now_s: int, /) -> Optional[Tuple[int, int, int, int, str, str]]: ...
    def begin(self, ticket: int, now_s: int, /) -> None: ...
    def complete(self, ticket: int, body: _Text, lifetime_s: int, now_s: int, /) -> Tuple[int, int, int, int]: ...
    def fail(self, ticket: int, absent: bool, now_s: int, /) -> None: ...
    def unknown_key(self, kid: Optional[str], /) -> bool: ...
    def keys(self, now_s: int, /) -> Optional[KeySet]: ...
    def status(self, now_s: int, /) -> Tuple[bool, bool, int, int, int, int, int, int, int]: ...

@final
class DpopNonces(metaclass=_PybindType):
    def __init__(self, secret: Buffer, step_s: int, /) -> None: ...
    def write(self, now_s: int, /) -> str: ...

@final
class ReplayMemory(metaclass=_PybindType):
    def __init__(self, proofs: int, secret: Buffer, forgotten_until_s: int, /) -> None: ...
    @property
    def capacity(self) -> int: ...

@final
class SenderPolicy(metaclass=_PybindType):
    def __init__(
        self,
        algorithms: Sequence[str],
        age_max_s: int,
        clock_skew_s: int,
        nonces: Optional[DpopNonces],
        replay: Optional[ReplayMemory],
        /,
    ) -> None: ...
    def challenge(self, again: _Again, reason: int, /) -> Optional[str]: ...

@final
class Settings(metaclass=_PybindType):
    def __init__(
        self,
        issuer: str,
        audiences: Sequence[str],
        algorithms: Sequence[str],
        clock_skew_s: int,
        age_max_s: int,
        claims: Sequence[Tuple[str, str]],
        header: Sequence[Tuple[str, str]],
        kinds: Tuple[int, int, int],
        /,
    ) -> None: ...
    @staticmethod
    def vendor(name: str, parts: Sequence[str], use: int, version: int, /) -> Settings: ...
    def changed(
        self,
        audiences: Sequence[str],
        algorithms: Sequence[str],
        clock_skew_s: int,
        age_max_s: int,
        claims: Sequence[Tuple[str, str]],
        header: Sequence[Tuple[str, str]],
        /,
    ) -> Settings: ...
    @property
    def issuers(self) -> Tuple[str, ...]: ...

@final
class RevocationList(metaclass=_PybindType):
    def __init__(self, json: _Text, /) -> None: ...
    @property
    def count(self) -> int: ...

@final
class TokenCache(metaclass=_PybindType):
    def __init__(self, memory_size: int, entry_size_max: int, secret: Buffer, /) -> None: ...
    @property
    def stats(self) -> Tuple[int, int, int, int, int, int, int, int]: ...
    def clear(self) -> None: ...

@final
class Verifier(metaclass=_PybindType):
    def __init__(
        self,
        issuers: Sequence[Tuple[Settings, Optional[KeySet], Optional[SecretKeys]]],
        cache: Optional[TokenCache],
        revoked: Optional[RevocationList],
        /,
    ) -> None: ...
    def with_keys(self, issuer: int, keys: Optional[KeySet], /) -> Verifier: ...
    def with_secrets(self, issuer: int, secrets: Optional[SecretKeys], /) -> Verifier: ...
    def with_revocation(self, revoked: Optional[RevocationList], /) -> Verifier: ...
    def verify(self, token: _Text, now_s: int, /) -> Union[str, Exception]: ...
    def verify_login(
        self, token: _Text, now_s: int, nonce: Optional[_Text], access_token: Optional[_Text], code: Optional[_Text], /
    ) -> Union[str, Exception]: ...
    def verify_request(
        self,
        again: _Again,
        policy: SenderPolicy,
        now_s: int,
        scheme: int,
        authority: Optional[str],
        certificate: Optional[Buffer],
        /,
    ) -> Union[str, Exception]: ...
    def explain(
        self, token: _Text, now_s: int, nonce: Optional[_Text], access_token: Optional[_Text], code: Optional[_Text], /
    ) -> Tuple[Tuple[Tuple[int, int], ...], Optional[int], bool, bool]: ...

def boundary_hash(boundary: _Text, /) -> bytes: ...
def review_boundary(boundary: _Text, private_pem: _Text, date_s: int, receipt: Optional[_Text], /) -> str: ...
def check_boundary(boundary: _Text, receipt: _Text, keys: Sequence[_Text], reviews_min: int, /) -> None: ...
def test_gate(gate: _Text, table: _Text, mutants: bool, mutants_max: int, /) -> str: ...

@final
class Gate(metaclass=_PybindType):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    @staticmethod
    def from_json(json: _Text, /) -> Gate: ...
    @staticmethod
    def from_image(image: Buffer, /) -> Gate: ...
    @staticmethod
    def from_json_within(
        json: _Text, boundary: _Text, receipt: _Text, keys: Sequence[_Text], reviews_min: int, /
    ) -> Gate: ...
    @property
    def boundary(self) -> Optional[bytes]: ...
    @staticmethod
    def from_signed_image(
        image: Buffer,
        keys: Sequence[_Text],
        version_min: int,
        boundary: Optional[bytes],
        reviewer_keys: Sequence[_Text],
        reviews_min: int,
        /,
    ) -> Gate: ...
    def sign(self, private_pem: _Text, /) -> Gate: ...
    @property
    def image(self) -> bytes: ...
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def issuers(self) -> Tuple[str, ...]: ...
    @property
    def issuer_values(self) -> Tuple[str, ...]: ...
    @property
    def waived(self) -> Tuple[int, ...]: ...
    def report(self, json: bool, /) -> str: ...

@final
class RateLimiter(metaclass=_PybindType):
    def __init__(self, keys: int, secret: Buffer, /) -> None: ...
    def take(
        self, key: _Text, limit: int, period_ms: int, burst: int, cost: int, now_ns: int, /
    ) -> Tuple[bool, int, int, int]: ...

@final
class Engine(metaclass=_PybindType):
    def __init__(
        self,
        gate: Gate,
        keys: Sequence[Tuple[str, KeySet]],
        cache: Optional[TokenCache],
        revoked: Optional[RevocationList],
        limiter: Optional[RateLimiter],
        /,
    ) -> None: ...
    def with_gate(self, gate: Gate, /) -> Engine: ...
    def decide_bytes(
        self, data: Buffer, now_s: int, now_ns: int, scheme: int, peer: Optional[str], flags: Sequence[_Text], /
    ) -> _DecisionTuple: ...
    def decide_head(
        self,
        method: _Text,
        authority: Optional[_Text],
        target: _Text,
        fields: Sequence[Sequence[_Text]],
        version: int,
        now_s: int,
        now_ns: int,
        scheme: int,
        peer: Optional[str],
        flags: Sequence[_Text],
        /,
    ) -> _DecisionTuple: ...
    def explain_bytes(
        self,
        json: bool,
        source: Optional[_Text],
        data: Buffer,
        now_s: int,
        now_ns: int,
        scheme: int,
        peer: Optional[str],
        flags: Sequence[_Text],
        /,
    ) -> str: ...
    def explain_head(
        self,
        json: bool,
        source: Optional[_Text],
        method: _Text,
        authority: Optional[_Text],
        target: _Text,
        fields: Sequence[Sequence[_Text]],
        version: int,
        now_s: int,
        now_ns: int,
        scheme: int,
        peer: Optional[str],
        flags: Sequence[_Text],
        /,
    ) -> str: ...
