"""Whom a failed run is told: a web address, a command, or both, as the environment says."""

import shlex
import subprocess

import dagster as dg
import requests

from kpop_assets.defs.world import settings_in_use
from kpop_assets.errors import KpopAssetsError
from kpop_assets.settings import Team

PATIENCE_S = 20
MOST_LETTERS = 2_000


class AlertError(KpopAssetsError):
    """Nobody could be told of a failed run."""


def alert(team: Team, text: str) -> None:
    """Tell everyone of whom the settings know; raises AlertError after the others were told.

    The web address gets JSON with the field `text`, as Slack, Mattermost and others take it; the
    command gets the text on standard input.
    """
    troubles = []
    if team.alert_webhook:
        try:
            posted = requests.post(team.alert_webhook, json={"text": text}, timeout=PATIENCE_S)
            posted.raise_for_status()
        except requests.RequestException as error:
            troubles.append(f"KPOP_ALERT_WEBHOOK: {error}")
    if team.alert_command:
        try:
            subprocess.run(
                shlex.split(team.alert_command),
                input=text,
                text=True,
                capture_output=True,
                timeout=PATIENCE_S,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            troubles.append(f"KPOP_ALERT_COMMAND: {error}")
    if troubles:
        raise AlertError(
            f"expected to tell of a failed run, but {'; '.join(troubles)}; correct the variable, "
            f"or unset it. Untold: {text}"
        )


def failure_text(context: dg.RunFailureSensorContext) -> str:
    """Return which run failed, of what, and the first words of why."""
    run = context.dagster_run
    steps = [
        f"{event.step_key}: {_cause(event)}" for event in context.get_step_failure_events()
    ] or [context.failure_event.message or ""]
    partition = run.tags.get("dagster/partition")
    of = f" of {partition}" if partition else ""
    text = f"kpop_assets: run {run.run_id}{of} failed. " + " | ".join(steps)
    return text[:MOST_LETTERS]


def _cause(event: dg.DagsterEvent) -> str:
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message.strip() if error else event.message or ""


def definitions() -> dg.Definitions:
    """Return the sensor that tells of failed runs, on from the start, where someone is to be told.

    It also sees runs whose process or machine died: run monitoring reports them as failed.
    """
    team = settings_in_use().team
    if not team.alert_webhook and not team.alert_command:
        return dg.Definitions()

    @dg.run_failure_sensor(
        name="failure_alerts",
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells KPOP_ALERT_WEBHOOK and KPOP_ALERT_COMMAND of each run that failed.",
    )
    def failure_alerts(context: dg.RunFailureSensorContext) -> None:
        alert(team, failure_text(context))

    return dg.Definitions(sensors=[failure_alerts])
