"""What one does with the network of songs from a notebook."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

import kpop_assets as kpop
from kpop_assets.models.songs.generation import SongSettingError
from kpop_assets.song_door import ComposeError
from kpop_assets.songs.errors import SongError
from kpop_assets.songs.keys import KeyNameError
from kpop_assets.songs.midi.reading import read_song
from kpop_assets.store.errors import MissingArtifactError
from kpop_assets.user_files.regular_files import UnusableFileError
from kpop_assets_tests.songs.making import of_notes, pop_song
from kpop_assets_tests.untrained import publish_untrained_songs


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("songs")
    publish_untrained_songs(folder)
    return folder


def test_a_seed_composes_the_same_song_of_the_bars_and_the_tempo_asked_for(store: Path) -> None:
    composed = kpop.compose(4, seed=5, bpm=97.5, store=store)
    again, other = (kpop.compose(4, seed=seed, bpm=97.5, store=store) for seed in (5, 6))
    assert composed.midi == again.midi != other.midi
    assert composed.seed == 5
    read = read_song(composed.midi)
    assert (read.bpm, read.tempo_from) == (97.5, "file")
    assert read.notes[:, 0].max() == 3 * 16
    assert read.length <= 4 * 16


def test_a_song_is_saved_as_midi_as_sound_and_as_a_picture(store: Path, tmp_path: Path) -> None:
    composed = kpop.compose(2, bpm=240, store=store)
    score, sound, roll = (
        composed.save(tmp_path / f"new/a.{kind}") for kind in ("mid", "ogg", "png")
    )
    assert score.read_bytes() == composed.midi
    seconds = soundfile.info(sound).duration
    assert 1.9 < seconds < 5, "two bars at 240 beats a minute, and a tail"
    with Image.open(roll) as picture:
        assert picture.size == composed.picture.size
    with pytest.raises(ComposeError, match=r"ends in \.mid, \.ogg, \.png, got a\.mp3"):
        composed.save(tmp_path / "a.mp3")


def test_a_key_is_asked_for_by_its_name(store: Path) -> None:
    keys = [kpop.compose(4, seed, "Am", store=store).key for seed in range(4)]
    assert keys.count("A minor") >= 3, keys


def test_a_song_goes_on_from_the_first_bars_of_another(store: Path, tmp_path: Path) -> None:
    song = pop_song(1, bpm=88.0)
    path = tmp_path / "opening.mid"
    composed = kpop.Composed(song, 0).save(path)
    made = kpop.compose(6, begin=composed, begin_bars=2, store=store)
    assert made.song.bpm == 88.0, "the tempo is that of the opening"
    kept = song.notes[song.notes[:, 0] < 32, ::2]
    np.testing.assert_array_equal(
        made.song.notes[: kept[:, 0].argmax(), ::2], kept[: kept[:, 0].argmax()]
    )
    assert set(map(tuple, kept.tolist())) <= set(map(tuple, made.song.notes[:, ::2].tolist()))
    again = kpop.compose(6, begin=song, begin_bars=2, store=store)
    np.testing.assert_array_equal(made.song.notes, again.song.notes)


def test_what_cannot_be_composed_is_named(store: Path, tmp_path: Path) -> None:
    (tmp_path / "no.mid").write_text("no song")
    late = of_notes((100, 4, 60))
    for error, match, asked in (
        (KeyNameError, "got 'H'", {"key": "H"}),
        (ComposeError, "a tempo from 10 to 1,000", {"bpm": 0}),
        (ComposeError, "a tempo from 10 to 1,000", {"bpm": float("nan")}),
        (ComposeError, "1 bar or more", {"begin": late, "begin_bars": 0}),
        (ComposeError, "in the first 4 bars", {"begin": late}),
        (SongError, "it is not MIDI", {"begin": tmp_path / "no.mid"}),
        (UnusableFileError, "No such file", {"begin": tmp_path / "gone.mid"}),
        (SongSettingError, "2 to 512 bars, got 1", {"bars": 1}),
        (SongSettingError, "a temperature above 0", {"temperature": 0.0}),
        (MissingArtifactError, "materialize song_model first", {"store": tmp_path}),
    ):
        with pytest.raises(error, match=match):
            kpop.compose(**{"store": store, **asked})
