# The compiled module over the C interface. Private: use the names of the package `ostiary`.
from typing import Optional, Sequence, Tuple, Union, final

from typing_extensions import Buffer, TypeAlias

Text: TypeAlias = Union[str, Buffer]

InspectionTuple: TypeAlias = Tuple[
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
DecisionTuple: TypeAlias = Tuple[
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

version: str

def reasons() -> Tuple[Tuple[int, str, str, int, str, str], ...]: ...
def inspect_bytes(data: Buffer, /) -> InspectionTuple: ...
def inspect_head(
    method: Text, authority: Optional[Text], target: Text, fields: Sequence[Sequence[Text]], /
) -> InspectionTuple: ...
@final
class KeySet:
    def __init__(self, jwks: Text, /) -> None: ...
    @property
    def count(self) -> int: ...
    @property
    def skipped(self) -> Tuple[int, ...]: ...

@final
class Verifier:
    def __init__(
        self, issuer: str, audiences: Sequence[str], algorithms: Sequence[str], clock_skew_s: int, keys: KeySet, /
    ) -> None: ...
    def verify(self, token: Text, now_s: int, /) -> bytes: ...

@final
class Gate:
    @staticmethod
    def from_json(json: Text, /) -> Gate: ...
    @staticmethod
    def from_image(image: Buffer, /) -> Gate: ...
    @property
    def image(self) -> bytes: ...
    @property
    def name(self) -> str: ...
    @property
    def issuers(self) -> Tuple[str, ...]: ...

@final
class Engine:
    def __init__(self, gate: Gate, keys: Sequence[Tuple[str, KeySet]], /) -> None: ...
    def decide_bytes(self, data: Buffer, now_s: int, peer: Optional[str], /) -> DecisionTuple: ...
    def decide_head(
        self,
        method: Text,
        authority: Optional[Text],
        target: Text,
        fields: Sequence[Sequence[Text]],
        now_s: int,
        peer: Optional[str],
        /,
    ) -> DecisionTuple: ...
