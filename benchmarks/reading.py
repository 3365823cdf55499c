"""How long reading takes with and without comparing files with their seals.

    python -m benchmarks.reading --covers 500 --rows 5000 --rounds 7
    python -m benchmarks.reading --covers 394 --pictures FOLDER

The same covers and rows as sealed files and as the plain Parquet files that were written before,
read in turns; medians of the processor's seconds. Drawn covers with grain, which compress badly,
unless a folder of JPEGs is given.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from PIL import Image, ImageOps

from kpop_assets.covers.tensors import read_resized, write_cover_tensors
from kpop_assets.sample_world.artwork import CoverDesign, draw_cover
from kpop_assets.store.tables import read_table, write_table


def covers(count: int, pictures: Path | None) -> Iterator[tuple[str, np.ndarray]]:
    """Yield covers of 512 pixels: the pictures in turns, or drawn ones with a grain each."""
    if pictures is not None:
        files = sorted(pictures.rglob("*.jpg"))
        for number in range(count):
            with Image.open(files[number % len(files)]) as picture:
                cover = ImageOps.fit(picture.convert("RGB"), (512, 512), Image.Resampling.LANCZOS)
            yield f"{number:064x}", np.asarray(cover)
        return
    designs = [CoverDesign(number, "general", "ACT", f"No. {number}") for number in range(20)]
    drawn = [np.asarray(draw_cover(design, 512)) for design in designs]
    grain = np.random.default_rng(0)
    for number in range(count):
        noise = grain.integers(0, 3, (512, 512, 3), dtype=np.uint8)
        yield f"{number:064x}", drawn[number % len(drawn)] // 2 + noise


def rows(count: int) -> pd.DataFrame:
    """Return a table like that of crawled covers."""
    names = [f"{number * 2654435761:064x}" for number in range(count)]
    return pd.DataFrame(
        {
            "hash": names,
            "path": [f"pictures/{name[:2]}/{name}.jpg" for name in names],
            "width": np.arange(count) % 1000,
            "image_address": [f"https://example.org/{name}.jpg" for name in names],
            "fetched_at": pd.Timestamp("2024-01-01", tz="UTC"),
        }
    )


def plainly_resized(path: Path) -> None:
    """Read a plain tensor file as it was read before: without looking at a seal or checksum."""
    with path.open("rb") as file:
        parquet = pq.ParquetFile(file, buffer_size=2**16, pre_buffer=False)
        for batch in parquet.iter_batches(4, columns=["hash", "pixels"]):
            for cover in batch.column("pixels").to_numpy_ndarray():
                np.asarray(Image.fromarray(cover).resize((64, 64), Image.Resampling.LANCZOS))


def sealed_resized(path: Path) -> None:
    """Read a sealed tensor file."""
    with path.open("rb") as file:
        read_resized(file, 64)


def seconds(read: Callable[[], object]) -> float:
    """Return the processor's seconds of a reading."""
    began = time.process_time()
    read()
    return time.process_time() - began


def main() -> None:
    """Write both kinds, read them in turns and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--covers", type=int, default=500)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--pictures", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with (folder / "sealed").open("wb") as file:
            write_cover_tensors(covers(chosen.covers, chosen.pictures), file, 512, "sample")
        with (
            pq.ParquetFile(folder / "sealed") as sealed,
            pq.ParquetWriter(
                folder / "plain",
                sealed.schema_arrow,
                compression="zstd",
                use_dictionary=False,
                write_statistics=False,
            ) as writer,
        ):
            for group in range(sealed.num_row_groups):
                writer.write_table(sealed.read_row_group(group))
        with (folder / "sealed table").open("wb") as file:
            write_table(file, rows(chosen.rows), "crawled_covers")
        rows(chosen.rows).to_parquet(folder / "plain table", index=False)
        megabytes = (folder / "sealed").stat().st_size / 1e6
        print(f"tensors of {chosen.covers} covers: {megabytes:.0f} MB")
        readings: dict[str, Callable[[], object]] = {
            "tensors, before": lambda: plainly_resized(folder / "plain"),
            "tensors, sealed": lambda: sealed_resized(folder / "sealed"),
            "table, before": lambda: pd.read_parquet(folder / "plain table"),
            "table, sealed": lambda: read_table(folder / "sealed table", "crawled_covers"),
        }
        taken: dict[str, list[float]] = {name: [] for name in readings}
        for _ in range(chosen.rounds):
            for name, read in readings.items():
                taken[name].append(seconds(read))
    for name, found in taken.items():
        print(f"{name}: {statistics.median(found) * 1000:,.1f} ms")


if __name__ == "__main__":
    main()
