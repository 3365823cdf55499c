import io

import numpy as np
from PIL import Image

from kpop_assets.covers.curating.duplicates import representatives
from kpop_assets.covers.curating.fingerprint import hash_codes, perceptual_hash


def picture(seed: int) -> Image.Image:
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((300, 300), Image.Resampling.BICUBIC)


def test_a_recompressed_smaller_copy_repeats_the_first() -> None:
    buffer = io.BytesIO()
    picture(1).resize((120, 120)).save(buffer, "JPEG", quality=50)
    copy = Image.open(buffer)
    hashes = [perceptual_hash(image) for image in (picture(1), picture(2), copy)]
    assert representatives(hashes) == [0, 1, 0]


def test_half_the_bits_of_a_hash_are_ones() -> None:
    codes = hash_codes([perceptual_hash(picture(seed)) for seed in range(20)])
    assert np.bitwise_count(codes).tolist() == [32] * 20
