"""A store with composed songs: parts of the sample world's, rendered by our piano."""

from pathlib import Path

import numpy as np
from PIL import Image

from kpop_assets.sample_world.songs import SampleSong, sample_songs
from kpop_assets.songs.catalog import catalog_table, song_files_table
from kpop_assets.songs.piano_roll import roll_png, roll_preview
from kpop_assets.songs.rendering import rendered
from kpop_assets.songs.song import Song
from kpop_assets.songs.song_measures import MEASURES, song_measures
from kpop_assets.songs.writing import midi_bytes
from kpop_assets.store.artifacts import Store
from kpop_assets.store.files import atomic_file
from kpop_assets.store.records import file_digests, record_bytes
from kpop_assets.store.tables import write_table


def first_bars(song: Song, bars: int) -> Song:
    notes = song.notes[song.notes[:, 0] < bars * song.bar].copy()
    notes[:, 1] = np.minimum(notes[:, 1], bars * song.bar - notes[:, 0])
    return Song(notes, song.bpm, song.tempo_from, song.bar)


def write_songs(
    root: Path, sites: str = "sample", bars: tuple[int, ...] = (8, 40), title: str = "A Tune"
) -> None:
    """Write what the assets of songs write: files, catalog, composed songs, quality, frames."""
    store = Store(root)
    samples = sample_songs(6)
    write_tables(store, samples, sites)
    made = [first_bars(one.song, count) for one, count in zip(samples, bars, strict=False)]
    folder = store.folder("generated_songs", "all")
    folder.mkdir(parents=True)
    records = []
    for number, song in enumerate(made):
        name, midi = f"song-{number:03d}", midi_bytes(song)
        sound = rendered(song, midi)
        (folder / f"{name}.mid").write_bytes(midi)
        (folder / f"{name}.ogg").write_bytes(sound.ogg())
        (folder / f"{name}.png").write_bytes(roll_png(song))
        about = {"name": name, "seed": number, "bars": bars[number], "bpm": song.bpm}
        heard = {"made_by": sound.made_by, "seconds": len(sound.samples) / sound.rate}
        records.append({**about, **heard, "key": "C major", "measures": song_measures(song)})
    record = {"songs": records, "files": file_digests(folder)}
    (folder / "songs.json").write_bytes(record_bytes(record, "generated_songs"))
    write_quality(store, made, [one.song for one in samples], title)
    write_frames(store, made[0])


def write_tables(store: Store, samples: tuple[SampleSong, ...], sites: str) -> None:
    rows = [
        {"file": f"{one.title}.mid", "title": one.title, "midi": midi_bytes(one.song)}
        for one in samples
    ]
    files = song_files_table(rows, sites)
    for asset, table in (("song_files", files), ("song_catalog", catalog_table(files))):
        with atomic_file(store.table(asset)) as file:
            write_table(file, table, asset)


def write_quality(store: Store, made: list[Song], others: list[Song], title: str) -> None:
    composed, real = ([song_measures(song) for song in songs] for songs in (made, others))
    measures = {}
    for measure in MEASURES:
        values = np.array([one[measure.name] for one in real])
        measures[measure.name] = {
            "generated": float(np.mean([one[measure.name] for one in composed])),
            "real": float(values.mean()),
            "spread": float(values.std()),
            "words": "as much",
        }
    record = {
        **{"bits_an_onset": 7.4, "ngram_bits_an_onset": 9.8, "on": "test", "songs": len(made)},
        "measures": measures,
        "copies": [
            {"name": f"song-{number:03d}", "onsets": onsets, "title": title}
            for number, onsets in enumerate((7, 14, 0)[: len(made)])
        ],
    }
    folder = store.folder("song_quality", "all")
    folder.mkdir(parents=True)
    (folder / "quality.json").write_bytes(record_bytes(record, "song_quality"))


def write_frames(store: Store, song: Song) -> None:
    folder = store.folder("song_model", "all")
    (folder / "frames").mkdir(parents=True)
    for step in (50, 100, 150):
        preview = Image.fromarray(roll_preview(first_bars(song, step // 25)))
        preview.save(folder / "frames" / f"{step:06d}.png")
    record = {"files": file_digests(folder)}
    (folder / "song_model.json").write_bytes(record_bytes(record, "song_model"))
