"""What Head, Inspection and Decision have in common."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

_V = TypeVar("_V", bound="Verdict")


class Frozen:
    """Attributes are set once, by the class itself."""

    __slots__ = ()

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable")


class Verdict(Frozen):
    """Something with an outcome, which `if` must not take for "there is an object"."""

    __slots__ = ()

    _ask = ""

    def __bool__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is neither true nor false; ask for .{self._ask}")

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is not pickled: ask again where it is needed")

    def __copy__(self: _V) -> _V:
        return self

    def __deepcopy__(self: _V, memo: object) -> _V:
        return self
