"""Tensors from the files that torch.save wrote before torch 1.6 (not a zip, protocol 1001).

Such a file is five pickles (magic number, protocol, machine, tensors by name, keys of the storages)
and then each storage: its count as 8 bytes, its numbers.
"""

import collections
import hashlib
import io
import pathlib
import pickle
from typing import Any, NamedTuple

import numpy as np

from kpop_assets.pretrained.errors import WeightsFileError

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
COUNT_BYTES = 8


class _Storage(NamedTuple):
    dtype: str
    key: str


class _Tensor(NamedTuple):
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    requires_grad: bool
    hooks: Any


NAMES: dict[str, Any] = {
    "collections.OrderedDict": collections.OrderedDict,
    "torch._utils._rebuild_tensor_v2": _Tensor,
    "torch.FloatStorage": "<f4",
    "torch.LongStorage": "<i8",
}
"""All that a file may name; nothing else is looked up, so nothing else is called."""


class _TensorUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        full = f"{module}.{name}"
        if full not in NAMES:
            raise pickle.UnpicklingError(f"it names {full}")
        return NAMES[full]

    def persistent_load(self, description: Any) -> _Storage:
        _, dtype, key, _, _, _ = description
        return _Storage(dtype, key)


def read_tensors(path: pathlib.Path, sha256: str) -> dict[str, np.ndarray]:
    """Return the tensors in the file at `path` by name, float32 or int64, once its hash is right.

    `sha256`, in hexadecimal digits, is that of the whole file, which is looked into only when it
    agrees. Raises WeightsFileError when the file cannot be read, has another hash or holds anything
    but tensors.
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
        return _parsed(io.BytesIO(content))
    except Exception as error:  # a pickle that is none raises many kinds
        raise WeightsFileError(
            f"Expected tensors in the format of torch before 1.6 in {path}, got: {error}; do not "
            "use it, and tell whoever published this hash."
        ) from error


def _parsed(file: io.BytesIO) -> dict[str, np.ndarray]:
    start = [_TensorUnpickler(file).load() for _ in range(2)]
    if start != [MAGIC_NUMBER, PROTOCOL]:
        raise ValueError(f"it begins with {start}")
    _machine, tensors, keys = (_TensorUnpickler(file).load() for _ in range(3))
    dtypes = {tensor.storage.key: np.dtype(tensor.storage.dtype) for tensor in tensors.values()}
    storages = {}
    for key in keys:
        count = int.from_bytes(file.read(COUNT_BYTES), "little")
        storages[key] = np.frombuffer(file.read(count * dtypes[key].itemsize), dtypes[key], count)
    return {name: _array(tensor, storages[tensor.storage.key]) for name, tensor in tensors.items()}


def _array(tensor: _Tensor, storage: np.ndarray) -> np.ndarray:
    strides = tuple(stride * storage.itemsize for stride in tensor.strides)
    offset = tensor.offset * storage.itemsize
    view = np.ndarray(tensor.shape, storage.dtype, storage.data, offset, strides)
    return view.astype(storage.dtype.newbyteorder("="), order="C")
