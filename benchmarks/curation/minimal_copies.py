"""How copies of plain and minimal covers are known, by hash alone and with looks beside it.

    python -m benchmarks.curation.minimal_copies --covers FOLDER [FOLDER ..]

Of all covers in the folders, taken as the catalog takes them, prints which join another by hash
alone and with looks (docs/duplicates.md), and which of these differ. Then, of the covers that have
a look, the share of altered copies that join the cover they were made of, either way, and how many
of the covers recoloured by a turn of their hues are taken for it.
"""

import argparse
import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from kpop_assets.covers.curating.duplicates import representatives
from kpop_assets.covers.curating.fingerprint import perceptual_hash
from kpop_assets.covers.curating.looks import SEEN_PIXELS, Look, look_of
from kpop_assets.covers.decode import UnreadablePictureError, decoded_cover, stored_jpeg

Picture = Image.Image


def covers_in(folders: list[Path]) -> dict[str, Picture]:
    """Return the covers of the folders as they lie in a store, by name, without broken ones."""
    covers = {}
    for path in sorted(path for folder in folders for path in folder.iterdir() if path.is_file()):
        try:
            cover = decoded_cover(path.read_bytes())
        except UnreadablePictureError:
            continue
        covers[path.name] = Image.open(io.BytesIO(stored_jpeg(cover, "")))
    return covers


def look(picture: Picture) -> Look | None:
    """Return the look as the catalog takes it from a stored JPEG."""
    picture.draft("RGB", (SEEN_PIXELS, SEEN_PIXELS))
    return look_of(picture.convert("RGB"))


def jpeg(picture: Picture, quality: int) -> Picture:
    """Return the picture after JPEG."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


def cut(picture: Picture, left: float, top: float, right: float, bottom: float) -> Picture:
    """Return the picture without these shares of its sides."""
    width, height = picture.size
    box = (left * width, top * height, width - right * width, height - bottom * height)
    return picture.crop(tuple(round(edge) for edge in box))  # type: ignore[arg-type]


def turned_hues(picture: Picture) -> Picture:
    """Return the picture with all hues turned by a third of the circle."""
    hue, saturation, value = picture.convert("HSV").split()
    turned = hue.point([(level + 85) % 256 for level in range(256)])
    return Image.merge("HSV", (turned, saturation, value)).convert("RGB")


COPIES: dict[str, Callable[[Picture], Picture]] = {
    "JPEG 90": lambda picture: jpeg(picture, 90),
    "JPEG 60": lambda picture: jpeg(picture, 60),
    "JPEG 30": lambda picture: jpeg(picture, 30),
    "half the size, JPEG 75": lambda picture: jpeg(picture.reduce(2), 75),
    "200 px, JPEG 80": lambda picture: jpeg(picture.resize((200, 200)), 80),
    "2 % cut around, JPEG 85": lambda picture: jpeg(cut(picture, *[0.01] * 4), 85),
    "4 % cut around, JPEG 85": lambda picture: jpeg(cut(picture, *[0.02] * 4), 85),
    "3 % cut at two edges, JPEG 85": lambda picture: jpeg(cut(picture, 0, 0, 0.03, 0.03), 85),
    "hues turned (another cover)": lambda picture: jpeg(turned_hues(picture), 95),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--covers", type=Path, nargs="+", required=True)
    covers = covers_in(parser.parse_args().covers)
    names = list(covers)
    hashes = [perceptual_hash(cover.convert("RGB")) for cover in covers.values()]
    pictures = {name: cover.convert("RGB") for name, cover in covers.items()}
    looks = [look(jpeg(picture, 95)) for picture in pictures.values()]
    alone, beside = representatives(hashes), representatives(hashes, looks=looks)
    joined = [sum(k != found for k, found in enumerate(one)) for one in (alone, beside)]
    print(f"{len(names)} covers, {sum(one is not None for one in looks)} with a look")
    print(f"join another: {joined[0]} by hash alone, {joined[1]} with looks")
    for index, (before, now) in enumerate(zip(alone, beside, strict=True)):
        if before != now:
            print(f"  {names[index]}: {names[before]} by hash, {names[now]} with looks")
    minimal = [index for index, one in enumerate(looks) if one is not None]
    for title, alter in COPIES.items():
        known = [0, 0]
        for index in minimal:
            copy = alter(pictures[names[index]])
            seen = look(copy)
            both = [hashes[index], perceptual_hash(copy.convert("RGB"))]
            known[0] += representatives(both) == [0, 0]
            known[1] += representatives(both, looks=[looks[index], seen]) == [0, 0]
        shares = [count / len(minimal) for count in known]
        print(f"{title:32} {shares[0]:7.1%} by hash alone {shares[1]:7.1%} with looks")


if __name__ == "__main__":
    main()
