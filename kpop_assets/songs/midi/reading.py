"""MIDI files as songs on their grid."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from kpop_assets.songs.errors import SongError
from kpop_assets.songs.midi.grid import Times, on_grid
from kpop_assets.songs.midi.midi_file import MidiFile, Track, midi_file
from kpop_assets.songs.song import ASSUMED_BPM, SIXTEENTHS_A_BEAT, Song, in_order, on_piano

MOST_BYTES = 4_000_000
"""Of a file. A song has some 10,000; the worst of as many bytes take two seconds to read."""
MOST_NOTES = 20_000
LONGEST = 16_000
"""In sixteenths: 1,000 bars of 4/4."""
SLOWEST_BPM, FASTEST_BPM = 10, 1_000
"""A tempo beyond is none."""
SHORTEST_BAR, LONGEST_BAR = 6, 64
"""In sixteenths. Programs that know beats and no bars write 1/4."""
USUAL_BAR = 16
DRUMS = 9
"""The channel of the drums, counted from 0."""


def read_song(content: bytes) -> Song:
    """Return the song of MIDI bytes; raises `SongError`, whose `reason` fits into a table.

    All tracks are merged, the channel of drums left out; the tracks of a file of type 2 follow each
    other. A note lasts until its note-off, with the sustain pedal until that is released, at most
    until its key is struck again or its track ends; a sixteenth at least. Starts and ends are
    rounded to sixteenths; where those and the bars of a recording begin, its notes say (`on_grid`).
    `bpm` is the tempo, to a hundredth, of most of the beats from the first note to the last; `bar`
    is that of the first time signature from 3/8 to 16/4, else 16. Whole bars of silence before the
    first note are left out.
    """
    if len(content) > MOST_BYTES:
        raise SongError(f"it has more than {MOST_BYTES:,} bytes")
    return song_of(midi_file(content))


def song_of(file: MidiFile) -> Song:
    """Return the song of what a MIDI file holds, as `read_song`; raises `SongError`."""
    bar = next(
        (
            sixteenths
            for track in file.tracks
            for _, sixteenths in track.signatures
            if SHORTEST_BAR <= sixteenths <= LONGEST_BAR
        ),
        USUAL_BAR,
    )
    ticks_a_bar = file.ticks_a_beat * bar / SIXTEENTHS_A_BEAT
    starts_of_tracks = [0.0]
    for track in file.tracks:
        bars = -(-track.ticks // ticks_a_bar) if file.kind == 2 else 0
        starts_of_tracks.append(starts_of_tracks[-1] + bars * ticks_a_bar)
    played = _played(file.tracks, starts_of_tracks)
    onsets, ends = on_grid(played[:, :2] * SIXTEENTHS_A_BEAT / file.ticks_a_beat, bar).T
    onsets, ends = (times - onsets.min() // bar * bar for times in (onsets, ends))
    if ends.max() > LONGEST:
        raise SongError(f"it is longer than {LONGEST // 16:,} bars")
    durations = np.maximum(1, ends - onsets)
    notes = np.stack([onsets, durations, on_piano(played[:, 2] % 128)], 1).astype(np.int32)
    notes = in_order(notes)
    if len(notes) > MOST_NOTES:
        raise SongError(f"it has {len(notes):,} notes, more than {MOST_NOTES:,}")
    tempos = [
        (int(time + start), tempo)
        for track, start in zip(file.tracks, starts_of_tracks, strict=False)
        for time, tempo in track.tempos
    ]
    bpm = _most_common_bpm(tempos, int(played[:, 0].min()), int(played[:, 1].max()))
    return Song(notes, bpm or ASSUMED_BPM, "file" if bpm else "assumed", bar)


def _played(tracks: Sequence[Track], starts: Sequence[float]) -> Times:
    """Start, end in ticks and key of all notes but drums, as the pedals make them sound."""
    parts, drums = [], 0
    alone: dict[int, list[tuple[int, int, bool]]] = {}
    for track in tracks:
        channels = {key >> 7 for _, _, key in track.notes}
        for pedal in track.pedals:
            if pedal[1] not in channels:
                alone.setdefault(pedal[1], []).append(pedal)
    for track, start in zip(tracks, starts, strict=False):
        notes = np.array(track.notes, np.int64).reshape(-1, 3)
        is_drum = notes[:, 2] >> 7 == DRUMS
        drums += int(is_drum.sum())
        notes = notes[~is_drum]
        for channel in np.unique(notes[:, 2] >> 7).tolist():
            of_channel = notes[notes[:, 2] >> 7 == channel]
            pedals = [pedal for pedal in track.pedals if pedal[1] == channel]
            of_channel = _sustained(of_channel, pedals or alone.get(channel, []), track.ticks)
            parts.append(of_channel + np.array([start, start, 0], np.int64))
    if not parts:
        raise SongError("it has drums only" if drums else "it has no notes")
    return np.concatenate(parts)


def _sustained(notes: Times, pedals: Sequence[tuple[int, int, bool]], last: int) -> Times:
    """Notes that last until the pedal, where it is down at their end, is released."""
    if not pedals:
        return notes
    times = np.array([time for time, _, _ in sorted(pedals, key=lambda pedal: pedal[0])])
    down = np.array([is_down for *_, is_down in sorted(pedals, key=lambda pedal: pedal[0])])
    releases = np.append(times[~down], last)
    before = np.searchsorted(times, notes[:, 1], side="right") - 1
    held = (before >= 0) & down[before]
    released = releases[np.searchsorted(releases[:-1], notes[:, 1], side="right")]
    ends = np.where(held, np.maximum(released, notes[:, 1]), notes[:, 1])
    return np.stack([notes[:, 0], ends, notes[:, 2]], 1)


def _most_common_bpm(tempos: Sequence[tuple[int, int]], first: int, last: int) -> float:
    """The tempo of most beats between two ticks; 0 where it is not said.

    Tempi that are the same to a whole beat a minute count together; the most frequent one of them
    is returned.
    """
    ordered = [(first, 0), *sorted(tempos, key=lambda tempo: tempo[0]), (last, 0)]
    beats: Counter[float] = Counter()
    for (start, microseconds), (end, _) in pairwise(ordered):
        bpm = round(60e6 / microseconds, 2) if microseconds else 0.0
        if not microseconds or SLOWEST_BPM <= bpm <= FASTEST_BPM:
            beats[bpm] += max(0, min(end, last) - max(start, first))
    together: Counter[int] = Counter()
    for bpm, count in beats.items():
        together[round(bpm)] += count
    (most, _), *_ = together.most_common(1)
    return max((bpm for bpm in beats if round(bpm) == most), key=lambda bpm: beats[bpm])
