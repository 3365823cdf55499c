"""The command kpop, on a store with a generator that nobody trained."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from kpop_assets.cli import kpop
from kpop_assets.covers.sets import COVER_SETS
from kpop_assets.dagster_home import SETTINGS
from kpop_assets.songs.midi.reading import read_song
from kpop_assets_tests.untrained import publish_untrained, publish_untrained_songs


def run(store: Path, *words: str) -> Result:
    environment = {"KPOP_STORE": str(store), "KPOP_COVERS_DIR": ""}
    return CliRunner(env=environment).invoke(kpop, list(words))


def test_every_command_has_an_example() -> None:
    for name in kpop.commands:
        assert f"Example: kpop {name}" in CliRunner().invoke(kpop, [name, "--help"]).output


def test_where_names_the_files_that_exist(tmp_path: Path) -> None:
    nothing = f"nothing of the set 'boy' in {tmp_path} yet\n"
    assert run(tmp_path, "where", "boy").output == nothing
    (tmp_path / "gallery.html").touch()
    (tmp_path / "conditional_samples" / "all").mkdir(parents=True)
    (tmp_path / "conditional_samples" / "all" / "sheet.png").touch()
    page, of_all, last = run(tmp_path, "where", "boy").output.splitlines(keepends=True)
    assert page == f"      the page  {tmp_path / 'gallery.html'} (make gallery)\n"
    assert of_all.startswith(" any set, year  ")
    assert last == nothing
    film = tmp_path / "training_gif" / "boy" / "training.mp4"
    film.parent.mkdir(parents=True)
    film.touch()
    assert run(tmp_path, "where", "boy").output == f"{page} training film  {film}\n{of_all}"


def test_the_history_of_a_store_lies_in_it_with_the_settings_of_the_project(tmp_path: Path) -> None:
    for _ in range(2):
        assert run(tmp_path / "store", "dagster-home").output == f"{tmp_path}/store/dagster\n"
        settings = tmp_path / "store/dagster/dagster.yaml"
        assert settings.read_bytes() == SETTINGS.read_bytes()
        settings.write_text("telemetry: {enabled: true}")


def test_where_lists_the_generators_and_marks_the_current_one(tmp_path: Path) -> None:
    publish_untrained(tmp_path, "original-32px-111111", seed=1)
    publish_untrained(tmp_path, "original-32px-222222", seed=2)
    first, *lines = run(tmp_path, "where", "girl").output.splitlines()
    assert first == f"    generators  {tmp_path / 'cover_generator/girl'}"
    told = "original, 32 pixels, 1,000 steps, 2026-01-02 03:04, KID 91"
    assert [line.strip() for line in lines] == [
        f"*  original-32px-222222  {told}",
        f"original-32px-111111  {told}",
    ]


def test_draw_takes_another_generator_by_its_name(tmp_path: Path) -> None:
    for seed in (1, 2):
        publish_untrained(tmp_path, f"original-32px-{seed}", seed)
    draw = ("draw", "girl", "--count", "1", "--out", str(tmp_path))
    drawn = []
    for other in ((), ("--generator", "original-32px-1"), ("--generator", "original-32px-2")):
        assert run(tmp_path, *draw, *other).exit_code == 0
        drawn.append((tmp_path / "girl-0-000.png").read_bytes())
    assert drawn[0] == drawn[2] != drawn[1]
    done = run(tmp_path, *draw, "--generator", "original")
    assert "choose one of original-32px-2, original-32px-1" in done.output


def test_a_wrong_set_is_answered_with_the_four(tmp_path: Path) -> None:
    done = run(tmp_path, "where", "boys")
    assert done.exit_code != 0
    assert all(name in done.output for name in COVER_SETS)


def test_draw_writes_the_covers_of_a_seed(published: Path, tmp_path: Path) -> None:
    done = run(
        published,
        "draw",
        "girl",
        "--count",
        "2",
        "--seed",
        "7",
        "--size",
        "48",
        "--out",
        str(tmp_path / "out"),
    )
    assert done.exit_code == 0, done.output
    files = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in files] == ["girl-7-000.png", "girl-7-001.png"]
    assert [Image.open(path).size for path in files] == [(48, 48)] * 2


@pytest.mark.parametrize("kind", ["mp4", "gif", "webp"])
def test_film_writes_a_film(published: Path, tmp_path: Path, kind: str) -> None:
    done = run(
        published,
        "film",
        "girl",
        "--format",
        kind,
        "--frames",
        "3",
        "--scale",
        "2",
        "--out",
        str(tmp_path),
    )
    assert done.exit_code == 0, done.output
    assert (tmp_path / f"girl-0.{kind}").stat().st_size > 100


@pytest.mark.parametrize("command", ["draw", "film"])
def test_without_a_generator_a_line_says_what_to_materialize(command: str, tmp_path: Path) -> None:
    done = run(tmp_path, command, "girl", "--out", str(tmp_path / "out"))
    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert "materialize cover_generator [girl] first" in done.output
    assert not (tmp_path / "out").exists()


def test_a_missing_generator_is_named_before_tensorflow_is_loaded(tmp_path: Path) -> None:
    program = (
        "import sys, kpop_assets\n"
        "try: kpop_assets.load('girl', store=sys.argv[1])\n"
        "except Exception as error: print(error)\n"
        "print('tensorflow' in sys.modules)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    refusal, loaded = said.splitlines()
    assert "materialize cover_generator [girl] first" in refusal
    assert loaded == "False"


def test_a_song_is_written_to_all_files_asked_for(tmp_path: Path) -> None:
    publish_untrained_songs(tmp_path)
    files = [tmp_path / name for name in ("a.mid", "a.png")]
    asked = ("--bars", "3", "--seed", "5", "--key", "A minor", "--bpm", "96.5")
    done = run(tmp_path, "song", *asked, *(word for path in files for word in ("--out", str(path))))
    assert done.exit_code == 0, done.output
    assert done.output.startswith("3 bars, ")
    assert done.output.endswith(f" 96.5 beats a minute: {files[0]}, {files[1]}\n")
    assert read_song(files[0].read_bytes()).bpm == 96.5
    assert Image.open(files[1]).format == "PNG"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "materialize song_model first"),
        (("--out", "song.mp3"), "ends in .mid, .ogg, .png, got song.mp3"),
        (("--key", "H"), "expected a key such as A minor"),
    ],
)
def test_a_song_that_cannot_be_made_is_one_line(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = run(tmp_path, "song", *words)
    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert said in done.output


def test_a_missing_network_of_songs_is_named_before_tensorflow_is_loaded(tmp_path: Path) -> None:
    program = (
        "import sys, kpop_assets\n"
        "try: kpop_assets.compose(store=sys.argv[1])\n"
        "except Exception as error: print(error)\n"
        "print({'tensorflow', 'pandas', 'matplotlib', 'dagster'} & set(sys.modules))\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    refusal, loaded = said.splitlines()
    assert "materialize song_model first" in refusal
    assert loaded == "set()"


def test_gallery_opens_the_page_or_says_what_to_materialize(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert "materialize gallery_page first" in run(tmp_path, "gallery").output
    (tmp_path / "gallery.html").write_text("page")
    assert run(tmp_path, "gallery").output == f"{tmp_path / 'gallery.html'}\n"
    assert opened == [(tmp_path / "gallery.html").as_uri()]


def test_review_says_what_to_materialize(tmp_path: Path) -> None:
    assert "materialize cover_catalog first" in run(tmp_path, "review").output
