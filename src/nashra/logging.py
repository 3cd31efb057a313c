"""How a log line looks: time, level, event, and the fields that the caller named.

Must never write what a reader sent: callers pass constant messages and ``extra`` fields only, and a
traceback is cut to its places, since an exception's own words may quote a request.
"""

from __future__ import annotations

import logging
import traceback

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class LineFormatter(logging.Formatter):
    """One line a record: ``TIME LEVEL EVENT message key=value …``."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        # Django attaches the request to its records; its repr holds the path that a reader asked for.
        fields.pop("request", None)
        event = fields.pop("event", record.name)
        time = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        parts = [time, record.levelname, str(event), record.getMessage()]
        parts += [f"{key}={value!r}" for key, value in sorted(fields.items())]
        if record.exc_info and record.exc_info[0]:
            kind, _error, trace = record.exc_info
            places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace)]
            parts.append(f"error={kind.__name__} at {' > '.join(places[-6:])}")
        return " ".join(parts)
