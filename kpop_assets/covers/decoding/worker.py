"""The process in which received pictures are decoded, one at a time, each within its limits.

It reads requests from its standard input until that ends, as it does when the process that started
it is gone. A request is a picture and what is wanted of it: its size, its pixels, or the bytes to
store. First the size is answered. A picture of more pixels than the request allows at once is
decoded when the other side says that there is room.
"""

import importlib
import os
import resource
import signal
import warnings
from collections.abc import Callable

from PIL import AvifImagePlugin, Image

from kpop_assets.covers.decoding.limits import MAX_BYTES, Limits, held_to
from kpop_assets.covers.decoding.messages import BrokenMessageError, Header, receive, send
from kpop_assets.covers.decoding.picture import received_picture, rgb_picture
from kpop_assets.covers.decoding.reencoded import hashed_grey, stored_jpeg
from kpop_assets.covers.unreadable import UnreadablePictureError

GIVEN, TAKEN = 0, 1
LONGEST_REASON = 300
DEEP = "kpop_assets.covers.decoding.levels"
"""Imported outside the limits, which its libraries would exceed, and only when it is needed."""


def main() -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(limit, (0, 0))
    try:
        send(TAKEN, {"ready": os.getpid()})
        while True:
            _answer(*receive(GIVEN, MAX_BYTES))
    except BrokenMessageError:
        return


def _answer(request: Header, content: bytearray) -> None:
    limits = Limits.of(len(content))
    try:
        with held_to(limits):
            received = received_picture(bytes(content))
        has_profile = bool(received.stripped.profile)
        send(TAKEN, {"size": received.size, "has_profile": has_profile})
        if request["wanted"] == "size":
            return
        if received.is_deep:
            importlib.import_module(DEEP)
        pixels = received.size[0] * received.size[1]
        if pixels > request["at_once"]:
            receive(GIVEN, 0)
        limits = Limits.of(len(content), pixels)
        with held_to(limits):
            image = rgb_picture(received, with_profile=request["with_profile"])
            body = WANTED[request["wanted"]](image, request)
        send(TAKEN, {"size": image.size}, body)
    except UnreadablePictureError as error:
        send(TAKEN, {"refused": error.reason[:LONGEST_REASON]})
    except MemoryError:
        send(TAKEN, {"refused": f"decoding it needs more than {limits.memory / 1e6:.0f} MB"})


def _pixels(image: Image.Image, _request: Header) -> bytes:
    return image.tobytes()


def _stored(image: Image.Image, request: Header) -> bytes:
    return stored_jpeg(image, request["comment"]) + hashed_grey(image)


WANTED: dict[str, Callable[[Image.Image, Header], bytes]] = {
    "pixels": _pixels,
    "stored": _stored,
}
