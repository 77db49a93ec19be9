"""Who may see and change what: the one rule for every report, template, run and file.

A row is seen when the caller may see its type's figures or was given the report; and one that
says something about single persons, only by those who may see patients, whoever gave it to them.
What is seen is changed by whoever made it, and by those who manage the practice.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from praxis.report.v1 import report_pb2
from praxis_chassis.caller import current, may
from praxis_chassis.database import Connection
from praxis_chassis.errors import Forbidden, NotFound
from praxis_report.application.codes import parameters_from_json
from praxis_report.domain.report_types import PATIENTS, REPORT_TYPES
from praxis_report.storage import reports
from praxis_report.storage import shares as store
from praxis_report.storage.reports import Record

_MANAGE = "PERMISSION_MANAGE_PRACTICE"


def is_personal(parameters: report_pb2.ReportParameters) -> bool:
    """Whether what these parameters ask for says something about single persons."""
    return parameters.phi_level > report_pb2.PHI_LEVEL_AGGREGATE


def sight() -> Record:
    """What the current caller may see by right, as filters of the lists: `seen` types, and
    `patients`, whether rows about persons too."""
    caller = current().caller
    types = [kind.name for kind in REPORT_TYPES.values() if may(caller, kind.permission)]
    return {"seen": types, "patients": may(caller, PATIENTS)}


def seen(record: Record | None, what: str) -> Record:
    """A row that the caller may see by right. Raises: NotFound."""
    if record is None or not View(sight(), {}).shows(record):
        raise NotFound(f"no such {what}")
    return record


@dataclass(frozen=True)
class View:
    """What the current caller may see. `shared`: report → the share that gives it."""

    by_right: Record
    shared: dict[uuid.UUID, uuid.UUID]

    @classmethod
    async def of_caller(cls, connection: Connection) -> View:
        """The view of whoever calls now."""
        shared = await store.shared_with(connection, current().caller, datetime.now(UTC))
        return cls(sight(), shared)

    @property
    def filters(self) -> Record:
        """The view as filters of the lists, which hold the same rule in SQL."""
        return self.by_right | {"shared": list(self.shared)}

    def shows(self, record: Record) -> bool:
        """Whether the caller may see a row by right, without any share."""
        return record["report_type"] in self.by_right["seen"] and self._allows(record)

    def share_of(self, record: Record, report_id: uuid.UUID) -> uuid.UUID | None:
        """The share that shows a row; None where none is needed. Raises: NotFound if unseen."""
        if self.shows(record):
            return None
        if report_id not in self.shared or not self._allows(record):
            raise NotFound("no such report or run")
        return self.shared[report_id]

    def _allows(self, record: Record) -> bool:
        return self.by_right["patients"] or not is_personal(
            parameters_from_json(record["parameters"])
        )


def found(record: Record | None, what: str) -> Record:
    """A row that is there. Raises: NotFound."""
    if record is None:
        raise NotFound(f"no such {what}")
    return record


async def own_report(connection: Connection, record: Record | None, what: str) -> Record:
    """A report or template that the caller may change.

    Raises: NotFound when they do not see it; Forbidden when they only see it.
    """
    there = found(record, what)
    await _check_own(connection, there, there["id"], {there["created_by_user_id"]}, what)
    return there


async def own_share(connection: Connection, record: Record | None) -> Record:
    """A share that the caller may take back: given by them, or of a report of theirs.

    Raises: as own_report.
    """
    there = found(record, "share")
    makers = {there["created_by_user_id"], there["maker"]}
    await _check_own(connection, there, there["report_id"], makers, "share")
    return there


async def own_run(connection: Connection, record: Record | None) -> Record:
    """A run that the caller may stop or try again: theirs, or of a report of theirs.

    Raises: as own_report.
    """
    there = found(record, "execution")
    maker = await reports.maker_of(connection, there["practice_id"], there["report_id"])
    makers = {there["requested_by_user_id"], maker}
    await _check_own(connection, there, there["report_id"], makers, "execution")
    return there


async def _check_own(
    connection: Connection, record: Record, report_id: uuid.UUID, makers: set[str], what: str
) -> None:
    caller = current().caller
    try:
        share_id = (await View.of_caller(connection)).share_of(record, report_id)
    except NotFound:
        raise NotFound(f"no such {what}") from None
    # Being given something is for looking at it.
    if share_id is not None or not (caller.user_id in makers or may(caller, _MANAGE)):
        raise Forbidden(f"another user's {what}; to change it needs the permission manage_practice")
