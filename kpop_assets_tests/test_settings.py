from pathlib import Path

import pytest

from kpop_assets.settings import PROJECT_FOLDER, Settings, SettingsError


def test_the_default_is_the_sample_world_and_a_store_in_the_project() -> None:
    settings = Settings.from_environment({})
    assert settings == Settings("sample", None, PROJECT_FOLDER / "data" / "store")


def test_empty_values_count_as_unset() -> None:
    empty = {"KPOP_SITES": "", "KPOP_COVERS_DIR": "", "KPOP_STORE": ""}
    assert Settings.from_environment(empty) == Settings.from_environment({})


def test_an_unknown_world_is_refused() -> None:
    with pytest.raises(SettingsError, match="'sample' or 'live', got 'prod'"):
        Settings.from_environment({"KPOP_SITES": "prod"})


def test_a_store_that_is_no_local_folder_is_refused() -> None:
    with pytest.raises(SettingsError, match="local folder, got 's3://bucket/store'"):
        Settings.from_environment({"KPOP_STORE": "s3://bucket/store"})


def test_a_covers_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="KPOP_COVERS_DIR"):
        Settings.from_environment({"KPOP_COVERS_DIR": str(tmp_path / "none")})
