"""Tensors from the files that torch.save wrote before torch 1.6 (not a zip, protocol 1001).

Such a file is five pickles (magic number, protocol, machine, records of the tensors, keys of the
storages) and then each storage: its count as 8 bytes, its numbers.
"""

import hashlib
import io
import math
import pathlib
import reprlib
import sys

import numpy as np

from kpop_assets.pretrained.errors import WeightsFileError
from kpop_assets.pretrained.tensor_pickle import StorageRecord, TensorRecord, read_pickle

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
MOST_DIMENSIONS = 8


def read_tensors(path: pathlib.Path, sha256: str) -> dict[str, np.ndarray]:
    """Return the tensors in the file at `path` by name, float32 or int64, once its hash is right.

    `sha256`, in hexadecimal digits, is that of the whole file, which is looked into only when it
    agrees. Then nothing but arrays is made, each from numbers inside its own storage.

    Raises WeightsFileError when the file cannot be read, has another hash or holds anything else.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WeightsFileError(
            f"Expected to read weights from {path}, got: {error}; install its package again."
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise WeightsFileError(
            f"Expected {path} to have the SHA-256 {sha256}, got {found}; "
            "it is damaged or was exchanged: install its package again."
        )
    try:
        return _parse(io.BytesIO(content))
    except WeightsFileError as error:
        raise WeightsFileError(
            f"Expected tensors in the format of torch before 1.6 in {path}, got a file that breaks "
            f"its rules ({error}); do not use it, and tell whoever published this hash."
        ) from error


def _parse(file: io.BytesIO) -> dict[str, np.ndarray]:
    for what, expected in (("magic number", MAGIC_NUMBER), ("protocol", PROTOCOL)):
        if read_pickle(file) != expected:
            raise WeightsFileError(f"expected the {what} {expected}, got another")
    machine = read_pickle(file)
    if not isinstance(machine, dict) or machine.get("little_endian") is not True:
        raise WeightsFileError("expected numbers in little-endian order, got another")
    records = read_pickle(file)
    if not isinstance(records, dict) or not all(
        isinstance(record, TensorRecord) for record in records.values()
    ):
        raise WeightsFileError("expected tensors by name, got something else")
    storages = _read_storages(file, read_pickle(file), records)
    return {
        name: _tensor(name, record, storages[record.storage]) for name, record in records.items()
    }


def _read_storages(
    file: io.BytesIO, keys: object, records: dict[str, TensorRecord]
) -> dict[StorageRecord, np.ndarray]:
    declared = {record.storage.key: record.storage for record in records.values()}
    if len(declared) < len({record.storage for record in records.values()}):
        raise WeightsFileError("expected one kind and count for each storage, got several")
    if (
        not isinstance(keys, list)
        or not all(isinstance(key, str) for key in keys)
        or sorted(keys) != sorted(declared)
    ):
        raise WeightsFileError("expected the key of each tensor's storage once, got other keys")
    storages = {}
    for key in keys:
        storage = declared[key]
        count = int.from_bytes(file.read(8), "little")
        if count != storage.count:
            raise WeightsFileError(
                f"expected {storage.count} numbers in storage {reprlib.repr(key)}, "
                f"got a count of {count}"
            )
        dtype = np.dtype(storage.dtype)
        content = file.read(min(count * dtype.itemsize, sys.maxsize))
        if len(content) != count * dtype.itemsize:
            raise WeightsFileError(
                f"expected {count} numbers in storage {reprlib.repr(key)}, got the end of the file"
            )
        storages[storage] = np.frombuffer(content, dtype)
    if file.read(1):
        raise WeightsFileError("expected the file to end with its last storage, got more bytes")
    return storages


def _tensor(name: str, record: TensorRecord, storage: np.ndarray) -> np.ndarray:
    if not _lies_inside(record):
        raise WeightsFileError(
            f"expected {reprlib.repr(name)} within its {len(storage)} numbers, "
            "got offset, shape and strides "
            f"{reprlib.repr((record.offset, record.shape, record.strides))}"
        )
    strides = [stride * storage.itemsize for stride in record.strides]
    view = np.lib.stride_tricks.as_strided(storage[record.offset :], record.shape, strides)
    return view.astype(storage.dtype.newbyteorder("="), order="C")


def _lies_inside(record: TensorRecord) -> bool:
    """Return whether every number of the tensor is in its storage, and not more of them.

    What the record says may be of any type and size. A tensor that repeats its numbers (stride 0)
    could be larger than the memory, and weights never do that.
    """
    offset, shape, strides = record.offset, record.shape, record.strides
    if type(shape) is not tuple or type(strides) is not tuple or len(shape) != len(strides):
        return False
    count = record.storage.count
    if any(type(number) is not int or number < 0 for number in (offset, *shape, *strides)):
        return False
    if len(shape) > MOST_DIMENSIONS or max((*shape, *strides), default=0) > count:
        return False
    if math.prod(shape) > count:
        return False
    last = sum((length - 1) * stride for length, stride in zip(shape, strides, strict=True))
    return offset + last < count if all(shape) else offset <= count
