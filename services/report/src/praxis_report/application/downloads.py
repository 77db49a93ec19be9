"""Files behind signed links: rights checked again, the download recorded, then the bytes."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from praxis.report.v1 import report_service_pb2
from praxis_chassis.caller import Call, Caller, current, enter
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import LinkExpired, NotFound
from praxis_chassis.ids import uuid7
from praxis_chassis.records import audit
from praxis_report.application.access import View
from praxis_report.application.keys import Keys
from praxis_report.blobs.files import Files
from praxis_report.domain.links import Link, Links
from praxis_report.storage import files as store
from praxis_report.storage import reports, shares
from praxis_report.storage.reports import Record

MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "excel": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
}
_MISSING = "no such file"


def has_file(record: Record, now: datetime) -> bool:
    """Whether a run's file can be fetched: it is there, and its time has not passed."""
    return (
        record["status"] == "completed"
        and record["data_key"] is not None
        and (record["expires_at"] > now or record["held_at"] is not None)
    )


@dataclass(frozen=True)
class Opened:
    """A file about to be sent: its run, and the wanted bytes in pieces, the first one checked."""

    record: Record
    media_type: str
    first: bytes
    rest: AsyncIterator[bytes]


@dataclass(frozen=True)
class Downloads:
    """What opening a link needs."""

    database: Database
    files: Files
    keys: Keys
    links: Links

    async def open(self, request: report_service_pb2.DownloadReportExecutionRequest) -> Opened:
        """Checks a link and its file, and records the download before the first byte leaves.

        Raises: NotFound for a forged link, another practice's, a file whose time has passed, or one
        that the link's subject may not see; LinkExpired, also for a share that was taken back;
        Integrity; DependencyDown.
        """
        now = datetime.now(UTC)
        link = self._link(request, now)
        _enter_subject(link)
        async with self.database.read(link.practice_id) as connection:
            record = await self._record(connection, link, now)
            data_key = await self.keys.unwrap(
                connection, link.practice_id, link.execution_id, record["data_key"]
            )
        key, size = record["storage_key"], record["file_size"]
        length = _length(request, size)
        await self.files.check(key, size)
        pieces = self.files.read(key, data_key, size, request.offset, length)
        first = await anext(pieces, b"")
        if length:
            async with self.database.write(link.practice_id) as connection:
                await store.count_download(connection, record, uuid7(), link.user_id, now)
                await audit(connection, "report.download", "execution", link.execution_id)
        return Opened(record, MEDIA_TYPES[record["format"]], first, pieces)

    def _link(
        self, request: report_service_pb2.DownloadReportExecutionRequest, now: datetime
    ) -> Link:
        link = self.links.open(uuid.UUID(request.execution_id), request.token)
        holder = request.caller_practice_id
        if link is None or (holder and uuid.UUID(holder) != link.practice_id):
            raise NotFound(_MISSING)
        if link.expired(now):
            raise LinkExpired("this link has expired; fetch the execution again for a new one")
        return link

    async def _record(self, connection: Connection, link: Link, now: datetime) -> Record:
        record = await reports.get_execution(connection, link.practice_id, link.execution_id)
        if record is None or not has_file(record, now):
            raise NotFound(_MISSING)
        if link.share_id is not None and not await shares.is_active(
            connection, link.practice_id, link.share_id, record["report_id"], now
        ):
            raise LinkExpired("what this link was given out on was taken back, or has ended")
        try:
            (await View.of_caller(connection)).share_of(record, record["report_id"])
        except NotFound:
            raise NotFound(_MISSING) from None
        return record


def _length(request: report_service_pb2.DownloadReportExecutionRequest, size: int) -> int:
    rest = max(0, size - request.offset)
    return min(rest, request.length) if request.HasField("length") else rest


def _enter_subject(link: Link) -> None:
    """From here on the call is made in the name of the link's subject, by way of the gateway."""
    call = current()
    address = call.caller.address
    subject = Caller(link.practice_id, link.user_id, link.roles, "gateway", address=address)
    enter(Call(subject, call.request_id, call.token, call.deadline))
