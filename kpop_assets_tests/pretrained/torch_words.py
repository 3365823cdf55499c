"""The words of a torch file written by hand, so that tests can also write wrong ones."""

import hashlib
import pathlib
import pickle

import numpy as np

from kpop_assets.pretrained.torch_file import MAGIC_NUMBER, PROTOCOL, read_tensors

START, STOP, MARK, NONE, FALSE = b"\x80\x02", b".", b"(", b"N", b"\x89"
EMPTY_DICT, EMPTY_LIST, SETITEM, SETITEMS, APPENDS, REDUCE, BUILD = (
    b"}",
    b"]",
    b"s",
    b"u",
    b"e",
    b"R",
    b"b",
)
BINPERSID = b"Q"
MACHINE = START + pickle.dumps({"little_endian": True}, 2)[2:]


def value(plain: object) -> bytes:
    """An int, text, bool, None or a tuple, list or dict of these."""
    return pickle.dumps(plain, 2)[2:-1]


def name(module: str, attribute: str) -> bytes:
    return f"c{module}\n{attribute}\n".encode()


def tuple_of(*words: bytes) -> bytes:
    return MARK + b"".join(words) + b"t"


def storage(key: object = "7", count: object = 6, kind: str = "FloatStorage") -> bytes:
    words = (value("storage"), name("torch", kind), value(key), value("cpu"), value(count), NONE)
    return tuple_of(*words) + BINPERSID


def tensor(
    shape: object = (2, 3),
    strides: object = (3, 1),
    offset: object = 0,
    stored: bytes | None = None,
) -> bytes:
    hooks = name("collections", "OrderedDict") + b")" + REDUCE
    words = (stored or storage(), value(offset), value(shape), value(strides), FALSE, hooks)
    return name("torch._utils", "_rebuild_tensor_v2") + tuple_of(*words) + REDUCE


def tensors(**by_name: bytes) -> bytes:
    """The pickle of tensors by name, an ordered dict with a state of its own, as torch has it."""
    items = b"".join(value(key) + words for key, words in by_name.items())
    state = value({"_metadata": {"version": 1}})
    return (
        START
        + name("collections", "OrderedDict")
        + b")"
        + REDUCE
        + MARK
        + items
        + SETITEMS
        + state
        + BUILD
        + STOP
    )


def stored(numbers: object, dtype: str = "<f4") -> bytes:
    array = np.asarray(numbers, dtype)
    return len(array).to_bytes(8, "little") + array.tobytes()


def torch_file(
    records: bytes | None = None,
    *storages: bytes,
    keys: object = ("7",),
    magic: bytes | None = None,
    protocol: bytes | None = None,
    machine: bytes = MACHINE,
    key_words: bytes | None = None,
) -> bytes:
    """A file with one tensor [[0, 1, 2], [3, 4, 5]] unless told otherwise."""
    return b"".join(
        (
            magic or START + value(MAGIC_NUMBER) + STOP,
            protocol or START + value(PROTOCOL) + STOP,
            machine,
            records or tensors(weight=tensor()),
            key_words or START + value(list(keys)) + STOP,
            *(storages or (stored(range(6)),)),
        )
    )


def read(content: bytes, folder: pathlib.Path) -> dict[str, np.ndarray]:
    """Read `content` as a file whose hash is as expected."""
    path = folder / "weights.pth"
    path.write_bytes(content)
    return read_tensors(path, hashlib.sha256(content).hexdigest())
