# The compiled module over the C interface. Private: use the names of the package `ostiary`.
from typing import Optional, Sequence, Tuple, Union, final

from typing_extensions import Buffer, Never, TypeAlias

_Text: TypeAlias = Union[str, Buffer]

_InspectionTuple: TypeAlias = Tuple[
    int,
    int,
    int,
    Tuple[Tuple[int, int, int], ...],
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
]
_DecisionTuple: TypeAlias = Tuple[
    bool,
    int,
    Optional[str],
    Optional[str],
    Optional[str],
    int,
    int,
    Tuple[str, ...],
    Tuple[Tuple[str, bytes], ...],
    bytes,
]

class _PybindType(type): ...

version: str

def reasons() -> Tuple[Tuple[int, str, str, int, str, str], ...]: ...
def inspect_bytes(data: Buffer, /) -> _InspectionTuple: ...
def inspect_head(
    method: _Text, authority: Optional[_Text], target: _Text, fields: Sequence[Sequence[_Text]], /
) -> _InspectionTuple: ...
@final
class KeySet(metaclass=_PybindType):
    def __init__(self, jwks: _Text, /) -> None: ...
    @property
    def count(self) -> int: ...
    @property
    def skipped(self) -> Tuple[int, ...]: ...

@final
class Verifier(metaclass=_PybindType):
    def __init__(
        self, issuer: str, audiences: Sequence[str], algorithms: Sequence[str], clock_skew_s: int, keys: KeySet, /
    ) -> None: ...
    def verify(self, token: _Text, now_s: int, /) -> bytes: ...

@final
class Gate(metaclass=_PybindType):
    def __init__(self, *args: Never, **kwargs: Never) -> None: ...
    @staticmethod
    def from_json(json: _Text, /) -> Gate: ...
    @staticmethod
    def from_image(image: Buffer, /) -> Gate: ...
    @property
    def image(self) -> bytes: ...
    @property
    def name(self) -> str: ...
    @property
    def issuers(self) -> Tuple[str, ...]: ...

@final
class Engine(metaclass=_PybindType):
    def __init__(self, gate: Gate, keys: Sequence[Tuple[str, KeySet]], /) -> None: ...
    def decide_bytes(self, data: Buffer, now_s: int, peer: Optional[str], /) -> _DecisionTuple: ...
    def decide_head(
        self,
        method: _Text,
        authority: Optional[_Text],
        target: _Text,
        fields: Sequence[Sequence[_Text]],
        now_s: int,
        peer: Optional[str],
        /,
    ) -> _DecisionTuple: ...
