"""Templates: save a report as one, list them, make a report from one."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from praxis.report.v1 import report_service_pb2
from praxis.report.v1 import report_template_service_pb2 as rpc
from praxis_chassis.caller import current
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import InvalidInput
from praxis_chassis.idempotency import birth
from praxis_chassis.records import audit
from praxis_report.application.access import own_report, seen, sight
from praxis_report.application.analytics import Analytics
from praxis_report.application.codes import parameters_from_json
from praxis_report.application.parameters import merged
from praxis_report.application.reports import create_report
from praxis_report.domain.starters import STARTERS, Starter
from praxis_report.storage import reports
from praxis_report.storage import templates as store
from praxis_report.storage.reports import Record

# What a template takes over from a report.
_COPIED = (
    *("report_type", *reports.DEFINITION, "description", "parameters", "format"),
    *("retention_days", "metadata"),
)


def starter_record(starter: Starter) -> Record:
    """A starter template in the form of a stored one."""
    return {
        "id": starter.id,
        "name": starter.name,
        "template_name": starter.name,
        "template_version": 1,
        "description": starter.description,
        "report_type": starter.report_type,
        "format": starter.format,
        "parameters": starter.all_parameters,
        "columns": [],
        "sort_by": None,
        "sort_order": None,
        "retention_days": None,
        "created_by_user_id": None,
        "created_at": None,
    }


_STARTERS = {starter.id: starter_record(starter) for starter in STARTERS}


async def save_template(
    database: Database, request: rpc.CreateReportTemplateRequest
) -> tuple[Record, bool]:
    """Saves a report as the next version of a template; True when an earlier request had."""
    caller, new, now = current().caller, birth("CreateReportTemplate", request), datetime.now(UTC)
    practice_id = caller.practice_id
    async with database.write(practice_id) as connection:
        found = await reports.get_report(connection, practice_id, uuid.UUID(request.report_id))
        report = seen(found, "report")
        name = request.template_name or report["name"]
        if any(name == starter.name for starter in STARTERS):
            raise InvalidInput.of("template_name", f"{name!r} is a template every practice has")
        again = await reports.get_report(connection, practice_id, new.id)
        if again is None:
            version = 1 + await _replaceable(connection, practice_id, name)
            record: Record = {column: report[column] for column in _COPIED} | {
                "practice_id": practice_id,
                "id": new.id,
                "status": "pending",
                "is_template": True,
                "template_name": name,
                "template_version": version,
                "created_by_user_id": caller.user_id,
                "created_at": now,
                "updated_at": now,
                "request_hash": new.request_hash,
            }
            await reports.insert(connection, "reports", record)
            await audit(connection, "template.save", "report", new.id)
        row = seen(await reports.get_report(connection, practice_id, new.id), "template")
    new.check(row["request_hash"])
    return row, again is not None


async def _replaceable(connection: Connection, practice_id: uuid.UUID, name: str) -> int:
    """The version that the caller's would take the place of; 0 when the name is free.

    Raises: Forbidden when it is not theirs to replace, NotFound when they do not see it.
    """
    newest = await store.newest_version(connection, practice_id, name)
    if newest is None:
        return 0
    await own_report(connection, newest, "template")
    return int(newest["template_version"])


async def get_template(database: Database, template_id: uuid.UUID) -> Record:
    """A template of the practice, or of the starter set. Raises: NotFound."""
    starter = _STARTERS.get(template_id)
    if starter is not None:
        return starter
    practice_id = current().caller.practice_id
    async with database.read(practice_id) as connection:
        found = await reports.get_report(connection, practice_id, template_id)
    return seen(found if found and found["is_template"] else None, "template")


async def list_templates(database: Database) -> list[Record]:
    """The practice's templates and the starter set, by name."""
    practice_id = current().caller.practice_id
    async with database.read(practice_id) as connection:
        own = await store.list_templates(connection, practice_id, sight() | {"shared": []})
    return sorted([*own, *_STARTERS.values()], key=lambda record: record["template_name"].lower())


async def make_report(
    database: Database, analytics: Analytics, request: rpc.CreateReportFromTemplateRequest
) -> tuple[Record, bool]:
    """Makes a report from a template; True when an earlier request had made it."""
    template_id = uuid.UUID(request.template_id)
    template = await get_template(database, template_id)
    wanted = report_service_pb2.CreateReportRequest(
        report_type=f"REPORT_TYPE_{template['report_type'].upper()}",
        name=request.name or template["template_name"],
        format=request.format or f"REPORT_FORMAT_{template['format'].upper()}",
        parameters=merged(parameters_from_json(template["parameters"]), request.parameters),
        columns=template["columns"],
    )
    for field in ("description", "sort_by", "sort_order", "retention_days"):
        if template[field] is not None:
            setattr(wanted, field, template[field])
    return await create_report(database, analytics, wanted, made_from=template_id)
