"""Untrained networks put into a store, where a test needs one and not what it learned."""

from pathlib import Path

from kpop_assets.models.published import make_current, trained_asset
from kpop_assets.models.settings import TrainingSettings
from kpop_assets.store.artifacts import Store
from kpop_assets.store.records import file_digests, record_bytes


def publish_untrained_songs(store: Path, recipe: str = "lstm") -> None:
    """Put an untrained network of songs into a store."""
    from kpop_assets.models.songs.published import (
        ASSET,
        NETWORK_FILE,
        RECORD_FILE,
        song_model_folder,
        write_song_network,
    )
    from kpop_assets.models.songs.settings import SongSettings
    from kpop_assets.models.training_record import weights_hash

    settings = SongSettings(recipe=recipe, width=8, layers=1, window=16).filled()
    network = settings.network()
    folder = song_model_folder(Store(store))
    folder.mkdir(parents=True)
    write_song_network(folder / NETWORK_FILE, network)
    record = {
        "sites": "sample",
        "config": settings.model_dump(),
        "provenance": {
            **{"songs": 6, "weights_hash": weights_hash(network), "best_step": 1},
            "finished_at": "2026-01-02T03:04:05+00:00",
        },
        "losses": {"step": [1]},
        "evaluations": {"step": [1]},
        "to_beat": None,
        "fingerprint": "",
        "files": file_digests(folder),
    }
    (folder / RECORD_FILE).write_bytes(record_bytes(record, ASSET))


def publish_untrained_conditional(store: Path, steps: int = 200) -> None:
    """Put an untrained generator that is told set and year into a store."""
    from kpop_assets.models.drifting.light_generator import build_light_generator
    from kpop_assets.models.generator_files import save_generator
    from kpop_assets.models.published import MODEL_FILE, RECORD_FILE
    from kpop_assets.models.training_record import weights_hash

    settings = TrainingSettings(steps=steps, image_size=32, noise_size=8, width=4)
    generator = build_light_generator(32, 8 + 3 + 4, 4, seed=0)
    folder = store / "conditional_generator" / "all" / "drifting-32px-000000"
    folder.mkdir(parents=True)
    save_generator(generator, folder / MODEL_FILE)
    record = {
        "sites": "sample",
        "config": settings.for_cover_set("").model_dump(),
        "conditions": [
            {"name": "set", "values": ["boy", "general", "girl"]},
            {"name": "year", "low": 2010.0, "high": 2020.0},
        ],
        "provenance": {
            **{"covers": 24, "weights_hash": weights_hash(generator), "best_step": steps},
            "finished_at": "2026-01-02T03:04:05+00:00",
        },
        "losses": {"step": [1]},
        "evaluations": {},
        "files": file_digests(folder),
    }
    (folder / RECORD_FILE).write_bytes(record_bytes(record, trained_asset(folder)))
    make_current(folder)


def publish_untrained(store: Path, name: str, seed: int, cover_set: str = "girl") -> None:
    """Put an untrained generator of 32 pixels into a store as the current one of a set."""
    from kpop_assets.models.generator_files import save_generator
    from kpop_assets.models.networks.dcgan_networks import build_generator
    from kpop_assets.models.published import MODEL_FILE, RECORD_FILE
    from kpop_assets.models.training_record import weights_hash

    folder = store / "cover_generator" / cover_set / name
    generator = build_generator(32, 8, 4, seed)
    save_generator(generator, folder / MODEL_FILE)
    record = {
        "sites": "sample",
        "config": {"recipe": "original", "image_size": 32, "steps": 1000},
        "provenance": {
            "covers": 6,
            "weights_hash": weights_hash(generator),
            "best_step": 1,
            "finished_at": "2026-01-02T03:04:05+00:00",
        },
        "losses": {"step": [1]},
        "evaluations": {"step": [1], "kid": [91.2]},
        "files": file_digests(folder),
    }
    (folder / RECORD_FILE).write_bytes(record_bytes(record, trained_asset(folder)))
    make_current(folder)
