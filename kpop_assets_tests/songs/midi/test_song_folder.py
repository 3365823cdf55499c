import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from kpop_assets.songs.errors import SongError
from kpop_assets.songs.midi.reading import read_song
from kpop_assets.songs.midi.song_folder import SongFolder, SongFolderError
from kpop_assets.songs.midi.writing import midi_bytes
from kpop_assets_tests.songs.making import pop_song

MIDI = midi_bytes(pop_song(1))


def folder(path: Path, *names: str, table: str | None = None) -> SongFolder:
    for name in names:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(MIDI)
    if table is not None:
        (path / "songs.csv").write_text(table, encoding="utf-8")
    return SongFolder(path)


def test_midi_files_are_found_at_any_depth_in_order_of_name(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "소녀시대/노래.MID")
    songs = folder(tmp_path, "b.mid", "a/deep/er/x.Midi", decomposed, "a/note.txt", "a/._x.mid")
    listing = songs.listing()
    assert [file.name for file in listing.files] == [
        "a/deep/er/x.Midi",
        "b.mid",
        "소녀시대/노래.MID",
    ]
    assert [file.title for file in listing.files] == ["x", "b", "노래"]
    assert (listing.read_as, listing.notes) == ("", [])
    assert np.array_equal(read_song(songs.content(listing.files[2])).notes, pop_song(1).notes)


def test_the_table_says_tempo_type_and_title_by_a_name_in_any_form(tmp_path: Path) -> None:
    songs = folder(
        tmp_path,
        *("a.mid", "sub/노래.mid", "c.mid"),
        table="File;BPM;Artist Type;Title\n.\\A.MID;96,5;ＧＩＲＬ;First\n"
        f"{unicodedata.normalize('NFD', 'sub/노래.mid')};;;\ngone.mid;;boy;\n",
    )
    listing = songs.listing()
    first, third, second = listing.files
    assert (first.bpm, first.artist_type, first.title) == (96.5, "girl", "First")
    assert (second.name, second.bpm, second.artist_type, second.title) == (
        *("sub/노래.mid", None, None, "노래"),
    )
    assert (third.name, third.bpm, third.title) == ("c.mid", None, "c")
    assert listing.read_as == "UTF-8, separated by semicolons"
    assert listing.notes[-1] == "songs.csv lists 1 files that are not there: 'gone.mid'"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name,bpm\na.mid,90\n", "lacks file"),
        ("file,bpm\na.mid,fast\n", "bpm to be a number from 10 to 1,000 .* line 2, got 'fast'"),
        ("file,bpm\na.mid,9\n", "line 2, got '9'"),
        ("file,bpm\na.mid,nan\n", "line 2, got 'nan'"),
        ("file,bpm\na.mid,1e2\n", "line 2, got '1e2'"),
        ("file,artist_type\na.mid,duo\n", "artist_type to be boy, girl, mixed .* got 'duo'"),
        ("file\n../a.mid\n", "file below the folder in line 2, got '../a.mid'"),
        ("file\n/etc/a.mid\n", "line 2, got '/etc/a.mid'"),
        ('file\n"a\nb.mid"\n', r"line 2, got 'a\\nb.mid'"),
        ("file,bpm\na.mid,90\n./a.mid,91\n", "one line of 'a.mid', got another in line 3"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(SongFolderError, match=message):
        folder(tmp_path, "a.mid", table=table).listing()


def test_a_folder_without_midi_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SongFolderError, match=r"end in \.mid or \.midi .* but there is none"):
        folder(tmp_path, "a.mp3").listing()
    with pytest.raises(SongFolderError, match="No such file or directory"):
        SongFolder(tmp_path / "gone").listing()


def test_names_that_are_alike_once_composed_count_once(tmp_path: Path) -> None:
    listing = folder(tmp_path, "é.mid", unicodedata.normalize("NFD", "é.mid")).listing()
    assert [file.name for file in listing.files] == ["é.mid"]
    assert listing.notes == ["1 files are left out: each is called like another one"]


def test_names_that_are_no_text_are_fit_for_a_table(tmp_path: Path) -> None:
    for name in ("노래.mid".encode("cp949"), b"a\nb.mid"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(MIDI)
    songs = SongFolder(tmp_path)
    for file in songs.listing().files:
        assert file.name.isprintable()
        assert songs.content(file) == MIDI


def test_links_lead_inside_the_folder_and_what_is_no_file_is_not_waited_for(
    tmp_path: Path,
) -> None:
    (tmp_path / "secret.mid").write_bytes(MIDI)
    inside = tmp_path / "songs"
    songs = folder(inside, "a.mid")
    (inside / "good.mid").symlink_to("a.mid")
    (inside / "gone.mid").symlink_to("nothing.mid")
    (inside / "out.mid").symlink_to(tmp_path / "secret.mid")
    (inside / "up").symlink_to(tmp_path)
    (inside / "round").symlink_to(inside)
    os.mkfifo(inside / "pipe.mid")
    with (inside / "sparse.mid").open("wb") as file:
        file.truncate(20 * 2**30)
    reasons = {}
    for found in songs.listing().files:
        reasons[found.name] = ""
        try:
            songs.content(found)
        except SongError as error:
            reasons[found.name] = error.reason
    assert reasons == {
        "a.mid": "",
        "gone.mid": "it cannot be read (No such file or directory)",
        "good.mid": "",
        "out.mid": "it lies outside the folder",
        "pipe.mid": "it cannot be read (it is a named pipe, no regular file)",
        "sparse.mid": "it cannot be read (it has more than 4,000,000 bytes)",
    }
