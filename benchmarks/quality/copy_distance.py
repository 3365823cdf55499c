"""How well copies of covers are told from other covers, at several distances.

    python -m benchmarks.quality.copy_distance --covers FOLDER FOLDER [--published FOLDER]

Covers of all folders together; those that are near-duplicates by perceptual hash
(docs/duplicates.md) count as one. Prints the share of altered covers that are nearer to the cover
they were made of than each distance, how many pairs of different covers are, how many covers of the
second folder are to one of the first, and the share of the original's published samples that are
nearer to some cover of the folders.
"""

import argparse
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

from benchmarks.quality.pictures import Pictures, covers_in, published_samples
from kpop_assets.covers.curating.duplicates import NEAR_DUPLICATE_BITS
from kpop_assets.covers.curating.fingerprint import hash_codes, perceptual_hash
from kpop_assets.judge.copies import COPY_DISTANCE, CopyDetector, appearances
from kpop_assets.judge.judge import FEATURE_SIZE
from kpop_assets.judge.quality import distances
from kpop_assets.pretrained.mobilenet_v2 import pooled_mobilenet_v2
from kpop_assets.pretrained.pooled_features import pooled_features

DISTANCES = (0.95, 1.0, COPY_DISTANCE, 1.1, 1.15)


def encoded(image: Image.Image, quality: int) -> Image.Image:
    """Return the picture after JPEG."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def cropped(image: Image.Image, share: float, corner: bool = False) -> Image.Image:
    """Return the picture without `share` of its side, around or at two edges, at its old size."""
    side = image.width
    cut = side * share
    box = (0.0, 0.0, side - cut, side - cut) if corner else (cut / 2,) * 2 + (side - cut / 2,) * 2
    return image.resize(image.size, Image.Resampling.BICUBIC, box=box)


def shifted(image: Image.Image, pixels: int) -> Image.Image:
    """Return the picture moved right and down, its edges repeated."""
    wider = np.pad(np.asarray(image), ((pixels, 0), (pixels, 0), (0, 0)), mode="edge")
    return Image.fromarray(wider[: image.height, : image.width])


def recoloured(
    image: Image.Image, brightness: float, colour: float, contrast: float
) -> Image.Image:
    """Return the picture with each of the three times as strong."""
    image = ImageEnhance.Brightness(image).enhance(brightness)
    image = ImageEnhance.Color(image).enhance(colour)
    return ImageEnhance.Contrast(image).enhance(contrast)


def tinted(image: Image.Image) -> Image.Image:
    """Return the picture with 8 % more red and less blue."""
    levels = np.asarray(image) * np.array([1.08, 1.0, 0.92])
    return Image.fromarray(levels.clip(0, 255).astype(np.uint8))


def noisy(image: Image.Image, levels: float) -> Image.Image:
    """Return the picture under normal noise."""
    noise = np.random.default_rng(0).normal(0, levels, np.asarray(image).shape)
    return Image.fromarray((np.asarray(image) + noise).clip(0, 255).astype(np.uint8))


def blurred(image: Image.Image, share: float) -> Image.Image:
    """Return the picture blurred by `share` pixels of 64."""
    return image.filter(ImageFilter.GaussianBlur(share * image.width / 64))


def halved(image: Image.Image) -> Image.Image:
    """Return the picture at half its resolution."""
    half = image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)
    return half.resize(image.size, Image.Resampling.BICUBIC)


def all_together(image: Image.Image) -> Image.Image:
    """Return the picture 5 % cropped, recoloured, blurred by 0.5 pixels of 64, JPEG 85."""
    image = recoloured(cropped(image, 0.05), 1.05, 0.9, 1.05)
    return encoded(blurred(image, 0.5), 85)


ALTERATIONS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "JPEG 90": lambda image: encoded(image, 90),
    "JPEG 75": lambda image: encoded(image, 75),
    "JPEG 50": lambda image: encoded(image, 50),
    "5 % cropped": lambda image: cropped(image, 0.05),
    "5 % cropped, corner": lambda image: cropped(image, 0.05, corner=True),
    "10 % cropped": lambda image: cropped(image, 0.1),
    "shifted 1/32": lambda image: shifted(image, image.width // 32),
    "shifted 3/64": lambda image: shifted(image, 3 * image.width // 64),
    "recoloured": lambda image: recoloured(image, 1.1, 0.85, 1.1),
    "tinted": tinted,
    "blurred 0.5/64": lambda image: blurred(image, 0.5),
    "blurred 1/64": lambda image: blurred(image, 1.0),
    "blurred 1.5/64": lambda image: blurred(image, 1.5),
    "halved": halved,
    "noise 8": lambda image: noisy(image, 8),
    "noise 20": lambda image: noisy(image, 20),
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "all together": all_together,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--covers", type=Path, nargs=2, required=True)
    parser.add_argument("--published", type=Path)
    parser.add_argument("--size", type=int, default=64)
    options = parser.parse_args()
    folders = [covers_in(folder, options.size) for folder in options.covers]
    covers = np.concatenate(folders)
    network = pooled_mobilenet_v2(FEATURE_SIZE)

    def features(pictures: Pictures) -> NDArray[np.float32]:
        return pooled_features(network, pictures, FEATURE_SIZE)

    def appearance(pictures: Pictures) -> NDArray[np.float64]:
        return appearances(pictures, features(pictures))

    upright, mirrored = appearance(covers), appearance(covers[:, :, ::-1])
    codes = hash_codes([perceptual_hash(Image.fromarray(cover)) for cover in covers])
    known = np.bitwise_count(codes[:, None] ^ codes) <= NEAR_DUPLICATE_BITS
    apart = np.minimum(distances(upright, upright), distances(upright, mirrored))
    apart[known] = np.inf
    first = len(folders[0])
    print(f"{'':24}", *(f"{distance:7.2f}" for distance in DISTANCES))
    counts = np.triu(apart, 1) + np.tril(np.full_like(apart, np.inf))
    print(f"{'pairs of covers':24}", *(f"{(counts < d).sum():7}" for d in DISTANCES))
    across = apart[first:, :first].min(axis=1)
    print(f"{'second to first folder':24}", *(f"{(across < d).sum():7}" for d in DISTANCES))
    for name, alter in ALTERATIONS.items():
        changed = appearance(np.stack([np.asarray(alter(Image.fromarray(c))) for c in covers]))
        near = np.minimum(*(np.linalg.norm(changed - own, axis=1) for own in (upright, mirrored)))
        print(f"{name:24}", *(f"{(near < d).mean():7.1%}" for d in DISTANCES))
    if options.published:
        detector = CopyDetector(upright, mirrored)
        for run, samples in published_samples(options.published).items():
            near = detector.nearest(samples, features(samples))
            print(f"{'published ' + run:24}", *(f"{(near < d).mean():7.1%}" for d in DISTANCES))


if __name__ == "__main__":
    main()
