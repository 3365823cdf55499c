"""A store with composed songs: parts of the sample world's, rendered by our piano."""

from pathlib import Path

import numpy as np
from PIL import Image

from kpop_assets.defs.songs.generated_songs import generated_songs_folder
from kpop_assets.defs.songs.song_quality import song_quality_path
from kpop_assets.models.songs.published import song_model_folder
from kpop_assets.sample_world.songs import SampleSong, sample_songs
from kpop_assets.songs.beside_real import LearnedSong, RealSongs, measures_beside, songs_beside
from kpop_assets.songs.catalog import catalog_table, song_files_table
from kpop_assets.songs.keys import key_of
from kpop_assets.songs.midi.writing import midi_bytes
from kpop_assets.songs.showing.piano_roll import roll_png, roll_preview
from kpop_assets.songs.showing.rendering import rendered
from kpop_assets.songs.song import Song
from kpop_assets.songs.song_measures import song_measures
from kpop_assets.store.artifacts import Store
from kpop_assets.store.files import atomic_file
from kpop_assets.store.records import file_digests, record_bytes
from kpop_assets.store.tables import write_table

WEIGHTS = "0" * 64


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
    folder = generated_songs_folder(store)
    folder.mkdir(parents=True)
    songs = {f"song-{number:03d}": song for number, song in enumerate(made)}
    records = []
    for number, (name, song) in enumerate(songs.items()):
        midi = midi_bytes(song)
        sound = rendered(song, midi)
        (folder / f"{name}.mid").write_bytes(midi)
        (folder / f"{name}.ogg").write_bytes(sound.ogg())
        (folder / f"{name}.png").write_bytes(roll_png(song))
        about = {"name": name, "seed": number, "bars": bars[number], "bpm": song.bpm}
        heard = {"made_by": sound.made_by, "seconds": len(sound.samples) / sound.rate}
        told = {"key": key_of(song).name, "notes": len(song.notes)}
        records.append({**about, **heard, **told, "measures": song_measures(song)})
    about = {"asked": {}, "continued": None, "weights_hash": WEIGHTS, "sites": sites}
    record = {"songs": records, **about, "files": file_digests(folder)}
    (folder / "songs.json").write_bytes(record_bytes(record, "generated_songs"))
    learned = [LearnedSong("a tune.mid", title, samples[1].song)]
    measures = [song_measures(one.song) for one in samples]
    real = RealSongs({name: [one[name] for one in measures] for name in measures[0]}, learned)
    write_quality(store, songs, real, sites)
    write_frames(store, made[0], sites)


def write_tables(store: Store, samples: tuple[SampleSong, ...], sites: str) -> None:
    rows = [
        {"file": f"{one.title}.mid", "title": one.title, "midi": midi_bytes(one.song)}
        for one in samples
    ]
    files = song_files_table(rows, sites)
    for asset, table in (("song_files", files), ("song_catalog", catalog_table(files))):
        with atomic_file(store.table(asset)) as file:
            write_table(file, table, asset)


def write_quality(store: Store, songs: dict[str, Song], real: RealSongs, sites: str) -> None:
    record = {
        **{"bits_an_onset": 7.4, "to_beat": 9.8, "judged_on": "test"},
        "to_beat_with_memory": 8.1,
        "measures": measures_beside(list(songs.values()), real),
        "songs": songs_beside(songs, real),
        **{"usual_measures": 5, "longest_run": 7, "original_share": 0.5, "monotonous_songs": []},
        **{"weights_hash": WEIGHTS, "sites": sites},
    }
    path = song_quality_path(store)
    path.parent.mkdir(parents=True)
    path.write_bytes(record_bytes(record, "song_quality"))


def write_frames(store: Store, song: Song, sites: str) -> None:
    folder = song_model_folder(store)
    (folder / "frames").mkdir(parents=True)
    for step in (50, 100, 150):
        preview = Image.fromarray(roll_preview(first_bars(song, step // 25)))
        preview.save(folder / "frames" / f"{step:06d}.png")
    provenance = {"songs": 6, "weights_hash": WEIGHTS, "best_step": 1, "finished_at": ""}
    learned = {"losses": {"step": [1]}, "evaluations": {"step": [1]}, "to_beat": 9.8}
    record = {"sites": sites, "config": {}, "provenance": provenance, **learned, "fingerprint": ""}
    sealed = record_bytes({**record, "files": file_digests(folder)}, "song_model")
    (folder / "song_model.json").write_bytes(sealed)
