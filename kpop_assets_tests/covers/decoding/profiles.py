"""ICC profiles made for tests, of version 2: no profile of others is in the repository."""

import struct
from itertools import product

import numpy as np

D50 = (0.9642, 1.0, 0.8249)
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
"""XYZ of its three primaries, adapted to D50 (Adobe RGB (1998), 4.3.1)."""
ADOBE_GAMMA = 2.19921875


def _profile(space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, tag in tags.items():
        table += name + struct.pack(">II", start + len(data), len(tag))
        data += tag + bytes(-len(tag) % 4)
    head = struct.pack(
        ">I4sI4s4s4s", start + len(data), b"none", 0x02400000, b"mntr", space, connection
    )
    head += bytes(12) + b"acsp" + bytes(28) + _fixed(D50)
    return head.ljust(128, b"\0") + table + data


def _fixed(numbers: tuple[float, ...]) -> bytes:
    return struct.pack(f">{len(numbers)}i", *(round(number * 65536) for number in numbers))


def _xyz(numbers: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(numbers)


def _gamma(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))


def rgb_profile(primaries: tuple[tuple[float, ...], ...], gamma: float) -> bytes:
    """A profile of three primaries (XYZ under D50) and one gamma."""
    tags = {b"wtpt": _xyz(D50)}
    tags |= {
        name: _xyz(each) for name, each in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)
    }
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _gamma(gamma))
    return _profile(b"RGB ", b"XYZ ", tags)


def grey_profile(gamma: float) -> bytes:
    """A profile of grey with a gamma."""
    return _profile(b"GRAY", b"XYZ ", {b"wtpt": _xyz(D50), b"kTRC": _gamma(gamma)})


def cmyk_profile(lab_of_magenta: tuple[int, int, int]) -> bytes:
    """A profile of inks: paper is white, full magenta the colour (Lab, 8 bits), others black."""
    inks = {(0, 0, 0, 0): (255, 128, 128), (0, 1, 0, 0): lab_of_magenta}
    nodes = b"".join(bytes(inks.get(ink, (0, 128, 128))) for ink in product((0, 1), repeat=4))
    ramp = bytes(range(256))
    identity = _fixed(tuple(np.eye(3).ravel()))
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + identity + ramp * 4 + nodes + ramp * 3
    return _profile(b"CMYK", b"Lab ", {b"wtpt": _xyz(D50), b"A2B0": table})


def slow_profile(stages: int = 20_000) -> bytes:
    """A profile of so many steps that its conversion takes minutes."""
    step = b"matf\0\0\0\0" + struct.pack(">HH", 3, 3)
    step += struct.pack(">12f", 1, 0, 0, 0, 1, 0, 0, 0, 1, *(0.001, 0.0, 0.0))
    first = 16 + 8 * stages
    places = b"".join(
        struct.pack(">II", first + len(step) * each, len(step)) for each in range(stages)
    )
    steps = b"mpet\0\0\0\0" + struct.pack(">HHI", 3, 3, stages) + places + step * stages
    return _profile(b"RGB ", b"XYZ ", {b"wtpt": _xyz(D50), b"D2B1": steps})


def adobe_rgb(srgb: tuple[int, int, int]) -> tuple[int, int, int]:
    """The numbers that a colour of sRGB has in Adobe RGB, by the matrices alone."""
    srgb_primaries = (
        (0.43607, 0.22249, 0.01392),
        (0.38515, 0.71687, 0.09708),
        (0.14307, 0.06061, 0.71410),
    )
    levels = np.array(srgb) / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    xyz = np.array(srgb_primaries).T @ linear
    wide = np.linalg.solve(np.array(ADOBE_RGB).T, xyz).clip(0, 1) ** (1 / ADOBE_GAMMA)
    red, green, blue = (wide * 255).round().astype(int).tolist()
    return red, green, blue
