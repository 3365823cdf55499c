"""The files of deploy/ agree with each other and with the program."""

import re

import pytest
import yaml

from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.settings import Settings

DEPLOY = PROJECT_FOLDER / "deploy"
LINES = (DEPLOY / ".env.example").read_text().splitlines()
NAMED = {line.lstrip("#").split("=")[0] for line in LINES if re.match(r"#?[A-Z_]+=", line)}


@pytest.mark.parametrize("file", sorted(path.name for path in DEPLOY.glob("*.yaml")))
def test_every_file_is_yaml(file: str) -> None:
    assert yaml.safe_load((DEPLOY / file).read_text())


def test_variables_that_the_files_use_are_in_the_example() -> None:
    compose = (DEPLOY / "compose.yaml").read_text()
    instance = (DEPLOY / "dagster.yaml").read_text()
    proxy = (DEPLOY / "Caddyfile").read_text()
    used = (
        set(re.findall(r"(?<!\$)\$\{(\w+)", compose))
        | set(re.findall(r"env: (\w+)", instance))
        | set(re.findall(r"\{\$(\w+)\}", proxy))
    )
    assert used
    assert used <= NAMED


def test_the_example_is_understood() -> None:
    given = dict(line.split("=", 1) for line in LINES if re.match(r"[A-Z_]+=", line))
    settings = Settings.from_environment({**given, "KPOP_STORE": ""})
    assert settings.ray is not None
    assert settings.team.source_retries == 3


def test_compose_starts_what_the_workspace_and_the_proxy_look_for() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    workspace = yaml.safe_load((DEPLOY / "workspace.yaml").read_text())
    assert workspace["load_from"][0]["grpc_server"]["host"] in services
    assert "reverse_proxy webserver:3000" in (DEPLOY / "Caddyfile").read_text()
    assert {"webserver", "daemon", "postgres", "ray-head", "ray-node"} <= set(services)
    published = [name for name, service in services.items() if "ports" in service]
    assert published == ["proxy"]
