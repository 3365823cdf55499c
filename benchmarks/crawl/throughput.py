"""The general crawl beside plain icrawler and a plain loop over requests, on one loopback site.

    python benchmarks/crawl/throughput.py                     # 400 and 5,000 pictures, 5 rounds
    python benchmarks/crawl/throughput.py --pictures 400 --latency-ms 50  # as on the real web

The site runs in a process of its own, speaks Bing's format and holds distinct JPEGs of about 20 kB.
Each crawl runs in a fresh process; the crawls take turns. Printed are medians of covers per second
(from the first request to the last file, imports left out) and of the peak of memory, that of the
processes which decode included. `--beside CHECKOUT` measures ours in another checkout as well,
`--only ours "ours, folder"` leaves the others out.

* plain icrawler: BingImageCrawler with its defaults, its own downloader into a folder;
* plain loop: one requests session, page after page, picture after picture, into files;
* the loop and our work on each picture: the same, with what ours does to store a picture;
* ours, download only: search and fetch, the bytes are dropped;
* ours: search, fetch, decode, re-encode, hash, store, table;
* ours, folder: the asset folder_covers on a folder of the same pictures.
"""

from __future__ import annotations

import argparse
import html
import importlib
import json
import multiprocessing
import os
import platform
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote_plus

import requests
from loopback_site import PAGE, Loopback, keywords, picture, serve

HERE = Path(__file__).resolve().parents[2]


def plain_icrawler(address: str, pictures: int, folder: Path) -> int:
    """BingImageCrawler as its documentation shows it."""
    import logging

    from icrawler.builtin import BingImageCrawler

    words, each = keywords(pictures)
    for keyword in words:
        crawler = BingImageCrawler(storage={"root_dir": str(folder)}, log_level=logging.CRITICAL)
        crawler.session.mount("https://", Loopback(address))
        crawler.crawl(keyword, max_num=each, file_idx_offset="auto")
    return len(list(folder.iterdir()))


def looped(address: str, pictures: int, keep: Callable[[int, bytes], object]) -> int:
    """One request after the other."""
    session = requests.Session()
    session.mount("https://", Loopback(address))
    words, each = keywords(pictures)
    count = 0
    for keyword in words:
        for first in range(0, each, PAGE):
            page = f"https://www.bing.com/images/async?q={quote_plus(keyword)}&first={first}"
            text = html.unescape(session.get(page, timeout=10).text)
            for murl in re.findall(r'"murl":"([^"]+)"', text):
                keep(count, session.get(murl, timeout=10).content)
                count += 1
    return count


def plain_loop(address: str, pictures: int, folder: Path) -> int:
    """The loop, into files."""
    return looped(
        address, pictures, lambda number, content: (folder / f"{number}.jpg").write_bytes(content)
    )


def loop_and_our_work(address: str, pictures: int, folder: Path) -> int:
    """The loop, with what ours does to store a picture."""
    from kpop_assets.harvest.pictures import stored_picture
    from kpop_assets.store.artifacts import Store

    store = Store(folder)
    return looped(address, pictures, lambda _, content: stored_picture(store, content, "sample"))


def ours_download_only(address: str, pictures: int, _folder: Path) -> int:
    """Search and fetch."""
    from kpop_assets.sites.http.session import SiteSession
    from kpop_assets.sites.search.image_search import PictureFetcher, crawl_pictures

    words, each = keywords(pictures)
    fetcher = PictureFetcher(SiteSession.sample(address), len)
    searches = crawl_pictures(fetcher, words, ["bing"], max_per_keyword={"bing": each})
    return sum(len(search.found) for search in searches)


def ours(address: str, pictures: int, folder: Path) -> int:
    """All that the asset does but its report to Dagster."""
    from kpop_assets.harvest.crawl_merge import EarlierCrawls
    from kpop_assets.harvest.general_crawl import GeneralCrawl
    from kpop_assets.sites.http.session import SiteSession
    from kpop_assets.store.artifacts import Store
    from kpop_assets.store.files import atomic_file

    words, each = keywords(pictures)
    store = Store(folder)
    crawl = GeneralCrawl(
        SiteSession.sample(address), store, EarlierCrawls(None, store), datetime.now(UTC), 300, id
    )
    crawl.search(words, {"bing": each})
    table = crawl.merged()
    with atomic_file(store.table("crawled_covers")) as file:
        table.to_parquet(file, index=False)
    return len(table)


def ours_folder(folder_of_covers: str, _pictures: int, folder: Path) -> int:
    """A folder of one's own pictures, as the asset reads it."""
    import dagster as dg

    from kpop_assets.covers.folder import CoversFolder
    from kpop_assets.definitions import definitions
    from kpop_assets.defs.own_pictures.folder_covers import folder_covers_asset
    from kpop_assets.settings import Settings

    settings = Settings(sites="sample", covers_dir=Path(folder_of_covers), store=folder)
    done = dg.materialize(
        [folder_covers_asset(CoversFolder(Path(folder_of_covers)))],
        resources=definitions(settings).resources,
    )
    [event] = done.asset_materializations_for_node("folder_covers")
    return sum(event.metadata["artist_types"].value.values())


def fill_folder(folder: Path, pictures: int) -> None:
    """Write the pictures and their covers.csv."""
    names = [f"{number}.jpg" for number in range(pictures)]
    for number, name in enumerate(names):
        (folder / name).write_bytes(picture(number))
    lines = ["file,artist_type", *(f"{name}," for name in names)]
    (folder / "covers.csv").write_text("\n".join(lines))


FOLDER = "ours, folder"
CRAWLS: dict[str, Callable[[str, int, Path], int]] = {
    "plain icrawler": plain_icrawler,
    "plain loop": plain_loop,
    "loop and our work": loop_and_our_work,
    "ours, download only": ours_download_only,
    "ours": ours,
    FOLDER: ours_folder,
}
IMPORTED = {
    "plain icrawler": ["icrawler.builtin"],
    "loop and our work": ["kpop_assets.harvest.pictures", "scipy.fftpack"],
    "ours, download only": ["kpop_assets.sites.search.image_crawler"],
    "ours": [
        "kpop_assets.harvest.general_crawl",
        "kpop_assets.sites.search.image_crawler",
        "scipy.fftpack",
        "pyarrow.parquet",
    ],
    FOLDER: ["kpop_assets.definitions", "kpop_assets.harvest.pictures", "scipy.fftpack", "pandas"],
}


def measured(name: str, address: str, pictures: int) -> dict[str, float]:
    """Crawl in this process; returns covers, seconds and the peak of memory in MB."""
    for module in IMPORTED.get(name, []):
        importlib.import_module(module)
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        covers = CRAWLS[name](address, pictures, Path(folder))
        seconds = time.perf_counter() - begin
    return {"covers": covers, "seconds": seconds}


def in_a_process(name: str, address: str, pictures: int, checkout: Path) -> dict[str, float]:
    """Measure in a fresh process; returns covers, seconds and the peak of memory in MB."""
    command = [sys.executable, __file__, "--crawl", name, address, str(pictures)]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as trouble:
        crawl = subprocess.Popen(
            command, stdout=out, stderr=trouble, cwd=checkout, env=environment, text=True
        )
        peak = 0
        while crawl.poll() is None:
            peak = max(peak, memory_of(crawl.pid))
            time.sleep(0.1)
        out.seek(0)
        trouble.seek(0)
        if crawl.returncode:
            raise SystemExit(f"expected {name} to end well, but:\n{trouble.read()[-2000:]}")
        return {**json.loads(out.read().splitlines()[-1]), "peak_mb": peak / 1e6}


def memory_of(process: int) -> int:
    """Bytes that a process and those it started hold; shared ones are counted once for each."""
    resident = 0
    children: dict[int, list[int]] = {}
    pages: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        try:
            number = int(entry.name)
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (ValueError, OSError):
            continue
        children.setdefault(int(fields[1]), []).append(number)
        pages[number] = int(fields[21])
    waiting = [process]
    while waiting:
        number = waiting.pop()
        resident += pages.get(number, 0) * resource.getpagesize()
        waiting += children.get(number, [])
    return resident


def compared(
    pictures: int, rounds: int, latency_ms: float, only: list[str], beside: Path | None
) -> None:
    """Print the table of one number of pictures."""
    contenders = {name: (name, HERE) for name in CRAWLS if name in only}
    if beside:
        contenders |= {
            f"{name}, beside": (name, beside.resolve()) for name in only if name.startswith("ours")
        }
    covers_folder = tempfile.TemporaryDirectory()
    if FOLDER in only:
        fill_folder(Path(covers_folder.name), pictures)
    receiver, sender = multiprocessing.Pipe(duplex=False)
    served = (pictures, latency_ms / 1000, sender)
    site = multiprocessing.Process(target=serve, args=served, daemon=True)
    site.start()
    port, mean_bytes = receiver.recv()
    address = f"http://127.0.0.1:{port}"
    results: dict[str, list[dict[str, float]]] = {name: [] for name in contenders}
    for number in range(rounds):
        for name in random.Random(number).sample(list(contenders), len(contenders)):
            crawl, checkout = contenders[name]
            target = covers_folder.name if crawl == FOLDER else address
            results[name].append(in_a_process(crawl, target, pictures, checkout))
            print(f"round {number + 1}, {name}: {results[name][-1]}", file=sys.stderr, flush=True)
    site.terminate()
    covers_folder.cleanup()
    print(
        f"\n{pictures} pictures of {mean_bytes / 1000:.0f} kB, {latency_ms:g} ms away, "
        f"medians of {rounds} rounds\n"
    )
    print(f"{'':22}{'covers':>8}{'seconds':>10}{'covers/s':>10}{'range':>15}{'peak MB':>9}{'':4}")
    rates = {n: [r["covers"] / r["seconds"] for r in rs] for n, rs in results.items()}
    for name, runs in results.items():
        rate = statistics.median(rates[name])
        spread = f"{min(rates[name]):.0f} to {max(rates[name]):.0f}"
        seconds = statistics.median(run["seconds"] for run in runs)
        peak = statistics.median(run["peak_mb"] for run in runs)
        covers = min(run["covers"] for run in runs)
        ours_in_turns = FOLDER if name.startswith(FOLDER) else "ours"
        words = ""
        if ours_in_turns in rates:
            ratio = statistics.median(rates[ours_in_turns]) / rate
            words = f"   {ours_in_turns} is {ratio:.2f} times as fast"
        print(f"{name:22}{covers:8.0f}{seconds:10.1f}{rate:10.1f}{spread:>15}{peak:9.0f}{words}")


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, nargs="+", default=[400, 5000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=list(CRAWLS), default=list(CRAWLS))
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT")
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument("--crawl", nargs=3, metavar=("NAME", "ADDRESS", "PICTURES"))
    asked = parser.parse_args()
    if asked.crawl:
        name, address, pictures = asked.crawl
        print(json.dumps(measured(name, address, int(pictures))))
        return
    print(f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    for pictures in asked.pictures:
        compared(pictures, asked.rounds, asked.latency_ms, asked.only, asked.beside)


if __name__ == "__main__":
    main()
