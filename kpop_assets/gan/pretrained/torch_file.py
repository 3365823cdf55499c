"""Tensors from the files that torch.save wrote before 2020 (not a zip, protocol 1001).

Such a file is five pickles (magic number, protocol, machine, records of the tensors, keys of the
storages) and then each storage: its count as 8 bytes, its numbers.
"""

import hashlib
import io
import math
import pathlib

import numpy as np

from kpop_assets.gan.errors import WeightsFileError
from kpop_assets.gan.pretrained.tensor_pickle import StorageRecord, TensorRecord, read_pickle

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
        raise WeightsFileError(f"{path}: {error}") from error


def _parse(file: io.BytesIO) -> dict[str, np.ndarray]:
    for what, expected in (("magic number", MAGIC_NUMBER), ("protocol", PROTOCOL)):
        found = read_pickle(file)
        if found != expected:
            raise WeightsFileError(f"Expected the {what} {expected} of a torch file, got {found}.")
    machine = read_pickle(file)
    if not isinstance(machine, dict) or machine.get("little_endian") is not True:
        raise WeightsFileError("Expected numbers in little-endian order, got another machine's.")
    records = read_pickle(file)
    if not isinstance(records, dict) or not all(
        isinstance(record, TensorRecord) for record in records.values()
    ):
        raise WeightsFileError("Expected tensors by name, got something else.")
    storages = _read_storages(file, read_pickle(file), records)
    return {name: _tensor(name, record, storages) for name, record in records.items()}


def _read_storages(
    file: io.BytesIO, keys: object, records: dict[str, TensorRecord]
) -> dict[StorageRecord, np.ndarray]:
    declared = {record.storage.key: record.storage for record in records.values()}
    if set(declared.values()) != {record.storage for record in records.values()}:
        raise WeightsFileError("Expected one kind and count a storage, got several.")
    if not isinstance(keys, list) or sorted(map(str, keys)) != sorted(declared):
        raise WeightsFileError("Expected each storage of the tensors once, got other keys.")
    storages = {}
    for key in keys:
        storage = declared[key]
        dtype = np.dtype(storage.dtype)
        count = int.from_bytes(file.read(8), "little")
        content = file.read(storage.count * dtype.itemsize)
        if count != storage.count or len(content) != storage.count * dtype.itemsize:
            raise WeightsFileError(
                f"Expected {storage.count} numbers in storage {key}, "
                f"got {len(content) // dtype.itemsize} of {count}."
            )
        storages[storage] = np.frombuffer(content, dtype)
    if file.read(1):
        raise WeightsFileError("Expected the file to end behind its storages, got more bytes.")
    return storages


def _tensor(
    name: str, record: TensorRecord, storages: dict[StorageRecord, np.ndarray]
) -> np.ndarray:
    storage = storages[record.storage]
    if not _lies_inside(record):
        raise WeightsFileError(
            f"Expected {name} to lie within its {record.storage.count} numbers, got offset "
            f"{record.offset}, shape {record.shape} and strides {record.strides}."
        )
    view = np.lib.stride_tricks.as_strided(
        storage[record.offset :],
        record.shape,
        [stride * storage.itemsize for stride in record.strides],
    )
    return view.astype(storage.dtype.newbyteorder("="), order="C")


def _lies_inside(record: TensorRecord) -> bool:
    shape, strides = record.shape, record.strides
    if type(shape) is not tuple or type(strides) is not tuple or len(shape) != len(strides):
        return False
    if len(shape) > MOST_DIMENSIONS:
        return False
    if any(type(number) is not int or number < 0 for number in (record.offset, *shape, *strides)):
        return False
    if math.prod(shape) > record.storage.count:
        return False
    steps = sum(
        (length - 1) * stride for length, stride in zip(shape, strides, strict=True) if length
    )
    last = record.offset + steps if all(shape) else record.offset - 1
    return last < record.storage.count
