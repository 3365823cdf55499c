"""Plain and minimal covers: which are one picture, and which are not."""

import io
from itertools import combinations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from kpop_assets.covers.curating.duplicates import nearest_among, representatives
from kpop_assets.covers.curating.fingerprint import perceptual_hash
from kpop_assets.covers.curating.looks import (
    FAINTEST,
    GROUND_LEVELS,
    MOST_DIFFERENT,
    MOST_WITH_ONE_HASH,
    KnownLooks,
    Look,
    look_of,
)

SIDE = 600
Colour = tuple[int, int, int]
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
RED, BLUE = (220, 20, 20), (20, 20, 220)


def plain(colour: Colour) -> Image.Image:
    return Image.new("RGB", (SIDE, SIDE), colour)


def square(ground: Colour, colour: Colour, side: int) -> Image.Image:
    picture, start = plain(ground), (SIDE - side) // 2
    box = (start, start, start + side, start + side)
    ImageDraw.Draw(picture).rectangle(box, fill=colour)
    return picture


def lettered(ground: Colour, colour: Colour, words: str, size: int = 40) -> Image.Image:
    picture = plain(ground)
    font = ImageFont.load_default(size)
    ImageDraw.Draw(picture).text((150, 280), words, fill=colour, font=font)
    return picture


def gradient(left: Colour, right: Colour) -> Image.Image:
    across = np.linspace(0, 1, SIDE)[None, :, None]
    levels = np.array(left) * (1 - across) + np.array(right) * across
    return Image.fromarray(np.broadcast_to(levels, (SIDE, SIDE, 3)).round().astype(np.uint8))


MINIMAL = {
    "red": plain((200, 30, 30)),
    "blue": plain((30, 30, 200)),
    "black": plain(BLACK),
    "nearly black, reddish": plain((20, 0, 0)),
    "nearly black, bluish": plain((0, 0, 20)),
    "grey": plain((128, 128, 128)),
    "darker grey": plain((110, 110, 110)),
    "white": plain(WHITE),
    "red to blue": gradient((255, 0, 0), (0, 0, 255)),
    "red to yellow": gradient((255, 0, 0), (255, 255, 0)),
    "black to white": gradient(BLACK, WHITE),
    "dark to light grey": gradient((50, 50, 50), (205, 205, 205)),
    "red logo on white": square(WHITE, RED, 60),
    "blue logo on white": square(WHITE, BLUE, 60),
    "small red logo on white": square(WHITE, RED, 24),
    "small blue logo on white": square(WHITE, BLUE, 24),
    "white square on red": square((200, 30, 30), WHITE, 300),
    "white square on blue": square((30, 30, 200), WHITE, 300),
    "a title on white": lettered(WHITE, BLACK, "EVERGREEN"),
    "another title on white": lettered(WHITE, BLACK, "MIDNIGHT"),
    "a red title on white": lettered(WHITE, (200, 0, 0), "EVERGREEN"),
    "a thin title": lettered((250, 250, 250), (200, 200, 200), "EVERGREEN", 20),
    "a title on black": lettered((25, 5, 5), (60, 30, 30), "EVERGREEN"),
}


def recompressed(picture: Image.Image, quality: int) -> Image.Image:
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=quality)
    return Image.open(jpeg).convert("RGB")


def cut(picture: Image.Image, *edges: int) -> Image.Image:
    left, top, right, bottom = edges
    return picture.crop((left, top, picture.width - right, picture.height - bottom))


COPIES = {
    "JPEG 60": lambda picture: recompressed(picture, 60),
    "JPEG 30": lambda picture: recompressed(picture, 30),
    "half the size": lambda picture: recompressed(picture.resize((300, 300)), 75),
    "a thumbnail": lambda picture: recompressed(picture.resize((200, 200)), 80),
    "larger": lambda picture: recompressed(picture.resize((1000, 1000)), 85),
    "cut all around": lambda picture: recompressed(cut(picture, 9, 9, 9, 9), 85),
    "cut at two edges": lambda picture: recompressed(cut(picture, 0, 0, 18, 18), 85),
}


def groups(pictures: list[Image.Image]) -> list[int]:
    hashes = [perceptual_hash(picture) for picture in pictures]
    return representatives(hashes, looks=[look_of(picture) for picture in pictures])


def test_minimal_covers_of_other_colours_or_shapes_are_pictures_of_their_own() -> None:
    names, found = list(MINIMAL), groups(list(MINIMAL.values()))
    joined = {names[i]: names[first] for i, first in enumerate(found) if first != i}
    assert joined == {}


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_of_a_minimal_cover_joins_it(copy: str) -> None:
    covers = list(MINIMAL.values())
    found = groups([*covers, *(COPIES[copy](cover) for cover in covers)])
    assert found[len(covers) :] == list(range(len(covers)))


def test_the_hash_alone_would_take_plain_covers_for_one_and_miss_copies() -> None:
    """Why there is a second opinion at all."""
    plain_ones = [perceptual_hash(MINIMAL[name]) for name in ("red", "blue", "grey")]
    assert representatives(plain_ones) == [0, 0, 0]
    cover = MINIMAL["white square on red"]
    hashes = [perceptual_hash(one) for one in (cover, COPIES["JPEG 30"](cover))]
    assert representatives(hashes) == [0, 1]


def test_a_picture_with_detail_has_no_look_and_its_hash_decides() -> None:
    tiles = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    assert look_of(Image.fromarray(tiles).resize((SIDE, SIDE))) is None
    hashes = ["0" * 16, "0" * 16]
    assert representatives(hashes, looks=[None, None]) == [0, 0]
    look = look_of(MINIMAL["red"])
    assert representatives(hashes, looks=[None, look]) == [0, 0]
    assert representatives(hashes, looks=[look, None]) == [0, 0]


def test_a_general_picture_repeats_the_chart_cover_of_its_look() -> None:
    chart = [MINIMAL["red"], MINIMAL["blue"]]
    general = [recompressed(MINIMAL["blue"], 50), MINIMAL["grey"]]
    hashes = [[perceptual_hash(one) for one in some] for some in (general, chart)]
    looks = [[look_of(one) for one in some] for some in (general, chart)]
    found = nearest_among(*hashes, looks=looks[0], other_looks=looks[1])
    assert found == [1, None]


def test_two_looks_are_alike_both_ways() -> None:
    for one, other in combinations(list(MINIMAL.values())[:12], 2):
        found = []
        for first, second in ((one, other), (other, one)):
            known = KnownLooks(1, 8)
            known.add(7, look_of(first), np.uint64(0))  # type: ignore[arg-type]
            found.append(known.nearest(look_of(second), np.uint64(0)))  # type: ignore[arg-type]
        assert found == [None, None]


def logos(count: int) -> list[Look]:
    """Looks of small pictures on few grounds, of which every third is a copy of another."""
    random = np.random.default_rng(0)
    pictures: list[Image.Image] = []
    for number in range(count):
        if number % 3 == 2:
            copied = pictures[int(random.integers(len(pictures)))]
            pictures.append(recompressed(copied, int(random.integers(20, 95))))
            continue
        picture = Image.new("RGB", (64, 64), (WHITE, BLACK, RED)[int(random.integers(3))])
        logo = Image.fromarray(random.integers(0, 256, (3, 3, 3), dtype=np.uint8))
        left, top = random.integers(20, 24, 2).tolist()
        picture.paste(logo.resize((int(random.integers(3, 20)),) * 2), (left, top))
        pictures.append(picture)
    return [look for picture in pictures if (look := look_of(picture)) is not None]


def share_of_allowed(known: Look, asked: Look, *, hashes_agree: bool) -> float:
    """How far two looks are apart, 1 being just near enough: the definition."""

    def length(shape: np.ndarray) -> float:
        return float(np.sqrt(np.mean(np.square(shape, dtype=np.float64))))

    if np.abs(known.ground - asked.ground).max() > GROUND_LEVELS:
        return np.inf
    strength = max(length(known.shape), length(asked.shape), FAINTEST)
    allowed = (MOST_WITH_ONE_HASH if hashes_agree else MOST_DIFFERENT) * strength
    return min(length(known.shape - shape) for shape in asked.shapes()) / allowed


def test_of_many_looks_the_one_found_is_the_nearest_of_the_definition() -> None:
    looks = logos(150)
    codes = np.random.default_rng(1).integers(0, 2**6, len(looks), dtype=np.uint64)
    known = KnownLooks(len(looks), threshold=1)
    joined = 0
    for number, (look, code) in enumerate(zip(looks, codes, strict=True)):
        shares = [
            share_of_allowed(other, look, hashes_agree=(int(code) ^ int(before)).bit_count() <= 1)
            for other, before in zip(looks[:number], codes[:number], strict=True)
        ]
        found = known.nearest(look, code)
        best = min(shares, default=np.inf)
        assert (found is not None) == (best <= 1)
        if found is not None:
            joined += 1
            assert shares[found] == pytest.approx(best, abs=1e-4)
        known.add(number, look, code)
    assert 20 < joined < 140
