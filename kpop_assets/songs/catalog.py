"""The catalog of songs: what each plays, on which side it is, or why it is left out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpop_assets.songs.copies import same_songs
from kpop_assets.songs.errors import SongError
from kpop_assets.songs.keys import key_of
from kpop_assets.songs.midi.reading import read_song
from kpop_assets.songs.song import Song
from kpop_assets.songs.song_measures import MEASURES, song_measures
from kpop_assets.songs.split import MORE, split
from kpop_assets.songs.tokens import encoded

FILE_COLUMNS = ("file", "title", "artist", "artist_type", "bpm", "midi", "reason", "more")
OWN_TOO = "it is one of your own songs too"
"""Why an additional song is left out that is in the folder of one's own, too."""


def song_files_table(rows: Iterable[Mapping[str, object]], sites: str) -> pd.DataFrame:
    """Return the table of song files, a row a file; `sites` is the world that all are from.

    Its columns are FILE_COLUMNS and sites: `midi` is bytes, `bpm` what a person said of the tempo,
    `reason` why a file could not be read, `more` whether it is an additional one, False unless
    given. What else a row does not have is null.
    """
    table = pd.DataFrame(list(rows), columns=list(FILE_COLUMNS))
    words = dict.fromkeys(("file", "title", "artist", "artist_type", "reason"), "string")
    table["more"] = table["more"].eq(True)
    return table.astype({**words, "bpm": "float64"}).assign(sites=sites)


def catalog_table(files: pd.DataFrame) -> pd.DataFrame:
    """Return a row a song of the table of song files, in its order.

    Beside its columns but `midi`: notes, onsets, bars, key, key_certainty, bpm, tempo_from, bar (in
    sixteenths), the measures of song_measures.py, and split (train, validation, test, or more for
    additional songs, of which those are left out that are among the others too). A song that is
    left out has `reason` in place of them.
    """
    rows = _rows(files)
    is_more = np.array([bool(row.get("more")) for row in rows], np.bool_)
    read = _without_own([_read(row) for row in rows], is_more)
    there = [place for place, one in enumerate(read) if isinstance(one, Song)]
    songs = [one for one in read if isinstance(one, Song)]
    about = files.drop(columns=["midi", "bpm"]).reset_index(drop=True)
    about["reason"] = [one if isinstance(one, str) else None for one in read]
    facts = pd.DataFrame([_facts(song) for song in songs], index=there, columns=_FACTS)
    facts["split"] = _sides(songs, is_more[there])
    return about.astype({"reason": "string"}).join(facts).astype(_TYPES)


def token_table(files: pd.DataFrame, catalog: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each song that the catalog does not leave out: file, split, tokens."""
    rows = [
        {"file": row["file"], "split": side, "tokens": encoded(song.notes)}
        for row, side in zip(_rows(files), catalog["split"], strict=True)
        if isinstance(side, str) and isinstance(song := _read(row), Song)
    ]
    return pd.DataFrame(rows, columns=["file", "split", "tokens"])


def songs_of(files: pd.DataFrame) -> Iterator[Song]:
    """Yield the songs of the table of song files that are not left out, in its order."""
    for row in _rows(files):
        song = _read(row)
        if isinstance(song, Song):
            yield song


def _rows(files: pd.DataFrame) -> list[dict[str, Any]]:
    rows = files.astype(object).where(files.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _read(row: dict[str, Any]) -> Song | str:
    """Return the song of a file, or why it has none."""
    if row["midi"] is None:
        return str(row["reason"])
    try:
        song = read_song(row["midi"])
    except SongError as error:
        return error.reason
    return replace(song, bpm=row["bpm"], tempo_from="csv") if row["bpm"] else song


def _without_own(read: Sequence[Song | str], is_more: NDArray[np.bool_]) -> list[Song | str]:
    """Return the songs, with OWN_TOO in place of additional ones that are one's own too."""
    there = [place for place, one in enumerate(read) if isinstance(one, Song)]
    if not is_more.any():
        return list(read)
    which = same_songs([one for one in read if isinstance(one, Song)])
    known = np.isin(which, which[~is_more[there]]) & is_more[there]
    left_out = {place for place, is_known in zip(there, known, strict=True) if is_known}
    return [OWN_TOO if place in left_out else one for place, one in enumerate(read)]


def _sides(songs: Sequence[Song], is_more: NDArray[np.bool_]) -> list[str]:
    """Return the side of each song; additional ones do not change those of the others."""
    own = iter(split([song for song, more in zip(songs, is_more, strict=True) if not more]))
    return [MORE if more else next(own) for more in is_more]


def _facts(song: Song) -> dict[str, object]:
    key = key_of(song)
    return {
        "notes": len(song.notes),
        "onsets": len(np.unique(song.notes[:, 0])),
        "bars": -(-song.length // song.bar),
        "key": key.name,
        "key_certainty": key.certainty,
        "bpm": song.bpm,
        "tempo_from": song.tempo_from,
        "bar": song.bar,
        **song_measures(song),
    }


_COUNTS = ("notes", "onsets", "bars", "bar")
_WORDS = ("key", "tempo_from", "split")
_NUMBERS = ("key_certainty", "bpm", *(measure.name for measure in MEASURES))
_FACTS = ["notes", "onsets", "bars", "key", "key_certainty", "bpm", "tempo_from", "bar"]
_FACTS += [measure.name for measure in MEASURES]
_TYPES = dict.fromkeys(_COUNTS, "Int64") | dict.fromkeys(_WORDS, "string")
_TYPES |= dict.fromkeys(_NUMBERS, "float64")
