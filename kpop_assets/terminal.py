"""The one way out to terminal and log: control characters in names from outside are escaped."""

import logging
import sys
import traceback
from typing import Any

from kpop_assets.text import printable


def say(text: str) -> None:
    """Print the text; control characters, and letters that the terminal lacks, as escapes."""
    encoding = sys.stdout.encoding or "utf-8"
    print(printable(text).encode(encoding, "backslashreplace").decode(encoding))


def escape_log_records() -> None:
    """Make every log record of this process printable, whichever logger and handler shows it."""
    logging.setLogRecordFactory(printable_record)


def printable_record(*values: Any, **named: Any) -> logging.LogRecord:
    """Return a log record with control characters of its message and traceback escaped."""
    record = logging.LogRecord(*values, **named)
    try:
        message = record.getMessage()
    except (TypeError, ValueError, KeyError):
        return record  # a message that does not fit its arguments: logging names it itself
    if (shown := printable(message)) != message:
        record.msg, record.args = shown, None
    if record.exc_info and record.exc_info[0] is not None:
        trace = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        if (shown := printable(trace)) != trace:
            record.exc_text = shown
    return record
