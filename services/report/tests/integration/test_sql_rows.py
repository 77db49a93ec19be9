"""Runs of custom SQL: a file that only passes through says what one that is drawn says."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from conftest import eventually
from praxis.analytics.v1 import sql_service_pb2
from praxis.report.v1 import report_pb2
from praxis.report.v1 import report_service_pb2 as rpc
from praxis_chassis.errors import DependencyDown, InvalidInput
from praxis_cli.stack.services import Stack
from praxis_report.application import sql_rows
from praxis_report.application.failures import TooLong
from praxis_report.application.sql_rows import Spool, all_rows
from praxis_report.rendering.rows import SYNTHETIC
from praxis_report.rendering.to_csv import safe_text

from .conftest import NewClinic, Practice, Stand

COMPLETED, FAILED = report_pb2.REPORT_STATUS_COMPLETED, report_pb2.REPORT_STATUS_FAILED
CUSTOM = report_pb2.REPORT_TYPE_CUSTOM
TEXTS = (
    *("plain", "", "=1+1", " =1", "\u00a0=1", "+1", "-1", "@x", "a=b", "a\tb", "\t=1", "\ttab"),
    *("\rcr", "a\r\nb", "a\x01b", "\x01=1", "\x7f \x02-1", "\u2003@x", "\x85x", 'q"u,o', "ü–€"),
)


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def union(column: str, values: tuple[str, ...]) -> str:
    """A query whose rows are these, in their order."""
    parts = (
        f"select {place} as place, {value} as {column} from (select 1 from visits limit 1) v"
        for place, value in enumerate(values)
    )
    return f"select * from ({' union all '.join(parts)}) u order by place"


async def file_of(stand: Stand, practice: Practice, form: str, sql: str) -> str:
    parameters: dict[str, Any] = {"sql": sql}
    run = await stand.run(practice.owner, form, parameters=parameters, report_type=CUSTOM)
    assert run.status == COMPLETED, run.error
    return (await stand.download(run.download_url))[1].decode()


def lines_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def rows_of(text: str) -> list[dict[str, Any]]:
    (table,) = [one for one in json.loads(text)["sections"] if one["type"] == "table"]
    return list(table["rows"])


async def test_texts_are_as_safe_as_those_that_are_drawn(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    sql = union("said", tuple(map(literal, TEXTS)))
    drawn = rows_of(await file_of(stand, practice, "json", sql))
    assert [row["said"] for row in drawn] == list(TEXTS)
    passed = await file_of(stand, practice, "csv", sql)
    assert passed.count("\r\n") == len(TEXTS) + 1
    assert [line[1] for line in lines_of(passed)[1:]] == [safe_text(text) for text in TEXTS]


async def test_what_is_no_figure_and_no_date_is_absent(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic()
    numbers = ("cast('NaN' as numeric)", "cast('Infinity' as double precision)", "1.50", "null")
    days = ("cast('infinity' as date)", "cast('2025-02-28' as date)")
    for values, wanted in ((numbers, ["", "", "1.5", ""]), (days, ["", "2025-02-28"])):
        sql = union("it", values)
        assert [line[1] for line in lines_of(await file_of(stand, practice, "csv", sql))[1:]] == (
            wanted
        )
        cells = [row["it"] for row in rows_of(await file_of(stand, practice, "json", sql))]
        shown = [cell if not isinstance(cell, dict) else cell["value"] for cell in cells]
        assert ["" if cell is None else str(cell) for cell in shown] == wanted
        assert "reason" in cells[0]
        excel = await stand.run(
            practice.owner, "excel", parameters={"sql": sql}, report_type=CUSTOM
        )
        assert excel.status == COMPLETED


async def test_every_line_of_a_demo_says_so(
    stand: Stand, new_clinic: NewClinic, postgres: Stack
) -> None:
    practice = await new_clinic()
    facts = postgres.postgres.conninfo("praxis_analytics")
    async with await psycopg.AsyncConnection.connect(facts, autocommit=True) as superuser:
        await superuser.execute(
            "insert into import_run (practice_id, import_id, source, overlay, state, started_at)"
            " values (%s, %s, 'demo', true, 'completed', now())",
            (practice.id, uuid.uuid4()),
        )
    found = await file_of(stand, practice, "csv", "select year, count(*) from visits group by 1")
    head, *lines = lines_of(found)
    assert head[-1] == "notice"
    assert {line[-1] for line in lines} == {SYNTHETIC}


async def test_columns_and_order_are_the_query_s_own(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic()
    given = report_pb2.ReportParameters(sql="select year from visits")
    for field, value in (("columns", ["year"]), ("sort_by", "year")):
        with pytest.raises(InvalidInput) as refused:
            await stand.report(
                practice.owner, report_type=CUSTOM, parameters=given, **{field: value}
            )
        assert refused.value.violations[0].field == field


async def test_a_disk_that_is_full_while_rows_come_is_told_and_the_next_attempt_works(
    stand: Stand, new_clinic: NewClinic, folder: Path
) -> None:
    practice = await new_clinic()
    given = report_pb2.ReportParameters(sql="select year from visits")
    report = await stand.report(practice.owner, report_type=CUSTOM, parameters=given)
    number = report_pb2.REPORT_FORMAT_CSV
    run = await stand.execute(practice.owner, report.id, format=number)
    await stand.rows("update job set attempts = 4 where state = 'queued'")
    (folder / "scratch" / f"{run.id}.1.rows").symlink_to("/dev/full")
    async with stand.working():
        failed = await stand.ended(practice.owner, run.id)
    assert (failed.status, failed.error.code) == (FAILED, "dependency_down")
    assert failed.error.message.endswith("No space left on device")
    assert list((folder / "scratch").glob(f"{run.id}*")) == []
    request = rpc.RetryReportExecutionRequest(execution_id=run.id)
    again = await stand.call(practice.owner, "RetryReportExecution", request)
    async with stand.working():
        assert (await stand.ended(practice.owner, again.id)).status == COMPLETED


async def test_a_stopped_run_leaves_no_rows_behind(
    stand: Stand, new_clinic: NewClinic, folder: Path
) -> None:
    practice = await new_clinic()
    given = report_pb2.ReportParameters(
        sql="select a.billed, b.billed from claims a cross join claims b cross join patients c"
    )
    report = await stand.report(practice.owner, report_type=CUSTOM, parameters=given)
    number = report_pb2.REPORT_FORMAT_JSON
    run = await stand.execute(practice.owner, report.id, format=number)
    rows = folder / "scratch" / f"{run.id}.1.rows"

    async def come() -> bool:
        return rows.is_file() and rows.stat().st_size > 0

    async def are_gone() -> bool:
        return not rows.exists()

    async with stand.working():
        await eventually(come, 30)
        request = rpc.CancelReportExecutionRequest(execution_id=run.id)
        await stand.call(practice.owner, "CancelReportExecution", request)
        await eventually(are_gone)


class _Pieces:
    """Pieces of rows, as analytics sends them."""

    def __init__(self, *pieces: dict[str, Any]) -> None:
        self._pieces = pieces

    async def stream_sql(self, *_: Any, **__: Any) -> AsyncIterator[sql_service_pb2.SqlPiece]:
        for piece in self._pieces:
            yield sql_service_pb2.SqlPiece(**piece)


async def test_rows_are_bounded_and_never_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new_clinic: NewClinic
) -> None:
    owner, spool = (await new_clinic()).owner, Spool(tmp_path / "rows")
    half: Any = _Pieces({"lines": b"1\n"})
    with pytest.raises(DependencyDown):
        await all_rows(half, "", owner, spool)
    monkeypatch.setattr(sql_rows, "_BYTES_MOST", 3)
    long: Any = _Pieces({"lines": b"1\n"}, {"lines": b"2\n"}, {"rows": 2})
    with pytest.raises(TooLong):
        await all_rows(long, "", owner, spool)
