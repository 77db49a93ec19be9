"""Logs: one JSON object per line, named events, and only keys known to hold no patient data."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from praxis_chassis.caller import current_or_none

# Everything a line may say. A key that is not here is dropped, so that a careless
# argument cannot carry a name or a query value into the log.
KEYS = frozenset(
    (
        *("event", "level", "timestamp", "service", "request_id", "practice_id", "method"),
        *("code", "reason", "duration_ms", "rows", "revision", "report_id", "execution_id"),
        *("job_id", "kind", "attempt", "fence", "error_type", "where", "pid", "port", "state"),
        *("stage", "bytes", "count", "import_id", "files", "format", "signal", "seconds"),
    )
)


def _redact(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in line.items() if key in KEYS}


def _add_call(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    call = current_or_none()
    if call is not None:
        line.setdefault("request_id", call.request_id)
        line.setdefault("practice_id", str(call.caller.practice_id))
    return line


class _Foreign(logging.Formatter):
    """Lines of libraries: who spoke and how loud; their words may hold anything."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"event": "library.spoke", "level": record.levelname.lower(), "where": record.name}
        return json.dumps(line)


def configure(service: str, level: str = "info") -> None:
    """Sets up this process's log on standard error. Foreign libraries speak from warning on."""
    structlog.configure(
        processors=[
            _add_call,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            lambda _l, _n, line: {**line, "service": service},
            _redact,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    foreign = logging.StreamHandler(sys.stderr)
    foreign.setFormatter(_Foreign())
    logging.basicConfig(level=logging.WARNING, handlers=[foreign])


def get() -> Any:
    """The logger: `log.info("noun.past_verb", key=value)`."""
    return structlog.get_logger()


def place_of(error: BaseException) -> str:
    """`file:line` where `error` was raised; the message itself may hold data and is not logged."""
    frame = error.__traceback__
    if frame is None:
        return ""
    while frame.tb_next is not None:
        frame = frame.tb_next
    return f"{frame.tb_frame.f_code.co_filename.rsplit('/src/', 1)[-1]}:{frame.tb_lineno}"
