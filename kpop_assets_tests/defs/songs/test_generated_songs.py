"""Songs that the network writes, and what is told of them beside real ones."""

import io
import json
from pathlib import Path

import dagster as dg
import pytest
import soundfile
from PIL import Image

from kpop_assets.defs.songs.generated_songs import generated_songs_record
from kpop_assets.defs.songs.song_checks import (
    better_than_the_ngram,
    no_copies,
    repetition_as_real,
)
from kpop_assets.defs.songs.song_quality import song_quality_record
from kpop_assets.models.songs.published import song_model_record
from kpop_assets.songs.midi.reading import read_song
from kpop_assets.songs.song_measures import MEASURES
from kpop_assets.songs.tokens import decoded
from kpop_assets.store.artifacts import Store
from kpop_assets.verify import verified
from kpop_assets_tests.conftest import failure_text, metadata
from kpop_assets_tests.models.songs.small_songs import small_song

TWO = {"songs": 2, "bars": 4, "seed": 5}


def contents(store: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (store / "generated_songs/all").iterdir()}


def test_each_song_is_there_as_midi_roll_and_sound(materialize, store: Path) -> None:
    result = materialize("generated_songs", generated_songs=TWO)
    assert result.success
    record = generated_songs_record(Store(store))
    assert [one["name"] for one in record["songs"]] == ["song-000", "song-001"]
    assert [one["seed"] for one in record["songs"]] == [5, 6]
    assert record["weights_hash"] == song_model_record(Store(store))["provenance"]["weights_hash"]
    files = contents(store)
    names = [f"song-00{number}.{kind}" for number in (0, 1) for kind in ("mid", "ogg", "png")]
    assert sorted(files) == [*names, "songs.json"]
    for one in record["songs"]:
        assert (one["bars"], set(one["measures"])) == (4, {measure.name for measure in MEASURES})
        song = read_song(files[f"{one['name']}.mid"])
        assert (len(song.notes), round(song.bpm, 1)) == (one["notes"], one["bpm"])
        heard, rate = soundfile.read(io.BytesIO(files[f"{one['name']}.ogg"]))
        assert len(heard) / rate == pytest.approx(one["seconds"], abs=0.1)
        assert Image.open(io.BytesIO(files[f"{one['name']}.png"])).width > 500
    told = metadata(result, "generated_songs")
    assert len(str(told["preview"])) < 1000
    assert not verified(Store(store)).damaged


def test_the_tempo_is_the_median_of_the_songs_learned_from_unless_one_is_asked_for(
    materialize, store: Path
) -> None:
    result = materialize("generated_songs", generated_songs=TWO)
    assert 90 < float(str(metadata(result, "generated_songs")["bpm"])) < 95
    materialize("generated_songs", generated_songs={**TWO, "bpm": 104.0})
    assert {one["bpm"] for one in generated_songs_record(Store(store))["songs"]} == {104.0}


def test_the_same_config_makes_nothing_again_and_another_seed_other_songs(
    materialize, store: Path
) -> None:
    assert materialize("generated_songs", generated_songs=TWO).success
    before = contents(store)
    again = materialize("generated_songs", generated_songs=TWO)
    assert "unchanged_since" in metadata(again, "generated_songs")
    (store / "generated_songs/all/song-000.png").unlink()
    assert materialize("generated_songs", generated_songs=TWO).success
    assert contents(store) == before
    assert materialize("generated_songs", generated_songs={**TWO, "seed": 6}).success
    assert contents(store)["song-000.mid"] == before["song-001.mid"]


def test_a_song_goes_on_from_the_first_bars_of_a_file_at_its_tempo(
    materialize, store: Path
) -> None:
    asked = {**TWO, "bars": 6, "continue_from": "song 3.mid", "key": "Am"}
    assert materialize("generated_songs", generated_songs=asked).success
    files, first = contents(store), decoded(small_song(3, 9))
    for name in ("song-000.mid", "song-001.mid"):
        song = read_song(files[name])
        begun = {(onset, pitch) for onset, _, pitch in first[first[:, 0] < 64].tolist()}
        assert begun <= {(onset, pitch) for onset, _, pitch in song.notes.tolist()}
        assert song.bpm == pytest.approx(93.0, abs=0.01)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"continue_from": "no such.mid"}, "expected a file of song_files as continue_from"),
        ({"continue_from": "song 1.mid", "bars": 4}, "ask for a longer song"),
        ({"key": "H dur"}, "expected a key such as A minor"),
        ({"temperature": 0.0}, "greater than 0"),
    ],
)
def test_what_cannot_be_written_is_refused_in_a_sentence(
    materialize, asked: dict[str, object], told: str
) -> None:
    assert told in failure_text(materialize("generated_songs", generated_songs={**TWO, **asked}))


def test_the_songs_are_put_beside_real_ones(materialize, store: Path) -> None:
    result = materialize("generated_songs", "song_quality", generated_songs=TWO)
    assert result.success
    record = song_quality_record(Store(store))
    assert record["judged_on"] == "test"
    assert record["bits_an_onset"] is not None
    assert record["to_beat"] is not None
    assert record["to_beat_with_memory"] is not None
    assert 1 < record["to_beat_with_memory"] < record["bits_an_onset"]
    assert record["bits_an_onset"] > record["to_beat"], "four steps teach little"
    assert set(record["measures"]) == {measure.name for measure in MEASURES}
    assert [one["name"] for one in record["songs"]] == ["song-000", "song-001"]
    assert all(one["ends"] for one in record["songs"])
    assert json.loads((store / "song_quality/all/quality.json").read_text())["sites"] == "folder"
    checks = {one.check_name: one for one in result.get_asset_check_evaluations()}
    assert set(checks) == {
        *("songs_are_no_copies", "songs_repeat_as_real_ones"),
        *("model_beats_the_ngram", "songs_end"),
    }
    assert checks["songs_end"].passed
    assert not checks["model_beats_the_ngram"].passed
    assert {one.severity for one in checks.values()} == {dg.AssetCheckSeverity.WARN}
    again = materialize("generated_songs", "song_quality", generated_songs=TWO)
    assert "unchanged_since" in metadata(again, "song_quality")
    assert not verified(Store(store)).damaged


def test_the_bars_that_songs_go_on_from_are_no_copies(materialize, store: Path) -> None:
    asked = {**TWO, "bars": 8, "continue_from": "song 2.mid"}
    assert materialize("generated_songs", "song_quality", generated_songs=asked).success
    for one in song_quality_record(Store(store))["songs"]:
        run = one["longest_run"]
        assert run["onsets"] < 12
        assert run["start"] >= 64 or not run["onsets"]


def test_checks_say_what_they_found() -> None:
    assert no_copies([3] * 19 + [12]).passed
    assert not no_copies([3] * 18 + [12, 13]).passed
    assert not repetition_as_real(["repeats more than real songs do"]).passed
    assert repetition_as_real([]).passed
    assert better_than_the_ngram(10.0, 12.0).passed
    assert not better_than_the_ngram(12.5, 12.0).passed
    assert "no song is held out" in str(better_than_the_ngram(None, None).description)
    incomparable = better_than_the_ngram(None, 12.0, foretells=False)
    assert incomparable.passed
    assert "not measurable: the recipe foretells no tokens" in str(incomparable.description)
