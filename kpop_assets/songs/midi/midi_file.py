"""MIDI bytes to what is played: the Standard MIDI File 1.0, read leniently and within limits.

The bytes are hostile: a loop over them in Python cannot crash the process, and takes a tenth of a
second for a megabyte of songs. symusic 0.6 is five times as fast, but leaves out notes without a
note-off and pedals in a track of their own; tests compare both on what they read alike.
"""

from dataclasses import dataclass, field

from kpop_assets.songs.errors import SongError

LONGEST_NUMBER = 2**28
"""A number of variable length has at most 28 bits."""
SUSTAIN = 64
"""The number of the controller that is the right pedal."""

Note = tuple[int, int, int]


@dataclass
class Track:
    """What a track plays, in ticks from its start, and how long it is.

    `notes` are start, end and channel * 128 + pitch, in the order in which they end; `pedals` are
    time, channel and whether the pedal is down; `tempos` time and microseconds a beat; `signatures`
    time, and the length of a bar in sixteenths, 0 where that is no whole number.
    """

    notes: list[Note] = field(default_factory=list)
    pedals: list[tuple[int, int, bool]] = field(default_factory=list)
    tempos: list[tuple[int, int]] = field(default_factory=list)
    signatures: list[tuple[int, int]] = field(default_factory=list)
    ticks: int = 0


@dataclass(frozen=True)
class MidiFile:
    """A file: its type (in 2 the tracks follow each other), ticks a beat, and tracks."""

    kind: int
    ticks_a_beat: int
    tracks: list[Track]


def midi_file(content: bytes) -> MidiFile:
    """Return what MIDI bytes hold; raises `SongError` where they are none or are damaged.

    Chunks of other kinds are passed over, as is what follows the last track. A file that ends
    where a track could begin is whole, whatever number of tracks its header says.
    """
    if len(content) < 14 or content[:4] != b"MThd":
        raise SongError("it is not MIDI" if content else "it is empty")
    kind, count, base = (int.from_bytes(content[at : at + 2], "big") for at in (8, 10, 12))
    if kind > 2:
        raise SongError(f"it is MIDI of the unknown type {kind}")
    if base & 0x8000:
        raise SongError("its time base is SMPTE, not beats")
    if not base:
        raise SongError("a beat has no ticks")
    tracks: list[Track] = []
    at = 8 + int.from_bytes(content[4:8], "big")
    while len(tracks) < count and at < len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "big")
        at += 8 + size
        if at > len(content):
            raise SongError(f"it ends {at - len(content):,} bytes early")
        if name == b"MTrk":
            tracks.append(_track(content[at - size : at], len(tracks) + 1))
    return MidiFile(kind, base, tracks)


def _track(events: bytes, number: int) -> Track:
    try:
        return _read_events(events)
    except (IndexError, ValueError) as error:
        raise SongError(f"track {number} is damaged") from error


def _read_events(events: bytes) -> Track:
    """What the events play; a note ends when its key is struck again, and with the track.

    Raises IndexError and ValueError where they are damaged. A note-off at the very time at which
    a sounding key is struck again is the one of the note before.
    """
    track = Track()
    notes, sounding, struck_again = track.notes, dict[int, int](), dict[int, int]()
    at = now = status = 0
    end = len(events)
    while at < end:
        delta = events[at]
        at += 1
        if delta > 127:
            delta, at = _number(events, at - 1)
        now += delta
        if events[at] > 127:
            status_before, status = status, events[at]
            at += 1
            if status >= 0xF0:
                if status == 0xFF and events[at] == 0x2F:
                    break
                at = _other(track, events, at, now, status)
                status = status_before
                continue
        kind = status & 0xF0
        if kind == 0x90 or kind == 0x80:
            pitch, velocity = events[at], events[at + 1]
            at += 2
            if pitch > 127 or velocity > 127:
                raise ValueError
            key = (status & 15) << 7 | pitch
            start = sounding.pop(key, None)
            if kind == 0x90 and velocity:
                sounding[key] = now
                if start is not None:
                    notes.append((start, now, key))
                    struck_again[key] = now
            elif start is not None:
                if start == now and struck_again.pop(key, None) == now:
                    sounding[key] = now
                else:
                    notes.append((start, now, key))
        elif kind == 0xB0:
            if events[at] == SUSTAIN:
                track.pedals.append((now, status & 15, events[at + 1] >= 64))
            at += 2
        elif kind:
            at += 1 if kind == 0xC0 or kind == 0xD0 else 2
        else:
            raise ValueError
    track.ticks = now
    notes += [(start, now, key) for key, start in sounding.items()]
    return track


def _other(track: Track, events: bytes, at: int, now: int, status: int) -> int:
    """Read an event that is no channel's, from behind its status; return where it ends."""
    if status not in (0xF0, 0xF7, 0xFF):
        raise ValueError
    meta = events[at] if status == 0xFF else None
    size, at = _number(events, at + (meta is not None))
    if at + size > len(events):
        raise IndexError
    if meta == 0x51 and size == 3:
        track.tempos.append((now, int.from_bytes(events[at : at + 3], "big")))
    elif meta == 0x58 and size >= 2:
        sixteenths, rest = divmod(16 * events[at], 2 ** events[at + 1])
        track.signatures.append((now, 0 if rest else sixteenths))
    return at + size


def _number(events: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where it ends."""
    number = 0
    while True:
        byte = events[at]
        at += 1
        number = number << 7 | byte & 127
        if number >= LONGEST_NUMBER:
            raise ValueError
        if byte < 128:
            return number, at
