import hashlib
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.pretrained import efficientnet_lite0, mobilenet_v2
from kpop_assets.pretrained.errors import WeightsFileError
from kpop_assets.pretrained.torch_file import read_tensors
from kpop_assets_tests.pretrained.torch_words import (
    MACHINE,
    START,
    STOP,
    read,
    storage,
    stored,
    tensor,
    tensors,
    torch_file,
    value,
)


def test_a_tensor_is_read_under_its_name(tmp_path):
    found = read(torch_file(), tmp_path)
    assert list(found) == ["weight"]
    assert found["weight"].dtype == np.float32
    np.testing.assert_array_equal(found["weight"], [[0, 1, 2], [3, 4, 5]])


def test_tensors_may_share_a_storage_turn_it_round_and_start_inside_it(tmp_path):
    records = tensors(
        turned=tensor((3, 2), (1, 3)),
        column=tensor((2,), (3,), offset=1),
        scalar=tensor((), (), offset=5),
        nothing=tensor((0, 2), (2, 1), offset=6),
    )
    found = read(torch_file(records), tmp_path)
    np.testing.assert_array_equal(found["turned"], [[0, 3], [1, 4], [2, 5]])
    np.testing.assert_array_equal(found["column"], [1, 4])
    np.testing.assert_array_equal(found["scalar"], 5)
    assert found["nothing"].shape == (0, 2)


def test_several_storages_of_both_kinds_are_read_in_the_order_of_their_keys(tmp_path):
    count = storage("n", 1, "LongStorage")
    records = tensors(weight=tensor(), batches=tensor((), (), stored=count))
    found = read(
        torch_file(records, stored([2**40], "<i8"), stored(range(6)), keys=("n", "7")), tmp_path
    )
    assert found["batches"].dtype == np.int64
    assert found["batches"] == 2**40
    assert found["weight"][1, 2] == 5


def test_a_wrong_hash_is_refused_before_anything_is_parsed(tmp_path):
    path = tmp_path / "weights.pth"
    path.write_bytes(b"no torch file at all")
    with pytest.raises(WeightsFileError, match=r"SHA-256 0{64}, got [0-9a-f]{64}; it is damaged"):
        read_tensors(path, "0" * 64)


def test_one_changed_bit_is_a_wrong_hash(tmp_path):
    content = torch_file()
    path = tmp_path / "weights.pth"
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(WeightsFileError, match="SHA-256"):
        read_tensors(path, hashlib.sha256(content).hexdigest())


def test_a_missing_file_is_a_named_error(tmp_path):
    with pytest.raises(WeightsFileError, match=r"none\.pth.*install its package again"):
        read_tensors(tmp_path / "none.pth", "0" * 64)


def test_a_file_torn_anywhere_is_refused_even_if_its_hash_were_expected(tmp_path):
    content = torch_file()
    for length in range(len(content)):
        with pytest.raises(WeightsFileError):
            read(content[:length], tmp_path)
    assert read(content, tmp_path)


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(tensor((2, 4), (4, 1)), id="more numbers than stored"),
        pytest.param(tensor(offset=1), id="offset that leads past the end"),
        pytest.param(tensor((1,), (1,), offset=6), id="offset at the end"),
        pytest.param(tensor((0,), (1,), offset=7), id="nothing, but past the end"),
        pytest.param(tensor(offset=-1), id="offset before the start"),
        pytest.param(tensor((2, 3), (4, 1)), id="stride that leads past the end"),
        pytest.param(tensor((2, 3), (-3, 1), offset=3), id="backwards"),
        pytest.param(tensor((-2, -3)), id="negative shape"),
        pytest.param(tensor((2**62, 2**62), (0, 0)), id="one number repeated without end"),
        pytest.param(tensor((7,), (0,)), id="more numbers than stored, by repetition"),
        pytest.param(tensor((1, 6), (2**70, 1)), id="stride beyond any address"),
        pytest.param(tensor((1,), (1,), offset=2**70), id="offset beyond any address"),
        pytest.param(tensor((6,), (3, 1)), id="a stride too many"),
        pytest.param(tensor((1,) * 80, (1,) * 80), id="too many dimensions"),
        pytest.param(tensor([2, 3], [3, 1]), id="lists"),
        pytest.param(tensor(("2", "3")), id="texts"),
        pytest.param(tensor((True, True), (True, True)), id="truth values"),
        pytest.param(tensor(offset=None), id="no offset"),
        pytest.param(tensor(None, None), id="no shape"),
    ],
)
def test_nothing_outside_a_storage_is_read(record, tmp_path):
    with pytest.raises(WeightsFileError, match="expected 'weight' within its 6 numbers"):
        read(torch_file(tensors(weight=record)), tmp_path)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (torch_file(magic=START + value(1) + STOP), "magic number"),
        (torch_file(protocol=START + value(1002) + STOP), "protocol 1001"),
        (torch_file(machine=MACHINE.replace(b"\x88", b"\x89")), "little-endian"),
        (torch_file(machine=START + value([]) + STOP), "little-endian"),
        (torch_file(START + value({"weight": 1}) + STOP), "tensors by name"),
        (torch_file(START + value([1]) + STOP), "tensors by name"),
        (torch_file(key_words=START + value("7") + STOP), "other keys"),
        (torch_file(keys=()), "other keys"),
        (torch_file(keys=("8",)), "other keys"),
        (torch_file(keys=("7", "7")), "other keys"),
        (torch_file(keys=(7,)), "other keys"),
        (torch_file(None, stored(range(5))), "a count of 5"),
        (torch_file(None, stored(range(7))), "a count of 7"),
        (torch_file(None, stored(range(6)) + b"\0"), "more bytes"),
        (torch_file(tensors(a=tensor(), b=tensor(stored=storage(count=5)))), "got several"),
        (torch_file(tensors(a=tensor(stored=storage(count=-1)))), "a storage that is not numbers"),
        (
            torch_file(tensors(a=tensor(stored=storage(count=True)))),
            "a storage that is not numbers",
        ),
        (torch_file(tensors(a=tensor(stored=storage(key=7)))), "a storage that is not numbers"),
    ],
)
def test_what_breaks_the_rules_of_the_format_is_refused(content, complaint, tmp_path):
    with pytest.raises(WeightsFileError, match=complaint):
        read(content, tmp_path)


def test_a_storage_that_claims_to_be_larger_than_any_memory_is_refused(tmp_path):
    count = 2**63
    content = torch_file(
        tensors(weight=tensor(stored=storage(count=count))), count.to_bytes(8, "little") + b"1234"
    )
    with pytest.raises(WeightsFileError, match="got the end of the file"):
        read(content, tmp_path)


@given(st.data())
def test_a_damaged_file_gives_tensors_or_a_named_error_and_nothing_else(data):
    content = bytearray(torch_file())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content) - 1))
        content[start : start + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = read(bytes(content), Path(folder))
        except WeightsFileError:
            return
    assert all(isinstance(array, np.ndarray) for array in found.values())


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
