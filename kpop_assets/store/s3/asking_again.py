"""When a request to S3 that failed is sent again, and for how long.

botocore has one account of repeated requests for all that a process sends, which a folder of many
files empties in a second, and its pauses are by chance. So it repeats nothing here.
"""

import random
import time
from collections.abc import Iterator

from botocore.exceptions import ConnectionError as NoConnectionError
from botocore.exceptions import HTTPClientError
from botocore.parsers import ResponseParserError

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 5.0
_STATUS_CODES = (429, 500, 502, 503, 504)
_CODES = ("RequestTimeout", "SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded")


def pauses(for_s: float) -> Iterator[float]:
    """Yield the seconds to wait before each further request, until `for_s` are over.

    They grow, and differ a little, so that many requests do not come at once. Time counts from the
    first one asked for.
    """
    until, longest = time.monotonic() + for_s, _FIRST_PAUSE_S
    while (left := until - time.monotonic()) > 0:
        yield min(random.uniform(longest / 2, longest), left)
        longest = min(2 * longest, _LONGEST_PAUSE_S)


def may_pass(error: Exception) -> bool:
    """Return whether the same request may succeed later: the server is busy, ill or away."""
    answer = getattr(error.__cause__, "response", None)
    if answer is None:
        return isinstance(error, NoConnectionError | HTTPClientError | ResponseParserError)
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return status in _STATUS_CODES or answer.get("Error", {}).get("Code") in _CODES
