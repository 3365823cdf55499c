"""The catalog of songs and their tokens."""

import numpy as np
import pandas as pd
import pytest

from kpop_assets.sample_world.songs import SampleSong, sample_songs
from kpop_assets.songs.catalog import OWN_TOO, catalog_table, song_files_table, token_table
from kpop_assets.songs.midi.writing import midi_bytes
from kpop_assets.songs.song import Song
from kpop_assets.songs.tokens import decoded

SONGS = sample_songs(12)


def files_of(*songs: Song, **columns: object) -> pd.DataFrame:
    rows = [{"file": f"{n}.mid", "midi": midi_bytes(song)} for n, song in enumerate(songs)]
    return song_files_table(rows, "folder").assign(**columns)


@pytest.fixture(scope="module")
def files() -> pd.DataFrame:
    return files_of(*(one.song for one in SONGS))


@pytest.mark.parametrize("number", range(len(SONGS)))
def test_a_song_has_what_it_was_composed_with(files: pd.DataFrame, number: int) -> None:
    composed: SampleSong = SONGS[number]
    row = catalog_table(files).iloc[number]
    assert (row["bpm"], row["tempo_from"]) == (composed.bpm, "file")
    assert (row["notes"], row["bar"]) == (len(composed.song.notes), composed.song.bar)
    assert row["bars"] == sum(bars for _, bars in composed.sections)


def test_a_tempo_that_a_person_said_goes_before_that_of_the_file() -> None:
    catalog = catalog_table(files_of(SONGS[0].song, SONGS[1].song, bpm=[97.5, None]))
    assert list(catalog["bpm"]) == [97.5, SONGS[1].bpm]
    assert list(catalog["tempo_from"]) == ["csv", "file"]


def test_what_is_no_song_has_the_reason_in_place_of_facts() -> None:
    rows = [
        {"file": "junk.mid", "midi": b"junk"},
        {"file": "locked.mid", "reason": "it cannot be read"},
        {"file": "good.mid", "midi": midi_bytes(SONGS[0].song)},
    ]
    files = song_files_table(rows, "folder")
    catalog = catalog_table(files)
    assert catalog["reason"].notna().tolist() == [True, True, False]
    assert catalog["reason"][1] == "it cannot be read"
    assert catalog[["notes", "key", "split", "bpm"]].notna().all(axis=1).tolist() == [
        *(False, False, True)
    ]
    assert list(token_table(files, catalog)["file"]) == ["good.mid"]


def test_one_song_in_two_keys_is_on_one_side() -> None:
    songs = [one.song for one in SONGS]
    again = [song.transposed(3) for song in songs]
    sides = catalog_table(files_of(*songs, *again))["split"].tolist()
    assert sides[: len(songs)] == sides[len(songs) :]
    assert set(sides) == {"train", "validation", "test"}


def test_additional_songs_are_on_a_side_of_their_own_and_change_no_other() -> None:
    own, more = [one.song for one in SONGS[:7]], [one.song for one in SONGS[7:]]
    alone = catalog_table(files_of(*own))
    files = files_of(*own, *more, more=[False] * len(own) + [True] * len(more))
    catalog = catalog_table(files)
    assert catalog["split"].tolist() == [*alone["split"], *["more"] * len(more)]
    assert token_table(files, catalog)["split"].tolist() == catalog["split"].tolist()


def test_an_additional_song_that_is_ones_own_too_is_left_out_in_any_key() -> None:
    own, other = (one.song for one in SONGS[:2])
    files = files_of(own.transposed(2), other, own, more=[True, True, False])
    catalog = catalog_table(files)
    assert catalog["reason"].tolist()[0] == OWN_TOO
    assert catalog["reason"].isna().tolist() == [False, True, True]
    assert catalog["split"].tolist()[1:] == ["more", "train"]
    assert list(token_table(files, catalog)["file"]) == ["1.mid", "2.mid"]


def test_tokens_lead_back_to_the_songs(files: pd.DataFrame) -> None:
    tokens = token_table(files, catalog_table(files))
    for row, composed in zip(tokens.itertuples(), SONGS, strict=True):
        np.testing.assert_array_equal(decoded(row.tokens), composed.song.notes)


def test_no_song_at_all_is_an_empty_table() -> None:
    files = song_files_table([{"file": "junk.mid", "midi": b"junk"}], "folder")
    assert token_table(files, catalog_table(files)).empty
