"""The messages of a run on the terminal: a short line each."""

import logging

import dagster as dg
from dagster import DagsterEvent
from dagster._utils.error import SerializableErrorInfo

from kpop_assets.text import printable


@dg.logger(
    config_schema={"log_level": dg.Field(str, default_value="INFO")},
    description="Messages of the assets as short lines; a failed step as its error in one line.",
)
def console(context: dg.InitLoggerContext) -> logging.Logger:
    """Return a logger for the terminal; presets choose it as `loggers: {console: {}}`."""
    logger = logging.Logger("kpop_assets.run", level=context.logger_config["log_level"])
    handler = logging.StreamHandler()
    handler.setFormatter(RunFormatter())
    logger.addHandler(handler)
    return logger


class RunFormatter(logging.Formatter):
    """Formats Dagster's log records as `12:34:56  asset: message`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a failure is the error that Dagster met, without a traceback.

        Control characters in names from outside are escaped.
        """
        meta = getattr(record, "dagster_meta", {})
        event: DagsterEvent | None = meta.get("dagster_event")
        step = meta.get("step_key")
        message = meta.get("orig_message") or record.getMessage()
        error = _error_of(event) if event is not None else None
        if error is not None and error.cls_name == dg.DagsterExecutionInterruptedError.__name__:
            message = "cancelled"
        elif error is not None:
            met = error.cause if (error.cls_name or "").startswith("Dagster") else None
            message = f"failed: {(met or error).message.strip()}"
        line = f"{self.formatTime(record, '%H:%M:%S')}  {f'{step}: ' if step else ''}{message}"
        return printable(line)


def _error_of(event: DagsterEvent) -> SerializableErrorInfo | None:
    """Return what a step, or a run before its first step, failed with."""
    if event.is_step_failure:
        return event.step_failure_data.error
    if event.is_job_failure and event.job_failure_data.first_step_failure_event is None:
        return event.job_failure_data.error
    return None
