import io
import os
import pickle
from importlib import import_module

import pytest

from kpop_assets.pretrained.errors import WeightsFileError
from kpop_assets.pretrained.tensor_pickle import StorageRecord, TensorRecord, read_pickle
from kpop_assets_tests.pretrained.torch_words import (
    APPENDS,
    BINPERSID,
    BUILD,
    EMPTY_DICT,
    EMPTY_LIST,
    MARK,
    NONE,
    REDUCE,
    SETITEM,
    SETITEMS,
    START,
    STOP,
    name,
    read,
    storage,
    tensor,
    tensors,
    torch_file,
    tuple_of,
    value,
)


class Call:
    """Pickled, it is a call: what Python's own unpickler carries out when it reads it back."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call

    def __call__(self): ...


ATTACKS = {
    "os.system": lambda path: Call(os.system, f"touch '{path}'"),
    "eval": lambda path: Call(eval, f"open({str(path)!r}, 'w').close()"),
    "exec": lambda path: Call(exec, f"open({str(path)!r}, 'w').close()"),
    "open": lambda path: Call(open, str(path), "w"),
    "getattr": lambda path: Call(Call(getattr, Call(import_module, "os"), "mkdir"), str(path)),
    "a call within calls": lambda path: Call(list, Call(tuple, [Call(os.mkdir, str(path))])),
    "among tensors": lambda path: {"weight": 1, "bias": [Call(os.mkdir, str(path))]},
}


def parse(words):
    return read_pickle(io.BytesIO(words))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_file_makes_the_reader_call_anything(attack, protocol, tmp_path):
    victim = tmp_path / "victim"
    hostile = pickle.dumps(ATTACKS[attack](victim), protocol)
    for part in ("magic", "protocol", "machine", "records", "key_words"):
        with pytest.raises(WeightsFileError, match="expected a pickle of tensors and nothing else"):
            read(torch_file(**{part: hostile}), tmp_path)
    assert not victim.exists()
    pickle.loads(hostile)
    assert victim.exists(), "the attack works on a reader that unpickles"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param(name("os", "system"), "the name 'os system'", id="name"),
        pytest.param(value("os") + value("system") + b"\x93", "STACK_GLOBAL", id="stack_global"),
        pytest.param(b"Vos\nVsystem\n\x93", "UNICODE", id="stack_global of old texts"),
        pytest.param(b"(ios\nsystem\n", "INST", id="inst"),
        pytest.param(MARK + name("collections", "OrderedDict") + b"o", "OBJ", id="obj"),
        pytest.param(name("collections", "OrderedDict") + b")\x81", "NEWOBJ", id="newobj"),
        pytest.param(b"\x82\x01", "EXT1", id="extension"),
        pytest.param(b"Pkey\n", "PERSID", id="persistent text"),
        pytest.param(b"\x80\x04", "pickle protocol 4", id="later protocol"),
        pytest.param(b"G" + bytes(8), "BINFLOAT", id="float"),
        pytest.param(b"C\x01x", "SHORT_BINBYTES", id="bytes"),
        pytest.param(name("torch", "_utils._rebuild_tensor_v2"), "the name", id="dotted name"),
        pytest.param(name("torch", "FloatStorage "), "the name", id="almost a name"),
    ],
)
def test_a_word_that_tensors_do_not_need_is_refused(words, complaint):
    with pytest.raises(WeightsFileError, match=complaint):
        parse(START + words + STOP)


ORDERED_DICT = name("collections", "OrderedDict")
REBUILD = name("torch._utils", "_rebuild_tensor_v2")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(ORDERED_DICT + value(([("a", 1)],)) + REDUCE, id="dict with arguments"),
        pytest.param(REBUILD + b")" + REDUCE, id="tensor of nothing"),
        pytest.param(REBUILD + tuple_of(storage()) + REDUCE, id="tensor without shape"),
        pytest.param(REBUILD + value((1, 0, (), (), False, {})) + REDUCE, id="no storage"),
        pytest.param(name("torch", "FloatStorage") + b")" + REDUCE, id="call of a storage type"),
        pytest.param(tensor() + b")" + REDUCE, id="call of a tensor"),
        pytest.param(value("os.system") + value(("true",)) + REDUCE, id="call of a text"),
        pytest.param(value("storage") + BINPERSID, id="storage that is a text"),
        pytest.param(storage(kind="_utils"), id="storage of an unknown kind"),
        pytest.param(
            tuple_of(value("storage"), value("torch FloatStorage"), value(("7", "cpu", 6)), NONE)
            + BINPERSID,
            id="storage of a kind that is a text",
        ),
        pytest.param(
            tuple_of(value("module"), name("torch", "FloatStorage"), *map(value, ("7", "cpu", 6)))
            + BINPERSID,
            id="a module",
        ),
        pytest.param(ORDERED_DICT + value({"__module__": "os"}) + BUILD, id="state of a name"),
        pytest.param(tensor() + value({"offset": 99}) + BUILD, id="state of a tensor"),
        pytest.param(EMPTY_DICT + value((1, 2)) + value(3) + SETITEM, id="key that is no text"),
        pytest.param(EMPTY_DICT + MARK + value(1) + value(2) + SETITEMS, id="keys that are none"),
        pytest.param(EMPTY_DICT + MARK + value("a") + SETITEMS, id="key without a value"),
        pytest.param(EMPTY_LIST + value("a") + value(3) + SETITEM, id="list with a key"),
        pytest.param(EMPTY_DICT + MARK + value(3) + APPENDS, id="dict without a key"),
    ],
)
def test_a_word_on_something_else_than_it_is_for_is_refused(words):
    with pytest.raises(WeightsFileError):
        parse(START + words + STOP)


@pytest.mark.parametrize(
    "words", [STOP, REDUCE, BUILD, BINPERSID, SETITEM, SETITEMS, APPENDS, b"a", b"\x86", b"q\0"]
)
@pytest.mark.parametrize("before", [b"", MARK])
def test_a_word_without_values_is_refused(before, words):
    with pytest.raises(WeightsFileError):
        parse(START + before + words + STOP)


def test_a_value_that_was_never_kept_cannot_be_recalled():
    with pytest.raises(WeightsFileError, match="recall of value 9"):
        parse(START + b"h\x09" + STOP)


def test_deep_nesting_and_long_texts_end_in_a_short_message(tmp_path):
    deep = START + NONE + b"\x85" * 200_000 + STOP
    for part in ("magic", "machine", "records", "key_words"):
        with pytest.raises(WeightsFileError):
            read(torch_file(**{part: deep}), tmp_path)
    shape = tensor()[:-1].replace(value((2, 3)), NONE + b"\x85" * 200_000)
    long_name = name("x" * 1_000_000, "y")
    for records in (tensors(weight=shape + REDUCE), START + long_name + STOP):
        with pytest.raises(WeightsFileError) as failure:
            read(torch_file(records), tmp_path)
        assert len(str(failure.value)) < 1000


def test_tensors_are_read_as_records_and_the_state_of_their_dict_is_dropped():
    assert parse(tensors(weight=tensor(offset=4))) == {
        "weight": TensorRecord(StorageRecord("<f4", "7", 6), 4, (2, 3), (3, 1))
    }


def test_the_position_is_left_behind_the_pickle():
    file = io.BytesIO(START + value([1, "a"]) + STOP + b"rest")
    assert read_pickle(file) == [1, "a"]
    assert file.read() == b"rest"
