"""Rows as messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from praxis.scheduler.v1 import schedule_pb2, schedule_service_pb2
from praxis_scheduler.application.checks import is_active
from praxis_scheduler.application.codes import fill_message, set_instant
from praxis_scheduler.delivery.message import message_id
from praxis_scheduler.domain.fire_times import FireTime, Rule, describe
from praxis_scheduler.storage.rows import Record


def schedule(record: Record, now: datetime) -> schedule_pb2.ReportSchedule:
    """A schedule with what is computed of it."""
    active, ended = is_active(record), record["successful_runs"] + record["failed_runs"]
    computed: Record = {
        "is_active": active,
        "is_due": active and record["next_run_at"] is not None and record["next_run_at"] <= now,
        "success_rate": round(100 * record["successful_runs"] / ended, 2) if ended else None,
        "etag": str(record["version"]),
    }
    return fill_message(schedule_pb2.ReportSchedule(), record | computed)


def run(firing: Record, deliveries: Iterable[Record]) -> schedule_pb2.ScheduleRun:
    """A firing with its mails."""
    message = fill_message(schedule_pb2.ScheduleRun(local_time=firing["local_label"]), firing)
    for one in deliveries:
        # An attempt under way is, for its reader, not handed over yet.
        status = "pending" if one["status"] == "sending" else one["status"]
        shown = one | {"status": status, "message_id": message_id(one["id"])}
        fill_message(message.deliveries.add(), shown)
    return message


def fire_times(rule: Rule, found: Sequence[FireTime]) -> schedule_service_pb2.FireTimes:
    """Fire times on the schedule's clock, and the rule in words."""
    message = schedule_service_pb2.FireTimes(description=describe(rule))
    for one in found:
        local = one.at.astimezone(rule.zone)
        shown = message.runs.add(
            local_time=local.replace(tzinfo=None).isoformat(),
            utc_offset=local.isoformat(timespec="seconds")[19:],
        )
        set_instant(shown.fire_at, one.at)
    return message
