"""What reaches standard error, in a process of its own, as in production."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from praxis_chassis import logs

_PROGRAM = """
import asyncio, logging, time, uuid, warnings
from praxis_chassis import logs
from praxis_chassis.caller import Call, Caller, enter

logs.configure("report", "info")
log = logs.get()
log.info("report.completed", rows=3, patient="Jane Doe", detail="Jane Doe", where="x")
log.debug("report.ignored")
practice = uuid.UUID(int=7)
enter(Call(Caller(practice, "user-7", frozenset()), "r-1", "", time.monotonic()))
try:
    raise ValueError("Jane Doe")
except ValueError as error:
    log.warning("job.failed", error_type="ValueError", where=logs.place_of(error), exc_info=True)
    logging.getLogger("some.library").exception("failed for %s", "Jane Doe")
logging.getLogger("some.library").error("Jane Doe")
logging.getLogger("some.library").info("quiet Jane Doe")

async def leave_a_task_behind():
    async def fail():
        raise ValueError("Jane Doe")
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    del task

asyncio.run(leave_a_task_behind())
"""


def _lines() -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == ""
    assert "Jane" not in done.stderr
    assert "user-7" not in done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_one_object_a_line_and_nothing_of_a_patient() -> None:
    first, second, *foreign = _lines()
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "report.completed",
        "level": "info",
        "service": "report",
        "rows": 3,
        "where": "x",
    }
    assert second["request_id"] == "r-1"
    assert second["practice_id"] == "00000000-0000-0000-0000-000000000007"
    assert second["where"] == "<string>:13"
    assert set(second) <= logs.KEYS
    assert [(line["event"], line["level"], line["where"]) for line in foreign] == [
        ("library.spoke", "error", "some.library"),
        ("library.spoke", "error", "some.library"),
        ("library.spoke", "error", "asyncio"),
    ]


def test_the_place_is_the_innermost_one_without_the_machines_folders() -> None:
    try:
        json.loads("{")
    except ValueError as error:
        place = logs.place_of(error)
    assert place.split(":")[0].endswith("decoder.py")
    assert logs.place_of(ValueError("never raised")) == ""
