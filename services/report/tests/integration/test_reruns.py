"""The same facts make the same file: at once, after corrections, and on another day."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from conftest import enter_as
from praxis.report.v1 import report_execution_pb2, report_pb2
from praxis.report.v1 import report_service_pb2 as rpc
from praxis_analytics.domain.facts import PATIENT
from praxis_analytics.storage.practices import set_business_date
from praxis_chassis.database import Connection, transaction
from praxis_chassis.errors import WrongState
from tests.e2e.seeding import TODAY

from .conftest import NewClinic, Practice, Stand

Execution = report_execution_pb2.ReportExecution
BYTE_EQUAL = ("csv", "json")


async def rerun(stand: Stand, practice: Practice, run: Execution) -> Execution:
    request = rpc.RerunReportExecutionRequest(execution_id=run.id)
    queued = await stand.call(practice.owner, "RerunReportExecution", request)
    assert queued.id != run.id
    async with stand.working():
        return await stand.ended(practice.owner, queued.id)


async def content(stand: Stand, run: Execution) -> bytes:
    return (await stand.download(run.download_url))[1]


async def a_day_later(connection: Connection, practice: Practice) -> None:
    enter_as(practice.id)
    async with transaction(connection, "BEGIN", practice.id, 5_000):
        await set_business_date(connection, practice.id, TODAY + timedelta(days=1))


@pytest.mark.parametrize("format", BYTE_EQUAL)
@pytest.mark.parametrize("range_", ["month_to_date", "this_year", "last_30_days"])
async def test_a_rerun_is_byte_equal_whatever_happened_since(
    stand: Stand, new_clinic: NewClinic, connection: Connection, format: str, range_: str
) -> None:
    practice = await new_clinic()
    given = {"relative_range": range_}
    run = await stand.run(practice.owner, format, parameters=given)
    before = await content(stand, run)
    assert run.parameters.today == TODAY.isoformat()
    assert not run.parameters.relative_range

    at_once = await rerun(stand, practice, run)
    assert await content(stand, at_once) == before

    enter_as(practice.id)
    practice.clinic.pay("late", 1, TODAY - timedelta(days=3), Decimal("312.00"))
    assert await practice.clinic.apply(connection) == 2
    await a_day_later(connection, practice)

    later = await rerun(stand, practice, run)
    assert await content(stand, later) == before
    assert (later.as_of.revision, later.parameters.today) == (1, TODAY.isoformat())
    again = await rerun(stand, practice, later)  # of a rerun too
    assert await content(stand, again) == before

    fresh = await stand.run(practice.owner, format, parameters=given)
    assert fresh.as_of.revision == 2
    assert await content(stand, fresh) != before


async def named(practice: Practice, connection: Connection, version: int, name: str) -> None:
    """Every patient of the clinic is called so."""
    enter_as(practice.id)
    for index in range(60):
        practice.clinic.add(PATIENT, str(index), version, given_name=name, family_name=str(index))
    await practice.clinic.apply(connection)


async def test_a_work_list_is_that_of_its_revision_and_day(
    stand: Stand, new_clinic: NewClinic, connection: Connection
) -> None:
    practice = await new_clinic()
    given: dict[str, Any] = {
        "relative_range": "this_year",
        "phi_level": report_pb2.PHI_LEVEL_IDENTIFIED,
        "purpose": "Filling missed visits",
    }
    asked: dict[str, Any] = {"parameters": given, "report_type": report_pb2.REPORT_TYPE_NO_SHOWS}
    await named(practice, connection, 2, "Early")
    run = await stand.run(practice.owner, "json", **asked)
    before = await content(stand, run)
    [work] = [one for one in json.loads(before)["sections"] if one.get("id") == "work_list"]
    assert work["rows"]
    await named(practice, connection, 3, "Late")
    await a_day_later(connection, practice)
    assert await content(stand, await rerun(stand, practice, run)) == before
    fresh = json.loads(await content(stand, await stand.run(practice.owner, "json", **asked)))
    [changed] = [one for one in fresh["sections"] if one.get("id") == "work_list"]
    for names, rows in (("Early", work["rows"]), ("Late", changed["rows"])):
        assert {row["patient"].split()[0] for row in rows} == {names}


async def test_a_fresh_run_shows_the_correction(
    stand: Stand, new_clinic: NewClinic, connection: Connection
) -> None:
    practice = await new_clinic()
    month = {"relative_range": "previous_month"}
    [before] = await rows(stand, await stand.run(practice.owner, parameters=month))
    enter_as(practice.id)
    await practice.clinic.correct(connection)
    [after] = await rows(stand, await stand.run(practice.owner, parameters=month))
    gained = Decimal(after["total_payments"]) - Decimal(before["total_payments"])
    assert gained == Decimal("312.00")
    assert after["total_charges"] == before["total_charges"]


async def rows(stand: Stand, run: Execution) -> list[dict[str, str]]:
    text = (await content(stand, run)).decode()
    return list(csv.DictReader(text.splitlines()))


async def test_a_rerun_keeps_name_columns_and_order_whatever_the_report_is_now(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    run = await stand.run(
        practice.owner, columns=["group", "total_payments"], sort_by="total_payments"
    )
    before = await content(stand, run)
    amounts = [Decimal(row["total_payments"]) for row in await rows(stand, run)]
    assert amounts == sorted(amounts)
    await stand.rows(
        "update reports set name = 'Other', columns = '{group}', sort_by = null where id = %s",
        run.report_id,
    )
    assert await content(stand, await rerun(stand, practice, run)) == before


async def test_a_rerun_in_another_form_says_the_same(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic()
    run = await stand.run(practice.owner, "csv")
    request = rpc.RerunReportExecutionRequest(
        execution_id=run.id, format=report_pb2.REPORT_FORMAT_JSON
    )
    queued = await stand.call(practice.owner, "RerunReportExecution", request)
    async with stand.working():
        document = json.loads(await content(stand, await stand.ended(practice.owner, queued.id)))
    [table] = [one for one in document["sections"] if one.get("main")]
    plain = [
        [cell["value"] if isinstance(cell, dict) else cell for cell in list(row.values())[1:]]
        for row in table["rows"]
    ]
    shown = [[f"{value:.2f}" for value in row] for row in plain]
    written = [
        [text for name, text in row.items() if name not in ("group", "notice")]
        for row in await rows(stand, run)
    ]
    assert shown == written


async def test_a_run_that_got_nowhere_cannot_be_run_again(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    report = await stand.report(practice.owner)
    queued = await stand.execute(practice.owner, report.id)
    request = rpc.RerunReportExecutionRequest(execution_id=queued.id)
    with pytest.raises(WrongState, match="execute the report"):
        await stand.call(practice.owner, "RerunReportExecution", request)


async def test_a_run_at_an_earlier_revision_is_the_report_of_then(
    stand: Stand, new_clinic: NewClinic, connection: Connection
) -> None:
    practice = await new_clinic()
    month: dict[str, Any] = {"relative_range": "previous_month"}
    then = await rows(stand, await stand.run(practice.owner, parameters=month))
    enter_as(practice.id)
    await practice.clinic.correct(connection)
    asked = await stand.run(practice.owner, parameters={**month, "revision": 1})
    assert await rows(stand, asked) == then
    assert asked.as_of.revision == 1
