import io

import numpy as np
from PIL import Image

from kpop_assets.covers.fingerprint import nearest_earlier, perceptual_hash


def picture(seed: int) -> Image.Image:
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((300, 300), Image.Resampling.BICUBIC)


def test_a_recompressed_smaller_copy_is_a_near_duplicate_of_the_first() -> None:
    buffer = io.BytesIO()
    picture(1).resize((120, 120)).save(buffer, "JPEG", quality=50)
    copy = Image.open(buffer)
    hashes = [perceptual_hash(image) for image in (picture(1), picture(2), copy)]
    assert nearest_earlier(hashes) == [None, None, 0]


def test_a_copy_of_a_copy_points_to_the_kept_picture() -> None:
    hashes = ["0000000000000000", "0000000000000001", "0000000000000003"]
    assert nearest_earlier(hashes, threshold=2) == [None, 0, 0]


def test_distance_above_the_threshold_keeps_both() -> None:
    assert nearest_earlier(["0000000000000000", "00000000000001ff"], threshold=8) == [None, None]


def test_no_pictures_have_no_duplicates() -> None:
    assert nearest_earlier([]) == []
