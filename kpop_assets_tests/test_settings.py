from pathlib import Path

import pytest

from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.settings import RayCluster, Settings, SettingsError, Team
from kpop_assets.sites.http.manners import Manners


def test_the_default_is_the_sample_world_and_a_store_in_the_project() -> None:
    settings = Settings.from_environment({})
    assert settings == Settings("sample", None, PROJECT_FOLDER / "data" / "store")


def test_a_folder_of_covers_is_a_world_of_its_own(tmp_path: Path) -> None:
    environment = {"KPOP_SITES": "live"}
    assert Settings.from_environment(environment).world == "live"
    environment["KPOP_COVERS_DIR"] = str(tmp_path)
    assert Settings.from_environment(environment).world == "folder"


def test_empty_values_count_as_unset() -> None:
    empty = {"KPOP_SITES": "", "KPOP_COVERS_DIR": "", "KPOP_STORE": ""}
    assert Settings.from_environment(empty) == Settings.from_environment({})


def test_an_unknown_world_is_refused() -> None:
    with pytest.raises(SettingsError, match="'sample' or 'live', got 'prod'"):
        Settings.from_environment({"KPOP_SITES": "prod"})


def test_the_store_may_lie_on_s3() -> None:
    store = Settings.from_environment({"KPOP_STORE": "s3://bucket/store"}).store
    assert str(store) == "s3://bucket/store"


def test_a_store_elsewhere_is_refused() -> None:
    with pytest.raises(SettingsError, match="s3://bucket/folder, got ftp://host/store"):
        Settings.from_environment({"KPOP_STORE": "ftp://host/store"})


def test_a_covers_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="KPOP_COVERS_DIR"):
        Settings.from_environment({"KPOP_COVERS_DIR": str(tmp_path / "none")})


def test_additional_songs_are_beside_ones_own(tmp_path: Path) -> None:
    both = {"KPOP_SONGS_DIR": str(tmp_path), "KPOP_MORE_SONGS_DIR": str(tmp_path)}
    settings = Settings.from_environment(both)
    assert (settings.songs_dir, settings.more_songs_dir) == (tmp_path, tmp_path)
    assert Settings.from_environment({**both, "KPOP_MORE_SONGS_DIR": ""}).more_songs_dir is None
    with pytest.raises(SettingsError, match="expected KPOP_SONGS_DIR beside KPOP_MORE_SONGS_DIR"):
        Settings.from_environment({**both, "KPOP_SONGS_DIR": ""})
    with pytest.raises(SettingsError, match="expected KPOP_MORE_SONGS_DIR to be a folder of MIDI"):
        Settings.from_environment({**both, "KPOP_MORE_SONGS_DIR": str(tmp_path / "none")})


def test_the_manners_towards_live_sites_come_from_the_environment() -> None:
    assert Settings.from_environment({}).manners == Manners()
    environment = {
        "KPOP_USER_AGENT": "my-study/1 (me@example.org)",
        "KPOP_BROWSER_USER_AGENT": "Mozilla/5.0 mine",
        "KPOP_PAUSE_S": "2.5",
        "KPOP_PARALLEL_PER_HOST": "1",
        "KPOP_ROBOTS": "ignore",
    }
    assert Settings.from_environment(environment).manners == Manners(
        "my-study/1 (me@example.org)", "Mozilla/5.0 mine", 2.5, 1, honour_robots=False
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KPOP_PAUSE_S", "soon"),
        ("KPOP_WAIT_MINUTES", "-1"),
        ("KPOP_PAUSE_S", "-1"),
        ("KPOP_PAUSE_S", "nan"),
        ("KPOP_PARALLEL_PER_HOST", "0"),
        ("KPOP_ROBOTS", "perhaps"),
        ("KPOP_USER_AGENT", "a\r\nX-Injected: b"),
    ],
)
def test_manners_that_cannot_be_are_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"expected {name} to be"):
        Settings.from_environment({name: value})


def test_a_ray_cluster_is_its_dashboard_and_what_trainings_ask_for() -> None:
    assert Settings.from_environment({}).ray is None
    environment = {"KPOP_RAY_ADDRESS": "http://head:8265"}
    assert Settings.from_environment(environment).ray == RayCluster("http://head:8265", 1.0, 0.0)
    environment |= {"KPOP_RAY_TRAINING_CPUS": "4", "KPOP_RAY_TRAINING_GPUS": "0.5"}
    assert Settings.from_environment(environment).ray == RayCluster("http://head:8265", 4.0, 0.5)
    with pytest.raises(SettingsError, match=r"http://127.0.0.1:8265, the cluster's .*, got 'auto'"):
        Settings.from_environment({"KPOP_RAY_ADDRESS": "auto"})


def test_a_team_has_sources_asked_again_and_is_told_of_failures() -> None:
    assert Settings.from_environment({}).team == Team()
    environment = {"KPOP_SOURCE_RETRIES": "3", "KPOP_ALERT_COMMAND": "mail -s kpop_assets me"}
    assert Settings.from_environment(environment).team == Team(3, None, "mail -s kpop_assets me")
    with pytest.raises(SettingsError, match="expected KPOP_ALERT_WEBHOOK to be an address"):
        Settings.from_environment({"KPOP_ALERT_WEBHOOK": "me@example.org"})
