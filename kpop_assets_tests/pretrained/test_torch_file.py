import hashlib
import pickle

import numpy as np
import pytest

from kpop_assets.pretrained import efficientnet_lite0, mobilenet_v2
from kpop_assets.pretrained.errors import WeightsFileError
from kpop_assets.pretrained.torch_file import MAGIC_NUMBER, PROTOCOL, read_tensors


class Call:
    """Pickles as a call of a function that a loader would make."""

    def __reduce__(self):
        return (print, ("called",))


@pytest.fixture
def read(tmp_path):
    def read(*pickled: object, rest: bytes = b""):
        content = b"".join(pickle.dumps(one, 2) for one in pickled) + rest
        path = tmp_path / "weights.pth"
        path.write_bytes(content)
        return read_tensors(path, hashlib.sha256(content).hexdigest())

    return read


@pytest.mark.parametrize(
    ("weights", "count", "name", "shape"),
    [
        (efficientnet_lite0.WEIGHTS, 296, "_conv_stem.weight", (32, 3, 3, 3)),
        (mobilenet_v2.WEIGHTS, 314, "features.0.0.weight", (32, 3, 3, 3)),
    ],
)
def test_the_published_files_are_read(weights, count, name, shape):
    found = weights.read()
    assert len(found) == count
    assert found[name].shape == shape
    assert {array.dtype.name for array in found.values()} == {"float32", "int64"}
    assert all(np.isfinite(array).all() for array in found.values())


def test_a_wrong_hash_is_refused_before_anything_is_parsed(tmp_path, capsys):
    path = tmp_path / "weights.pth"
    path.write_bytes(pickle.dumps(Call()))
    with pytest.raises(WeightsFileError, match=r"SHA-256 0{64}, got [0-9a-f]{64}; it is damaged"):
        read_tensors(path, "0" * 64)
    assert not capsys.readouterr().out


def test_a_missing_file_is_a_named_error(tmp_path):
    with pytest.raises(WeightsFileError, match=r"none\.pth.*install its package again"):
        read_tensors(tmp_path / "none.pth", "0" * 64)


def test_a_file_that_would_call_something_calls_nothing(read, capsys):
    with pytest.raises(WeightsFileError, match=r"it names .*print"):
        read(MAGIC_NUMBER, PROTOCOL, {}, {"weight": Call()}, [])
    assert not capsys.readouterr().out


@pytest.mark.parametrize(
    "pickled", [(), (1, PROTOCOL), (MAGIC_NUMBER, 1002), (MAGIC_NUMBER, PROTOCOL, {}, {"a": 1}, [])]
)
def test_what_holds_no_tensors_is_a_named_error(read, pickled):
    with pytest.raises(WeightsFileError, match="Expected tensors in the format of torch"):
        read(*pickled)


def test_a_file_cut_short_is_a_named_error(tmp_path):
    weights = mobilenet_v2.WEIGHTS
    content = weights.path().read_bytes()[:-1]
    path = tmp_path / "cut.pth"
    path.write_bytes(content)
    with pytest.raises(WeightsFileError, match="do not use it"):
        read_tensors(path, hashlib.sha256(content).hexdigest())
