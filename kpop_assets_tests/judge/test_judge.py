"""The judge and its copy detector on drawn covers, with the published network."""

import io

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from kpop_assets.judge.copies import COPY_DISTANCE, CopyDetector, appearances, layouts
from kpop_assets.judge.judge import FEATURE_SIZE, CoverJudge
from kpop_assets.models.networks.dcgan_networks import build_generator
from kpop_assets.pretrained.mobilenet_v2 import pooled_mobilenet_v2
from kpop_assets.pretrained.pooled_features import pooled_features
from kpop_assets_tests.conftest import drawn_cover

SIZE = 64


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    return np.stack([np.asarray(drawn_cover(seed, (SIZE, SIZE))) for seed in range(24)])


@pytest.fixture(scope="module")
def judge(drawn):
    return CoverJudge(drawn[:16], samples=12, seed=3)


@pytest.fixture(scope="module")
def generator():
    return build_generator(SIZE, 5, 4, seed=1)


def altered(pictures: np.ndarray, how) -> np.ndarray:
    return np.stack([np.asarray(how(Image.fromarray(picture))) for picture in pictures])


def encoded(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=75)
    return Image.open(buffer)


def cropped(image: Image.Image) -> Image.Image:
    side = image.width
    box = (0.025 * side, 0.025 * side, 0.975 * side, 0.975 * side)
    return image.resize(image.size, Image.Resampling.BICUBIC, box=box)


@pytest.mark.parametrize(
    "how",
    [
        encoded,
        cropped,
        lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        lambda image: image.filter(ImageFilter.GaussianBlur(1)),
        lambda image: ImageEnhance.Color(ImageEnhance.Brightness(image).enhance(1.1)).enhance(0.85),
        lambda image: Image.fromarray(np.roll(np.asarray(image), 2, axis=1)),
        lambda image: image.resize((32, 32), Image.Resampling.LANCZOS).resize(image.size),
    ],
    ids=["encoded", "cropped", "mirrored", "blurred", "recoloured", "shifted", "halved in size"],
)
def test_altered_covers_are_copies(judge, drawn, how):
    assert judge.evaluation(altered(drawn[:16], how)).quality.copies == 1.0


def test_other_covers_are_no_copies(judge, drawn):
    assert judge.evaluation(drawn[16:]).quality.copies == 0.0


def test_the_share_of_copies_is_that_among_the_samples(judge, drawn):
    assert judge.evaluation(drawn[12:20]).quality.copies == 0.5


def test_a_sample_is_as_far_from_the_covers_as_from_the_nearest_or_its_mirror_image(drawn):
    features = pooled_features(pooled_mobilenet_v2(FEATURE_SIZE), drawn, FEATURE_SIZE)
    mirrored = features[::-1]
    detector = CopyDetector(
        appearances(drawn[:2], features[:2]), appearances(drawn[:2, :, ::-1], mirrored[:2])
    )
    expected = min(
        np.linalg.norm(appearances(drawn[5:6], features[5:6]) - appearances(cover, of_cover))
        for cover, of_cover in [
            (drawn[:1], features[:1]),
            (drawn[1:2], features[1:2]),
            (drawn[:1, :, ::-1], mirrored[:1]),
            (drawn[1:2, :, ::-1], mirrored[1:2]),
        ]
    )
    assert detector.nearest(drawn[5:6], features[5:6]) == pytest.approx([expected])
    assert expected > COPY_DISTANCE


def test_a_layout_is_of_length_one_whatever_brightness_and_contrast(drawn):
    layout = layouts(drawn)
    np.testing.assert_allclose(np.linalg.norm(layout, axis=1), 1.0)
    darker = layouts((drawn // 4 * 2 + 10).astype(np.uint8))
    np.testing.assert_allclose(layout, darker, atol=0.01)


def test_the_layout_of_an_empty_picture_is_nothing():
    flat = np.full((2, SIZE, SIZE, 3), 200, np.uint8)
    assert not layouts(flat).any()
    flat[1, 8:16, 8:16] = 203
    assert 0 < np.linalg.norm(layouts(flat)[1]) < 0.2


def test_a_generator_gets_the_same_score_each_time(judge, generator, drawn):
    evaluation = judge(generator)
    assert judge(generator) == evaluation
    assert CoverJudge(drawn[:16], samples=12, seed=3)(generator) == evaluation
    assert CoverJudge(drawn[:16], samples=12, seed=4)(generator) != evaluation


def test_an_untrained_generator_has_collapsed_and_scores_worse_than_real_covers(
    judge, generator, drawn
):
    evaluation = judge(generator)
    assert evaluation.collapsed
    assert evaluation.score > judge.evaluation(drawn[16:]).score + 100
    assert judge.evaluation(drawn[16:]).quality.diversity == pytest.approx(1.0, abs=0.15)


def test_another_generator_gets_another_score(judge, generator):
    assert judge(build_generator(SIZE, 5, 4, seed=2)).score != judge(generator).score
