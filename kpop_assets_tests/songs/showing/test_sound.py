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

SONG = sample_songs(1)[0].song


@cache
def song_played() -> Samples:
    return sound(SONG)


def song_of(*notes: tuple[int, int, int], bpm: float = 120.0) -> Song:
    return Song(np.array(notes, np.int32).reshape(-1, 3), bpm)


def decibels(level: float) -> float:
    return 20 * float(np.log10(level))


def levels(samples: Samples, seconds: float) -> np.ndarray:
    """The root mean squares of stretches of so many seconds."""
    length = round(seconds * SAMPLE_RATE)
    whole = samples[: len(samples) // length * length].reshape(-1, length)
    return np.sqrt((whole**2).mean(axis=1))


def heard_bpm(samples: Samples, near: float) -> float:
    """The tempo near one asked for, by the autocorrelation of the onsets' strength.

    A beat comes again after many bars too: with the lag of 16 beats the measure is fine enough.
    """
    hop = 64
    spectra = np.abs(
        np.fft.rfft(np.lib.stride_tricks.sliding_window_view(samples, 512)[::hop] * np.hanning(512))
    )
    rises = np.maximum(np.diff(np.log1p(50 * spectra), axis=0), 0).sum(axis=1)
    rises -= rises.mean()
    size = 2 * len(rises)
    correlation = np.fft.irfft(np.abs(np.fft.rfft(rises, size)) ** 2)
    beats = 16
    expected = beats * 60 / near * SAMPLE_RATE / hop
    lags = np.arange(round(0.96 * expected), round(1.04 * expected))
    best = lags[correlation[lags].argmax()]
    return beats * 60 * SAMPLE_RATE / hop / best


@pytest.mark.parametrize("pitch", [28, 40, 52, 60, 69, 81, 93, 105])
def test_the_spectrum_of_a_note_is_at_its_pitch(pitch: int) -> None:
    samples = sound(song_of((0, 16, pitch)))[: 2 * SAMPLE_RATE]
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    frequencies = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    asked = 440 * 2 ** ((pitch - 69) / 12)
    around = np.abs(frequencies / asked - 1) < 0.2
    heard = frequencies[around][spectrum[around].argmax()]
    assert abs(heard - asked) < max(1.0, 0.005 * asked)
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


def test_a_minute_takes_less_than_200_kilobytes() -> None:
    samples = song_played()
    assert len(ogg_bytes(samples, SAMPLE_RATE)) < 200_000 * len(samples) / SAMPLE_RATE / 60
