"""The songs of the gallery page: what is read of the store, and what the page says of it."""

import base64
import hashlib
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from kpop_assets.defs.insight.page.song_sections import songs_content
from kpop_assets.insight.gallery.content import GalleryContent
from kpop_assets.insight.gallery.page import gallery_page
from kpop_assets.insight.gallery.song_content import Band, CopiedRun, SongsContent
from kpop_assets.insight.gallery.song_words import (
    compared,
    copied_words,
    in_words,
    quality_words,
    rows_of_numbers,
)
from kpop_assets.songs.midi.reading import read_song
from kpop_assets.songs.showing.piano_roll import roll_layout
from kpop_assets.store.artifacts import Store
from kpop_assets.store.records import read_record, record_bytes
from kpop_assets_tests.insight.gallery.conftest import HOSTILE
from kpop_assets_tests.insight.gallery.songs_store import write_songs

BANDS = {
    name: Band(0.4, 0.5, 0.1)
    for name in ("repetition_8", "scale_consistency", "groove_consistency", "notes_an_onset")
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("songs")
    write_songs(folder, title=HOSTILE)
    return folder


@pytest.fixture(scope="module")
def songs(root: Path) -> SongsContent:
    content = songs_content(Store(root))
    assert content is not None
    return content


@pytest.fixture(scope="module")
def page(content: GalleryContent, songs: SongsContent) -> str:
    return gallery_page(replace(content, songs=songs))


def test_a_song_of_the_store_is_shown_with_its_roll_and_its_sound(
    root: Path, songs: SongsContent
) -> None:
    first, second = songs.songs
    song = read_song((root / "generated_songs/all/song-000.mid").read_bytes())
    assert first.layout == roll_layout(song)
    assert (first.length, first.bpm) == (song.length, song.bpm)
    assert first.second == song.seconds_a_sixteenth
    assert second.layout.rows == 2, "40 bars are two rows"
    assert first.copied is not None
    assert second.copied is not None
    assert first.copied.onsets < 12 < second.copied.onsets
    assert second.copied.title == HOSTILE
    assert songs.sites == "sample"
    assert songs.training is not None
    assert songs.training.captions == ["step 50", "step 100", "step 150"]
    assert not songs.left_out


def test_the_page_plays_each_song_and_says_its_numbers_in_words(page: str) -> None:
    assert ">Songs</h2>" in page
    assert page.count("<audio ") == page.count('href="data:audio/ogg;base64,') == 2
    assert page.count('href="data:audio/midi;base64,') == 2
    assert page.count('role="slider"') == 2
    text = unescape(re.sub(r"<[^>]+>", "", page))
    assert "Sample world: learned from songs that kpop_assets composed" in text
    assert (
        "surprise the network by 7.4 bits for each note or chord, less than the 9.8 of a plain"
        in text
    )
    assert (
        "remembers what the song played before is surprised by 8.1, more than the network" in text
    )
    assert re.search(
        r"(Repeats|repeats) (less than|as much as|more than) the sample songs do", text
    )
    assert "Longest run copied in any key: " in text
    assert page.count('<span class="warn"') == 1, "one is a copy of a song that was learned from"


def test_the_first_two_songs_are_shown_and_more_are_folded(
    content: GalleryContent, songs: SongsContent
) -> None:
    first, second = songs.songs
    five = replace(songs, songs=[first, second, first, second, first])
    shown, _, folded = gallery_page(replace(content, songs=five)).partition(
        "<summary>3 more songs</summary>"
    )
    assert shown.count("<audio ") == 2
    assert folded.partition("</figure>\n</details>")[0].count("<audio ") == 3


def test_nothing_is_asked_of_a_network_and_text_from_outside_is_escaped(page: str) -> None:
    address = r"""(?:src|href|action)="(?!data:image/webp|data:audio/ogg|data:audio/midi|#)"""
    assert not re.search(address, page)
    assert HOSTILE not in page
    [script] = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = unescape(re.findall(r'Content-Security-Policy" content="([^"]+)"', page)[0])
    assert f"script-src 'sha256-{digest}'" in policy
    assert "media-src data:" in policy
    assert "default-src 'none'" in policy


def test_composed_songs_are_never_called_real(page: str) -> None:
    assert not re.search("real song", unescape(page), re.IGNORECASE)


def test_without_songs_there_is_no_part_no_script_and_no_sound(
    content: GalleryContent, tmp_path: Path
) -> None:
    assert songs_content(Store(tmp_path)) is None
    page = gallery_page(content)
    assert ">Songs</h2>" not in page
    assert "media-src" not in page
    assert ".song audio" not in page


def test_some_sample_songs_are_beside_those_made_from_them(page: str, songs: SongsContent) -> None:
    assert len(songs.others) == 4
    assert "<summary>Some of the sample songs, at the same scale</summary>" in page
    assert {one.about.rpartition(" · ")[2] for one in songs.others} == {
        *("learned from", "not learned from")
    }
    assert " · the first 8 of 56 bars · " in songs.others[0].about


def test_some_songs_of_ones_own_are_beside_those_made_from_them(
    content: GalleryContent, tmp_path: Path
) -> None:
    write_songs(tmp_path, "folder", (4,))
    songs = songs_content(Store(tmp_path))
    assert songs is not None
    assert len(songs.others) == 4
    page = unescape(gallery_page(replace(content, songs=songs)))
    assert "Some of your songs, at the same scale" in page
    assert songs.others[0].title in page
    assert "than your songs do" in page or "as your songs do" in page
    assert "learned from songs that kpop_assets composed" not in page


def test_what_is_damaged_is_left_out_and_named(tmp_path: Path) -> None:
    write_songs(tmp_path, bars=(2, 2))
    folder = tmp_path / "generated_songs/all"
    (folder / "song-001.ogg").write_bytes(b"no sound")
    (tmp_path / "song_quality/all/quality.json").write_bytes(b"{")
    songs = songs_content(Store(tmp_path))
    assert songs is not None
    assert [one.seed for one in songs.songs] == [0]
    assert songs.quality is None
    assert songs.songs[0].copied is None
    assert [("quality.json" in one, "song-001.ogg" in one) for one in songs.left_out] == [
        (True, False),
        (False, True),
    ]
    write_songs(tmp_path / "other", bars=(2,))
    other = tmp_path / "other/generated_songs/all/songs.json"
    record = {**read_record(other, "generated_songs", dict), "weights_hash": "1"}
    other.write_bytes(record_bytes(record, "generated_songs"))
    songs = songs_content(Store(tmp_path / "other"))
    assert songs is not None
    assert songs.quality is None
    assert songs.left_out == ["song_quality, which is of other songs: materialize it again"]
    (folder / "songs.json").write_bytes(b"[]")
    songs = songs_content(Store(tmp_path))
    assert songs is not None
    assert not songs.songs
    assert "materialize generated_songs again" in songs.left_out[0]


def test_a_number_is_less_alike_or_more_by_one_spread() -> None:
    assert [compared(value, BANDS["repetition_8"]) for value in (0.39, 0.45, 0.61)] == [-1, 0, 1]
    measures = dict(zip(BANDS, (0.5, 0.3, 0.9, 0.5), strict=True))
    assert in_words(measures, BANDS, "your songs") == (
        "Repeats as much as your songs do, leaves its scale more, has a steadier rhythm "
        "and has as many notes at a time."
    )
    assert (
        in_words({"repetition_8": 0.2}, BANDS, "your songs") == "Repeats less than your songs do."
    )
    assert in_words({"repetition_8": float("nan")}, BANDS, "your songs") == ""
    assert in_words(measures, {}, "your songs") == ""


def test_what_cannot_be_measured_is_no_number() -> None:
    rows = {title: rest for title, *rest in rows_of_numbers({"repetition_8": 0.2}, BANDS)}
    assert rows["repeats 8"] == ["20%", "50% ± 10%", "less"]
    assert rows["in one scale"] == ["", "50% ± 10%", ""]
    assert rows["spread of rhythm, bits"] == ["", "", ""]


def test_a_network_that_is_worse_than_the_n_gram_is_said_to_be(songs: SongsContent) -> None:
    assert songs.quality is not None
    worse = replace(songs.quality, bits=11.0)
    sentences = quality_words(worse, "the sample songs")
    assert "no less than the 9.8" in sentences[0]
    assert "played before is surprised by 8.1, no more than the network" in sentences[1]
    unknown = replace(worse, bits=None, measures={"a": Band(float("nan"), 1, 1)})
    [told] = quality_words(unknown, "the sample songs")
    assert "not measurable with its recipe" in told
    assert quality_words(replace(unknown, ngram_bits=None), "the sample songs") == []


def test_copies_are_told_from_none() -> None:
    assert "once song_quality is materialized" in copied_words(None)
    assert "No two notes or chords" in copied_words(CopiedRun(0, ""))
    assert copied_words(CopiedRun(5, "A")) == (
        "Longest run copied in any key: 5 notes or chords, from “A”."
    )
