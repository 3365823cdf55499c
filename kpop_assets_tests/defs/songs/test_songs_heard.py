"""Songs that the network writes, as other programs read them and as they are heard."""

import io
import shutil
from pathlib import Path

import dagster as dg
import mido
import numpy as np
import pytest
import soundfile
import symusic

from kpop_assets.songs.midi.reading import read_song
from kpop_assets.songs.showing.sound import SAMPLE_RATE, TAIL_SECONDS, Samples
from kpop_assets.songs.song import Song
from kpop_assets_tests.defs.songs.conftest import materializing_songs
from kpop_assets_tests.songs.showing.hearing import decibels, longest_silence

COUNT, BARS, BPM = 3, 12, 96.5
QUIETEST = -26.0
"""Decibels of the root mean square, below full scale."""
LONGEST_SILENCE = 2.0


@pytest.fixture(scope="module")
def written(
    trained_store: Path, songs_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of songs that were asked for at BPM."""
    store = shutil.copytree(trained_store, tmp_path_factory.mktemp("heard") / "store")
    with dg.DagsterInstance.ephemeral() as instance:
        materialize = materializing_songs(store, songs_folder, instance)
        asked = {"songs": COUNT, "bars": BARS, "bpm": BPM, "seed": 3}
        assert materialize("generated_songs", generated_songs=asked).success
    return store / "generated_songs/all"


@pytest.fixture(params=range(COUNT))
def midi(written: Path, request: pytest.FixtureRequest) -> bytes:
    return (written / f"song-{request.param:03d}.mid").read_bytes()


@pytest.fixture(params=range(COUNT))
def heard(written: Path, request: pytest.FixtureRequest) -> tuple[Song, Samples]:
    """A song and its sound, as a browser decodes it."""
    name = f"song-{request.param:03d}"
    samples, rate = soundfile.read(written / f"{name}.ogg", dtype="float32")
    assert rate == SAMPLE_RATE
    return read_song((written / f"{name}.mid").read_bytes()), samples


def test_symusic_finds_the_tempo_asked_for_and_each_note_at_its_time(midi: bytes) -> None:
    score = symusic.Score.from_midi(midi, ttype="second")
    (tempo,) = score.tempos
    assert tempo.qpm == pytest.approx(BPM, rel=1e-4)
    found = np.array([(one.time, one.duration, one.pitch) for one in score.tracks[0].notes])
    in_order = found[np.lexsort((found[:, 2], found[:, 0].round(3)))]
    sixteenth = 60 / BPM / 4
    expected = read_song(midi).notes * (sixteenth, sixteenth, 1)
    np.testing.assert_allclose(in_order, expected, atol=1e-3)


def test_mido_finds_the_tempo_asked_for_and_a_note_off_for_each_note_on(midi: bytes) -> None:
    file = mido.MidiFile(file=io.BytesIO(midi))
    tempi = [event.tempo for track in file.tracks for event in track if event.type == "set_tempo"]
    assert [mido.tempo2bpm(one) for one in tempi] == pytest.approx([BPM], rel=1e-4)
    sounding: set[int] = set()
    struck = 0
    for event in file:
        if event.type == "note_on" and event.velocity:
            assert event.note not in sounding
            sounding.add(event.note)
            struck += 1
        elif event.type in ("note_on", "note_off"):
            sounding.remove(event.note)
    assert not sounding
    assert struck == len(read_song(midi).notes)
    assert file.length == pytest.approx(read_song(midi).length * 60 / BPM / 4, abs=1e-3)


def test_the_sound_lasts_as_long_as_the_song_and_its_tail(heard: tuple[Song, Samples]) -> None:
    song, samples = heard
    asked = song.length * 60 / BPM / 4 + TAIL_SECONDS
    assert len(samples) / SAMPLE_RATE == pytest.approx(asked, abs=0.01)


def test_the_sound_is_loud_and_does_not_clip(heard: tuple[Song, Samples]) -> None:
    song, samples = heard
    assert decibels(np.abs(samples).max()) < 0
    played = samples[: round(song.length * song.seconds_a_sixteenth * SAMPLE_RATE)]
    assert decibels(float(np.sqrt((played**2).mean()))) > QUIETEST


def test_nobody_waits_two_seconds_in_silence_unless_the_song_rests(
    heard: tuple[Song, Samples],
) -> None:
    song, samples = heard
    second = song.seconds_a_sixteenth
    rests = np.diff(np.unique(song.notes[:, 0]), prepend=0).max() * second
    inside = samples[: round(song.notes[-1, 0] * second * SAMPLE_RATE)]
    assert longest_silence(inside) <= max(LONGEST_SILENCE, rests)
