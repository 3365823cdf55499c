"""Hostile pictures are decoded in processes of their own: each costs itself alone."""

import io
import os
import signal
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kpop_assets.covers.curating.fingerprint import perceptual_hash
from kpop_assets.covers.decode import UnreadablePictureError, clean_picture, decoded_cover
from kpop_assets.covers.decoding.pool import DecodingPool, pool
from kpop_assets_tests.covers.decoding.profiles import slow_profile
from kpop_assets_tests.covers.decoding.test_decode import encoded, two_halves

GOOD = encoded(two_halves(), "PNG")


def many_scans(scans: int = 3000) -> bytes:
    jpeg = encoded(Image.new("L", (400, 400), 128), "JPEG", progressive=True)
    last_scan = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    return jpeg[:-2] + last_scan * scans + jpeg[-2:]


def as_multi_picture(jpeg: bytes) -> bytes:
    """The JPEG with the index of a file of two pictures, by which Pillow takes it for MPO."""
    entries = [(0xB000, 7, 4, b"0100"), (0xB001, 4, 1, struct.pack(">L", 2))]
    entries.append((0xB002, 7, 32, struct.pack(">L", 50)))
    index = b"MPF\0MM\0*\0\0\0\x08" + struct.pack(">H", 3)
    index += b"".join(struct.pack(">HHL", *entry[:3]) + entry[3] for entry in entries) + bytes(4)
    index += struct.pack(">LLLHH", 0x20030000, 1000, 0, 0, 0) + struct.pack(">LLLHH", 0, 9, 0, 0, 0)
    return jpeg[:2] + b"\xff\xe2" + struct.pack(">H", len(index) + 2) + index + jpeg[2:]


def as_tiff(jpeg: bytes) -> bytes:
    """The JPEG as the only strip of a TIFF."""
    tags = {
        256: 400, 257: 400, 258: 8, 259: 7, 262: 1, 273: 8, 277: 1, 278: 400, 279: len(jpeg),
    }  # fmt: skip
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    head = b"II*\0" + struct.pack("<I", 8 + len(jpeg))
    return head + jpeg + struct.pack("<H", len(tags)) + body + bytes(4)


def slow_tiff() -> bytes:
    """A TIFF of which thousands of tags each claim megabytes."""
    filling = bytes(4_000_000)
    entry = struct.pack("<HHII", 700, 1, len(filling), 8)
    head = b"II*\0" + struct.pack("<I", 8 + len(filling))
    return head + filling + struct.pack("<H", 60_000) + entry * 60_000 + bytes(4)


@pytest.mark.parametrize("dressed", [as_multi_picture, as_tiff])
def test_the_limit_of_scans_holds_for_a_jpeg_in_another_dress(dressed: object) -> None:
    assert callable(dressed)
    assert decoded_cover(dressed(many_scans(20))).size == (400, 400)
    with pytest.raises(UnreadablePictureError, match=r"it has 3,0\d\d scans"):
        decoded_cover(dressed(many_scans()))


def test_two_bytes_that_look_like_a_scan_in_a_thumbnail_count_for_nothing() -> None:
    content = encoded(two_halves(), "JPEG", exif=b"Exif\0\0" + b"\xff\xda" * 5000)
    assert decoded_cover(content).size == (40, 20)


def test_a_picture_that_takes_too_long_is_refused_and_its_neighbours_are_not() -> None:
    def outcome(content: bytes) -> str:
        try:
            return str(decoded_cover(content).size)
        except UnreadablePictureError as error:
            return error.reason

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(outcome, [GOOD] * 5 + [slow_tiff()] + [GOOD] * 20))
    assert outcomes[5] == "decoding it takes more than 1.5 s of processor time"
    assert {*outcomes[:5], *outcomes[6:]} == {"(40, 20)"}


@pytest.mark.parametrize(
    ("work", "ending"),
    [
        ("while True: pass", -signal.SIGPROF),
        ("np.ones((3000, 3000)).dot(np.ones((3000, 3000))).sum(); import hashlib\n"
         " while True: hashlib.sha256(bytes(10**6))", -signal.SIGPROF),
    ],
)  # fmt: skip
def test_a_process_ends_after_its_seconds_even_inside_a_library(work: str, ending: int) -> None:
    script = f"""import numpy as np
from kpop_assets.covers.decoding.limits import Limits, held_to
with held_to(Limits(memory=2**30, seconds=0.3)):
 {work}"""
    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=60)
    assert done.returncode == ending


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory")
def test_a_process_gets_no_more_memory_than_it_may_have() -> None:
    script = """from kpop_assets.covers.decoding.limits import Limits, held_to
with held_to(Limits(memory=2**26, seconds=10)):
    try: bytearray(2**27)
    except MemoryError: print("refused")
print(len(bytearray(2**27)))"""
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    assert done.stdout.split() == [b"refused", str(2**27).encode()]


def test_pictures_larger_than_the_memory_for_all_are_decoded_one_by_one() -> None:
    small = DecodingPool(processes=3, memory=1)
    with ThreadPoolExecutor(6) as threads:
        sizes = list(threads.map(lambda _: small.ask("pixels", GOOD).size, range(12)))
    small.close()
    assert sizes == [(40, 20)] * 12


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_eight_small_files_of_forty_megapixels_stay_within_the_memory_for_all() -> None:
    bomb = encoded(Image.new("RGBA", (16_383, 2441), (1, 2, 3, 4)), "WEBP", lossless=True, method=0)
    assert len(bomb) < 100
    wide = DecodingPool(processes=8)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: wide.ask("stored", bomb).size, range(8)))
    status = [Path(f"/proc/{each}/status").read_text() for each in wide.process_ids()]
    wide.close()
    assert answers == [(16_383, 2441)] * 8
    now = [int(text.split("VmRSS:")[1].split()[0]) for text in status]
    peaks = [int(text.split("VmHWM:")[1].split()[0]) for text in status]
    assert sum(now) < 600_000
    assert max(peaks) + sum(now) < 1_500_000


def test_a_process_that_was_killed_while_it_was_idle_costs_no_picture() -> None:
    decoded_cover(GOOD)
    killed = pool().process_ids()
    for process in killed:
        os.kill(process, signal.SIGKILL)
    time.sleep(0.1)
    assert decoded_cover(GOOD).size == (40, 20)
    assert not {*killed} & {*pool().process_ids()}


def test_a_profile_that_ends_the_decoder_costs_the_picture_nothing_but_its_profile() -> None:
    picture = Image.new("RGB", (24, 16), (60, 150, 80))
    cover = decoded_cover(encoded(picture, "PNG", icc_profile=slow_profile()))
    assert cover.getpixel((3, 3)) == (60, 150, 80)


SCRIPT = """import sys, time
from kpop_assets.covers.decode import decoded_cover
from kpop_assets.covers.decoding.pool import pool
print(decoded_cover(bytes.fromhex(sys.argv[1])).size, *pool().process_ids(), flush=True)
time.sleep(float(sys.argv[2]))
"""


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{process}/stat").read_text().split()[2] == "Z"


def has_ended(process: int, within_s: float = 10) -> bool:
    until = time.monotonic() + within_s
    while not is_gone(process) and time.monotonic() < until:
        time.sleep(0.05)
    return is_gone(process)


def test_a_plain_script_decodes_and_leaves_no_process_behind() -> None:
    command = [sys.executable, "-c", SCRIPT, GOOD.hex(), "0"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    *size, process = done.stdout.split()
    assert size == ["(40,", "20)"]
    assert has_ended(int(process))
    assert not done.stderr


def test_the_decoders_end_when_the_process_that_uses_them_is_killed() -> None:
    command = [sys.executable, "-c", SCRIPT, GOOD.hex(), "100"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as user:
        assert user.stdout is not None
        process = int(user.stdout.readline().split()[-1])
        assert not is_gone(process)
        user.kill()
    assert has_ended(process)


def test_a_forked_process_has_decoders_of_its_own() -> None:
    decoded_cover(GOOD)
    forked = os.fork()
    if forked == 0:
        is_right = decoded_cover(GOOD).size == (40, 20)
        pool().close()
        os._exit(0 if is_right else 1)
    _, status = os.waitpid(forked, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert decoded_cover(GOOD).size == (40, 20)


def test_a_clean_picture_is_the_decoded_one_with_its_hash() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (9, 9, 3), dtype=np.uint8)
    received = encoded(Image.fromarray(noise).resize((300, 200)), "PNG")
    clean, cover = clean_picture(received, "sample"), decoded_cover(received)
    assert (clean.width, clean.height) == cover.size == (300, 200)
    assert perceptual_hash(clean.small_grey) == perceptual_hash(cover)
    stored = Image.open(io.BytesIO(clean.jpeg))
    assert stored.info["comment"] == b"sample"
    assert np.abs(np.asarray(stored).astype(int) - np.asarray(cover)).mean() < 2
