"""The few words of the pickle language that a torch file of tensors needs, and no others.

Python's own unpickler is not used: it can be told to call anything. This interpreter knows four
names, calls nothing that a file brings along, and makes numbers, texts, lists, tuples, dicts with
text keys and the two records below.
"""

import dataclasses
import io
import pickletools
import reprlib
from collections.abc import Callable
from typing import Any

from kpop_assets.pretrained.errors import WeightsFileError

STORAGE_DTYPES = {"torch FloatStorage": "<f4", "torch LongStorage": "<i8"}
ORDERED_DICT = "collections OrderedDict"
REBUILD_TENSOR = "torch._utils _rebuild_tensor_v2"


@dataclasses.dataclass(frozen=True)
class StorageRecord:
    """A run of numbers of one kind that follows later in the file, under a key."""

    dtype: str
    key: str
    count: int


@dataclasses.dataclass(frozen=True)
class TensorRecord:
    """Where the numbers of a tensor lie in its storage; offset and strides count numbers.

    Only the storage has been looked at: the rest is what the file says, of any type.
    """

    storage: StorageRecord
    offset: Any
    shape: Any
    strides: Any


@dataclasses.dataclass(frozen=True)
class _Name:
    text: str


_MARK = object()
_LITERALS = {"BININT", "BININT1", "BININT2", "LONG1", "BINUNICODE"}
_CONSTANTS: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_TUPLE": tuple,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
    "MARK": lambda: _MARK,
}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


def read_pickle(file: io.BytesIO) -> object:
    """Read one pickle from `file` and leave the position behind it.

    Raises WeightsFileError at the first word that is not needed for tensors, or out of place.
    """
    machine = _Machine()
    try:
        for opcode, argument, _ in pickletools.genops(file):
            if opcode.name != "STOP":
                machine.obey(opcode.name, argument)
        return machine.pop()
    except ValueError as error:
        raise WeightsFileError(
            f"expected a pickle of tensors and nothing else, got before byte {file.tell()}: {error}"
        ) from error


class _Machine:
    """The pickle machine: a stack and a memo."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def top(self) -> Any:
        if not self.stack or self.stack[-1] is _MARK:
            raise ValueError("a word that takes a value where there is none")
        return self.stack[-1]

    def pop(self) -> Any:
        self.top()
        return self.stack.pop()

    def pop_to_mark(self) -> list[Any]:
        items = []
        while self.stack and self.stack[-1] is not _MARK:
            items.append(self.stack.pop())
        if not self.stack:
            raise ValueError("a word that takes values up to a mark where there is none")
        self.stack.pop()
        return items[::-1]

    def obey(self, word: str, argument: Any) -> None:
        if word in _LITERALS:
            self.stack.append(argument)
        elif word in _CONSTANTS:
            self.stack.append(_CONSTANTS[word]())
        elif word in _TUPLES:
            items = [self.pop() for _ in range(_TUPLES[word])]
            self.stack.append(tuple(items[::-1]))
        else:
            match word:
                case "PROTO":
                    if argument != 2:
                        raise ValueError(f"pickle protocol {argument}")
                case "TUPLE":
                    self.stack.append(tuple(self.pop_to_mark()))
                case "BINPUT" | "LONG_BINPUT":
                    self.memo[argument] = self.top()
                case "BINGET" | "LONG_BINGET":
                    if argument not in self.memo:
                        raise ValueError(f"a recall of value {argument}, which was never kept")
                    self.stack.append(self.memo[argument])
                case "APPEND":
                    item = self.pop()
                    _expect(self.top(), list).append(item)
                case "APPENDS":
                    items = self.pop_to_mark()
                    _expect(self.top(), list).extend(items)
                case "SETITEM":
                    value, key = self.pop(), self.pop()
                    _expect(self.top(), dict)[_expect(key, str)] = value
                case "SETITEMS":
                    items = self.pop_to_mark()
                    target = _expect(self.top(), dict)
                    for key, value in zip(items[::2], items[1::2], strict=True):
                        target[_expect(key, str)] = value
                case "GLOBAL":
                    if argument not in {ORDERED_DICT, REBUILD_TENSOR, *STORAGE_DTYPES}:
                        raise ValueError(f"the name {reprlib.repr(argument)}")
                    self.stack.append(_Name(argument))
                case "BINPERSID":
                    self.stack.append(_storage(self.pop()))
                case "REDUCE":
                    arguments, name = self.pop(), self.pop()
                    self.stack.append(_call(name, arguments))
                case "BUILD":
                    self.pop()
                    _expect(self.top(), dict)
                case _:
                    raise ValueError(f"the word {word}")


def _expect(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{type(value).__name__} where {kind.__name__} belongs")
    return value


def _storage(description: Any) -> StorageRecord:
    match description:
        case ("storage", _Name(text=kind), str(key), "cpu", int(count), None) if (
            kind in STORAGE_DTYPES and type(count) is int and count >= 0
        ):
            return StorageRecord(STORAGE_DTYPES[kind], key, count)
    raise ValueError("a storage that is not numbers of a known kind in ordinary memory")


def _call(name: Any, arguments: Any) -> Any:
    match arguments:
        case () if name == _Name(ORDERED_DICT):
            return {}
        case (StorageRecord() as storage, offset, shape, strides, bool(), dict()) if name == _Name(
            REBUILD_TENSOR
        ):
            return TensorRecord(storage, offset, shape, strides)
    raise ValueError("a call of something else than a tensor or an ordered dict")
