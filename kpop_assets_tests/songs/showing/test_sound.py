"""How songs sound, as far as a machine can hear: pitch, level, length, tempo, no clicks."""

import io
from functools import cache

import numpy as np
import pytest
import soundfile

from kpop_assets.sample_world.songs import sample_songs
from kpop_assets.songs.showing.ogg import ogg_bytes
from kpop_assets.songs.showing.sound import (
    PEAK,
    SAMPLE_RATE,
    TAIL_SECONDS,
    Samples,
    sound,
    strengths,
)
from kpop_assets.songs.song import Song
from kpop_assets_tests.songs.showing.hearing import decibels, heard_bpm, heard_pitch, levels

SONG = sample_songs(1)[0].song


@cache
def song_played() -> Samples:
    return sound(SONG)


def song_of(*notes: tuple[int, int, int], bpm: float = 120.0) -> Song:
    return Song(np.array(notes, np.int32).reshape(-1, 3), bpm)


@pytest.mark.parametrize("pitch", [28, 40, 52, 60, 69, 81, 93, 105])
def test_the_spectrum_of_a_note_is_at_its_pitch(pitch: int) -> None:
    samples = sound(song_of((0, 16, pitch)))[: 2 * SAMPLE_RATE]
    asked = 440 * 2 ** ((pitch - 69) / 12)
    assert heard_pitch(samples, asked) == pytest.approx(asked, rel=0.005, abs=1.0)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    frequencies = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    around = np.abs(frequencies / asked - 1) < 0.2
    assert spectrum[frequencies < 0.9 * asked].max() < 0.1 * spectrum[around].max()


def test_nothing_clips_and_the_level_is_that_of_music() -> None:
    samples = song_played()
    assert samples.dtype == np.float32
    assert np.abs(samples).max() == pytest.approx(PEAK, abs=1e-4)
    assert -24 < decibels(np.sqrt((samples**2).mean())) < -12


def test_one_note_and_ten_at_once_are_equally_loud_at_their_peaks() -> None:
    for notes in ([(0, 8, 60)], [(0, 8, pitch) for pitch in range(40, 70, 3)]):
        assert np.abs(sound(song_of(*notes))).max() == pytest.approx(PEAK, abs=1e-4)


@pytest.mark.parametrize("bpm", [60.0, 120.0, 180.0])
def test_a_song_lasts_as_long_as_its_notes_and_the_tail(bpm: float) -> None:
    samples = sound(song_of((0, 4, 60), (12, 20, 64), bpm=bpm))
    assert len(samples) / SAMPLE_RATE == pytest.approx(8 * 60 / bpm + TAIL_SECONDS, abs=0.001)


def test_nobody_hears_silence_inside_a_song() -> None:
    loud = levels(song_played()[: -round(TAIL_SECONDS * SAMPLE_RATE)], 0.25)
    assert decibels(loud.min()) > -45


def test_a_song_ends_in_silence_without_a_click() -> None:
    samples = song_played()
    assert np.abs(samples[-10:]).max() < 1e-4
    tail = levels(samples[-round(TAIL_SECONDS * SAMPLE_RATE) :], 0.25)
    assert tail[0] > 20 * tail[-1]


@pytest.mark.parametrize("pitch", [40, 60, 84])
def test_a_key_that_is_let_go_or_struck_again_does_not_click(pitch: int) -> None:
    """A click is energy at frequencies where the held note has none."""
    held = sound(song_of((0, 16, pitch)))
    parts = sound(song_of((0, 3, pitch), (3, 5, pitch), (10, 6, pitch)))

    def hiss(samples: Samples) -> float:
        frames = np.lib.stride_tricks.sliding_window_view(samples, 512)[::128]
        spectra = np.abs(np.fft.rfft(frames * np.hanning(512)))
        return float(spectra[:, 220:].max())

    assert hiss(parts) < 3 * hiss(held) + 1e-3


@pytest.mark.parametrize("number", range(10))
def test_the_tempo_that_is_heard_is_the_one_asked_for(number: int) -> None:
    song = sample_songs(10)[number].song
    assert heard_bpm(sound(song)[: 40 * SAMPLE_RATE], song.bpm) == pytest.approx(song.bpm, rel=0.01)


@pytest.mark.parametrize("error", [0.98, 1.02])
def test_a_tempo_that_is_two_percent_off_is_heard_as_such(error: float) -> None:
    played = Song(SONG.notes, SONG.bpm * error)
    heard = heard_bpm(sound(played)[: 60 * SAMPLE_RATE], SONG.bpm)
    assert heard == pytest.approx(SONG.bpm * error, rel=0.01)


def test_downbeats_and_the_melody_are_struck_hardest() -> None:
    struck = strengths(song_of((0, 4, 48), (0, 4, 72), (4, 4, 72), (6, 2, 72), (8, 4, 72)))
    assert struck[1] == struck.max() == 1
    assert struck[0] < struck[1]
    assert struck[1] > struck[4] > struck[2] > struck[3]


def test_a_song_without_notes_is_silence() -> None:
    samples = sound(song_of())
    assert len(samples) == round(TAIL_SECONDS * SAMPLE_RATE)
    assert not samples.any()


def test_the_same_song_sounds_the_same() -> None:
    assert sound(SONG).tobytes() == song_played().tobytes()


@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_other_sample_rates_sound_alike(rate: int) -> None:
    samples = sound(song_of((0, 16, 69)), rate)
    spectrum = np.abs(np.fft.rfft(samples))
    heard = np.fft.rfftfreq(len(samples), 1 / rate)[spectrum.argmax()]
    assert heard == pytest.approx(440, abs=1)


def test_ogg_decodes_to_what_was_written() -> None:
    samples = song_played()
    decoded, rate = soundfile.read(io.BytesIO(ogg_bytes(samples, SAMPLE_RATE)), dtype="float32")
    assert rate == SAMPLE_RATE
    assert decoded.shape == samples.shape
    assert np.abs(decoded).max() <= 1
    assert decibels(np.sqrt(((decoded - samples) ** 2).mean() / (samples**2).mean())) < -14


@pytest.mark.parametrize("pitch", [36, 60, 84])
def test_ogg_keeps_a_note_at_its_pitch(pitch: int) -> None:
    ogg = ogg_bytes(sound(song_of((0, 16, pitch))), SAMPLE_RATE)
    samples, _ = soundfile.read(io.BytesIO(ogg), dtype="float32")
    asked = 440 * 2 ** ((pitch - 69) / 12)
    assert heard_pitch(samples[: 2 * SAMPLE_RATE], asked) == pytest.approx(asked, rel=0.005, abs=1)


def test_what_a_higher_sample_rate_would_add_is_55_decibels_below_the_rest() -> None:
    samples = sound(SONG, 44_100)
    energy = np.abs(np.fft.rfft(samples)) ** 2
    above = np.fft.rfftfreq(len(samples), 1 / 44_100) > SAMPLE_RATE / 2
    assert decibels(np.sqrt(energy[above].sum() / energy.sum())) < -55


def test_ogg_of_the_same_samples_is_the_same_bytes() -> None:
    samples = sound(song_of((0, 16, 60)))
    assert ogg_bytes(samples, SAMPLE_RATE) == ogg_bytes(samples, SAMPLE_RATE)


def test_ogg_of_ten_minutes_is_written() -> None:
    samples = np.resize(song_played(), 600 * SAMPLE_RATE)
    info = soundfile.info(io.BytesIO(ogg_bytes(samples, SAMPLE_RATE)))
    assert info.duration == pytest.approx(600)


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_ogg_of_next_to_nothing_can_be_read(count: int) -> None:
    ogg = ogg_bytes(np.zeros(count, np.float32), SAMPLE_RATE)
    assert len(soundfile.read(io.BytesIO(ogg))[0]) == count


def test_a_minute_takes_less_than_160_kilobytes() -> None:
    samples = song_played()
    assert len(ogg_bytes(samples, SAMPLE_RATE)) < 160_000 * len(samples) / SAMPLE_RATE / 60
