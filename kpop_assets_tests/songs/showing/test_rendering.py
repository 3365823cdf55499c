"""Rendering: fluidsynth where it is and works, else our piano, with one length and level."""

import io
import os
import stat
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from kpop_assets.sample_world.songs import sample_songs
from kpop_assets.songs.midi.writing import midi_bytes
from kpop_assets.songs.showing.rendering import (
    Rendering,
    Synthesizer,
    found_synthesizer,
    rendered,
)
from kpop_assets.songs.showing.sound import PEAK, SAMPLE_RATE, TAIL_SECONDS, Samples, sound
from kpop_assets.songs.song import Song
from kpop_assets_tests.songs.showing.hearing import heard_bpm, heard_pitch, longest_silence

SONG = Song(np.array([(0, 8, 57), (0, 8, 69), (8, 8, 69)], np.int32), 120.0)


def midi_of(song: Song) -> bytes:
    """A MIDI file of a short song whose ticks are sixteenths, at the 120 bpm that MIDI assumes."""
    events = [(onset, 80, pitch) for onset, _, pitch in song.notes.tolist()]
    events += [(onset + duration, 0, pitch) for onset, duration, pitch in song.notes.tolist()]
    track, now = b"", 0
    for time, velocity, pitch in sorted(events):
        track += bytes([time - now, 0x90, pitch, velocity])
        now = time
    track += bytes([0, 0xFF, 0x2F, 0])
    head = b"MThd" + struct.pack(">IHHH", 6, 0, 1, 4)
    return head + b"MTrk" + struct.pack(">I", len(track)) + track


def decoded(made: Rendering) -> Samples:
    """What a browser plays: the sound as Ogg, read again."""
    samples, rate = soundfile.read(io.BytesIO(made.ogg()), dtype="float32")
    assert rate == made.rate == SAMPLE_RATE
    return samples


def script(folder: Path, lines: str) -> Path:
    program = folder / "fluidsynth"
    program.write_text(f"#!/bin/sh\n{lines}\n")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    return program


def test_without_a_synthesizer_our_piano_plays() -> None:
    made = rendered(SONG, b"")
    assert made.made_by == "additive piano"
    assert made.samples.tobytes() == sound(SONG).tobytes()


@pytest.mark.skipif(found_synthesizer() is None, reason="needs fluidsynth and a soundfont")
def test_fluidsynth_plays_the_notes_with_our_length_and_level() -> None:
    made = rendered(SONG, midi_of(SONG), found_synthesizer())
    assert made.made_by.startswith("fluidsynth with ")
    assert made.samples.shape == sound(SONG).shape
    assert np.abs(made.samples).max() == pytest.approx(PEAK, abs=1e-4)
    spectrum = np.abs(np.fft.rfft(made.samples))
    heard = np.fft.rfftfreq(len(made.samples), 1 / made.rate)[spectrum.argmax()]
    assert min(abs(heard - 220), abs(heard - 440)) < 3


@pytest.mark.skipif(found_synthesizer() is None, reason="needs fluidsynth and a soundfont")
@pytest.mark.parametrize("number", range(3))
def test_the_tempo_that_fluidsynth_is_heard_at_is_the_one_asked_for(number: int) -> None:
    song = sample_songs(3)[number].song
    samples = decoded(rendered(song, midi_bytes(song), found_synthesizer()))
    assert heard_bpm(samples[: 40 * SAMPLE_RATE], song.bpm) == pytest.approx(song.bpm, rel=0.01)
    assert np.abs(samples).max() < 1
    assert longest_silence(samples[: -round(TAIL_SECONDS * SAMPLE_RATE)]) < 0.5


@pytest.mark.skipif(found_synthesizer() is None, reason="needs fluidsynth and a soundfont")
@pytest.mark.parametrize("pitch", [33, 48, 60, 72, 84, 96])
def test_a_note_of_fluidsynth_is_heard_at_its_pitch(pitch: int) -> None:
    song = Song(np.array([(0, 16, pitch)], np.int32), 120.0)
    samples = decoded(rendered(song, midi_bytes(song), found_synthesizer()))
    asked = 440 * 2 ** ((pitch - 69) / 12)
    assert heard_pitch(samples[: 2 * SAMPLE_RATE], asked) == pytest.approx(asked, rel=0.01)


@pytest.mark.parametrize(
    "lines",
    ["exit 1", "exit 0", 'for last; do :; done; echo junk > "$(dirname "$last")/song.wav"'],
    ids=["fails", "writes nothing", "writes junk"],
)
def test_where_the_synthesizer_fails_our_piano_plays_and_it_is_said(
    tmp_path: Path, lines: str
) -> None:
    made = rendered(SONG, midi_of(SONG), Synthesizer(script(tmp_path, lines), tmp_path / "a.sf2"))
    assert made.made_by == "additive piano, because fluidsynth failed"
    assert made.samples.tobytes() == sound(SONG).tobytes()


def test_a_program_that_is_gone_is_a_failure_too(tmp_path: Path) -> None:
    made = rendered(SONG, b"", Synthesizer(tmp_path / "nothing", tmp_path / "a.sf2"))
    assert made.made_by == "additive piano, because fluidsynth failed"


def test_silence_from_the_synthesizer_is_not_taken(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(100, np.float32), SAMPLE_RATE)
    lines = f'for last; do :; done; cp {tmp_path}/silence.wav "$(dirname "$last")/song.wav"'
    made = rendered(SONG, b"", Synthesizer(script(tmp_path, lines), tmp_path / "a.sf2"))
    assert made.made_by == "additive piano, because fluidsynth failed"


def test_the_usual_soundfont_is_taken_before_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert found_synthesizer(tmp_path) is None
    (tmp_path / "a.sf2").touch()
    assert found_synthesizer(tmp_path) == Synthesizer(tmp_path / "fluidsynth", tmp_path / "a.sf2")
    (tmp_path / "default-GM.sf2").touch()
    found = found_synthesizer(tmp_path)
    assert found is not None
    assert found.soundfont.name == "default-GM.sf2"


def test_a_rendering_gives_ogg() -> None:
    info = soundfile.info(io.BytesIO(rendered(SONG, b"").ogg()))
    assert (info.format, info.subtype, info.channels) == ("OGG", "VORBIS", 1)
