"""What must hold of a schedule's fields, whoever sets them: create, update and preview."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from praxis_chassis.errors import InvalidInput, NotBuilt
from praxis_scheduler.domain.fire_times import Rule
from praxis_scheduler.domain.templates import BODY_NAMES, SUBJECT_NAMES, fault
from praxis_scheduler.storage.rows import Record

# What clients may set; a message's field, a column and a key of a Record at once.
FIELDS = (
    *("name", "description", "report_type", "report_id", "report_format", "report_parameters"),
    *("frequency", "cron_expression", "day_of_week", "day_of_month", "month_of_year"),
    *("time_of_day", "timezone", "status", "is_enabled", "catch_up", "overlap"),
    *("delivery_method", "email_recipients", "email_subject", "email_body"),
    *("retention_days", "auto_delete_old_reports", "metadata"),
)
_OPTIONAL_TEXTS = ("description", "cron_expression", "email_subject", "email_body")
_NEEDS_DAY = ("monthly", "quarterly", "yearly")


def defaults() -> Record:
    """A schedule of which nothing was said."""
    return {
        **dict.fromkeys(FIELDS),
        "report_parameters": {},
        "status": "active",
        "is_enabled": True,
        "catch_up": "latest",
        "overlap": "queue_one",
        "email_recipients": [],
        "auto_delete_old_reports": False,
        "metadata": {},
    }


def merged(current: Record, change: Record) -> Record:
    """The client's fields after a change; an empty text takes an optional text away."""
    after = {name: current[name] for name in FIELDS} | change
    for name in _OPTIONAL_TEXTS:
        after[name] = after[name] or None
    if after["delivery_method"] is None:
        after["delivery_method"] = "email" if after["email_recipients"] else "portal"
    return after


def check_rule(record: Record) -> None:
    """Whether it says when to fire. Raises: InvalidInput naming the field; NotBuilt."""
    frequency = record["frequency"]
    if frequency == "custom":
        raise NotBuilt(
            "schedules by cron expression are not built yet;"
            " there are daily, weekly, monthly, quarterly and yearly"
        )
    _need(record, "frequency", "time_of_day", "timezone")
    if record["cron_expression"]:
        raise InvalidInput.of("cron_expression", "is for the frequency custom only")
    if frequency == "weekly":
        _need(record, "day_of_week")
    if frequency in _NEEDS_DAY:
        _need(record, "day_of_month")
    try:
        ZoneInfo(record["timezone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        complaint = "is not an IANA time zone such as America/New_York"
        raise InvalidInput.of("timezone", complaint) from None


def _need(record: Record, *names: str) -> None:
    for name in names:
        if record[name] is None:
            raise InvalidInput.of(name, f"is needed for {record['frequency'] or 'a schedule'}")


def check_policies(record: Record, business_days_only: bool) -> None:
    """Raises: NotBuilt for what is known and cannot fire yet."""
    if business_days_only:
        raise NotBuilt("fire times on business days only are not built yet")
    if record["overlap"] == "skip":
        raise NotBuilt("leaving out overlapping runs is not built yet; there is queue_one")


def check_parameters(record: Record) -> None:
    """Whether a report of this type can come of them. Raises: InvalidInput naming the field."""
    given = record["report_parameters"] or {}
    chosen = [name for name in ("metrics", "sql") if given.get(name)]
    if record["report_type"] != "custom" and chosen:
        raise InvalidInput.of(f"report_parameters.{chosen[0]}", "is for custom reports")
    # A report definition brings its own.
    if record["report_type"] == "custom" and not chosen and not record["report_id"]:
        complaint = "name at least one metric, or give sql"
        raise InvalidInput.of("report_parameters.metrics", complaint)


def check_mail(record: Record, domains: Sequence[str]) -> None:
    """Whether mail can be written and sent. Raises: InvalidInput naming the field."""
    if record["delivery_method"] != "portal" and not record["email_recipients"]:
        raise InvalidInput.of("email_recipients", "is needed to send mail")
    for index, address in enumerate(record["email_recipients"]):
        domain = address.rpartition("@")[2].lower()
        if domains and domain not in domains:
            raise InvalidInput.of(f"email_recipients[{index}]", f"mail to {domain} is not allowed")
    for name, known in (("email_subject", SUBJECT_NAMES), ("email_body", BODY_NAMES)):
        found = fault(record[name] or "", known)
        if found:
            raise InvalidInput.of(name, found)


def rule_of(record: Record) -> Rule:
    """When a checked schedule fires."""
    return Rule(
        frequency=record["frequency"],
        at=time.fromisoformat(record["time_of_day"]),
        zone=ZoneInfo(record["timezone"]),
        day_of_week=record["day_of_week"] or 0,
        day_of_month=record["day_of_month"] or 1,
        month_of_year=record["month_of_year"] or 1,
    )


def is_active(record: Record) -> bool:
    """Whether it fires."""
    return bool(record["status"] == "active" and record["is_enabled"])
