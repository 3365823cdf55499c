"""Whoever is to be told of a failed run is told which, of what and why."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.definitions import definitions
from kpop_assets.defs.cluster.alerts import AlertError, alert
from kpop_assets.errors import KpopAssetsError
from kpop_assets.settings import Settings, Team


class Chat(HTTPServer):
    """A web address for alerts on loopback, which keeps what it gets."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _ChatAnswers)
        self.got: list[dict[str, str]] = []
        self.status = 200

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks/1"


class _ChatAnswers(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Type"] == "application/json"
        self.server.got.append(json.loads(body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def chat() -> Iterator[Chat]:
    with Chat() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def told_of_a_failed_run(team: Team, store: Path, instance: dg.DagsterInstance) -> dg.DagsterRun:
    """Let a run fail and the sensor of the lineage see it, as the daemon does."""

    @dg.asset(partitions_def=dg.StaticPartitionsDefinition(["girl"]))
    def cover_generator() -> None:
        raise KpopAssetsError("expected 8 covers, got 3; crawl again")

    settings = Settings(sites="sample", covers_dir=None, store=store, team=team)
    sensor = definitions(settings).get_repository_def().get_sensor_def("failure_alerts")
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
    failed = dg.materialize(
        [cover_generator], partition_key="girl", instance=instance, raise_on_error=False
    )
    [ended] = [event for event in failed.all_events if event.is_run_failure]
    context = dg.build_run_status_sensor_context(
        sensor.name, ended, instance, failed.dagster_run
    ).for_run_failure()
    sensor(context)
    return failed.dagster_run


def test_a_web_address_gets_run_partition_step_and_cause(
    chat: Chat, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    run = told_of_a_failed_run(Team(alert_webhook=chat.address), tmp_path, instance)
    [got] = chat.got
    assert got["text"].startswith(f"kpop_assets: run {run.run_id} of girl failed. ")
    assert "cover_generator: " in got["text"]
    assert "expected 8 covers, got 3; crawl again" in got["text"]


def test_a_command_such_as_mail_gets_it_on_standard_input(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    mail = tmp_path / "mail of today"
    keep = f"import sys; open({str(mail)!r}, 'w').write(sys.stdin.read())"
    command = f'{sys.executable} -c "{keep}"'
    told_of_a_failed_run(Team(alert_command=command), tmp_path, instance)
    assert "expected 8 covers, got 3" in mail.read_text()


def test_one_that_cannot_be_told_is_named_and_the_other_is_told(chat: Chat) -> None:
    chat.status = 500
    told = Team(alert_webhook=chat.address, alert_command="no-such-mail -s kpop_assets")
    with pytest.raises(AlertError) as error:
        alert(told, "a run failed")
    assert "KPOP_ALERT_WEBHOOK: 500" in str(error.value)
    assert "KPOP_ALERT_COMMAND: " in str(error.value)
    assert "no-such-mail" in str(error.value)
    assert chat.got == [{"text": "a run failed"}]


def test_without_someone_to_tell_there_is_no_sensor_for_it(tmp_path: Path) -> None:
    lineage = definitions(Settings(sites="sample", covers_dir=None, store=tmp_path))
    sensors = {sensor.name for sensor in lineage.get_repository_def().sensor_defs}
    assert "failure_alerts" not in sensors
