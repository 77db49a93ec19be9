"""Looking at a report before it is defined, and reports that name patients."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf import json_format

from praxis.report.v1 import report_pb2
from praxis.report.v1 import report_service_pb2 as rpc
from praxis_chassis.caller import Caller
from praxis_chassis.errors import Forbidden, InvalidInput

from .conftest import NewClinic, Stand

YEAR: dict[str, Any] = {"start_date": "2025-01-01", "end_date": "2025-10-15"}
IDENTIFIED, LIMITED = report_pb2.PHI_LEVEL_IDENTIFIED, report_pb2.PHI_LEVEL_LIMITED


async def look(stand: Stand, who: Caller, kind: str, *, sort_by: str = "", **given: Any) -> Any:
    request = rpc.PreviewReportRequest(
        report_type=f"REPORT_TYPE_{kind.upper()}",
        parameters=report_pb2.ReportParameters(**given),
        sort_by=sort_by or None,
        sort_order="desc" if sort_by else None,
    )
    return await stand.call(who, "PreviewReport", request)


def main_of(document: Any) -> Any:
    (main,) = [section for section in document["sections"] if section.get("main")]
    return main


async def test_a_preview_shows_what_a_run_then_says(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic()
    seen = await look(stand, practice.owner, "revenue", **YEAR)
    run = await stand.run(practice.owner, "json", parameters=YEAR)
    said = json.loads((await stand.download(run.download_url))[1])
    shown = json_format.MessageToDict(seen.document)
    assert shown["title"] == "Revenue"
    assert shown["sections"][0] == said["sections"][0]
    assert main_of(shown) == main_of(said)
    assert (seen.row_count, seen.cut_short) == (10, False)
    assert seen.parameters == run.parameters
    kept = "select 1 from {} where practice_id = %s"
    assert len(await stand.rows(kept.format("reports"), practice.id)) == 1
    assert len(await stand.rows(kept.format("report_executions"), practice.id)) == 1


async def test_a_preview_of_a_custom_report_has_its_first_rows(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    asked: dict[str, Any] = {"metrics": ["visits"], "group_by": ["provider", "week"]}
    seen = await look(stand, practice.owner, "custom", sort_by="visits", **YEAR, **asked)
    rows = main_of(json_format.MessageToDict(seen.document))["rows"]
    assert (len(rows), seen.cut_short) == (50, True)
    assert seen.row_count > 50
    assert rows == sorted(rows, key=lambda row: -row["visits"])
    sql: dict[str, Any] = {"sql": "SELECT class, count(*) AS visits FROM visits GROUP BY class"}
    seen = await look(stand, practice.owner, "custom", **sql)
    (row,) = main_of(json_format.MessageToDict(seen.document))["rows"]
    assert row["class"] == "AMB"
    assert row["visits"] > 0
    odd: dict[str, Any] = {"sql": "SELECT CAST('infinity' AS date) AS day, 0.10 AS rate"}
    seen = await look(stand, practice.owner, "custom", **odd)
    (row,) = main_of(json_format.MessageToDict(seen.document))["rows"]
    assert row["day"] == {"value": None, "reason": "not a calendar date"}
    assert row["rate"] == 0.1
    with pytest.raises(InvalidInput, match="group_2, visits"):
        await look(stand, practice.owner, "custom", sort_by="charges", **YEAR, **asked)


async def test_patients_are_named_to_those_who_may_see_them_and_for_a_reason(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic()
    named: dict[str, Any] = {"phi_level": IDENTIFIED, "purpose": "Filling missed visits"}
    refusals: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("no_shows", {"phi_level": IDENTIFIED}, "purpose"),
        ("no_shows", {"phi_level": LIMITED}, "purpose"),
        ("revenue", named, "phi_level"),
    )
    for kind, given, field in refusals:
        with pytest.raises(InvalidInput) as refused:
            await look(stand, practice.owner, kind, **YEAR, **given)
        assert refused.value.violations[0].field == f"parameters.{field}"
    with pytest.raises(Forbidden):
        await look(stand, practice.caller("analyst"), "no_shows", **YEAR, **named)

    number = report_pb2.REPORT_TYPE_NO_SHOWS
    parameters = {**YEAR, **named}
    run = await stand.run(practice.owner, "json", parameters=parameters, report_type=number)
    assert run.contains_phi
    assert run.parameters.purpose == "Filling missed visits"
    said = json.loads((await stand.download(run.download_url))[1])
    assert said["phi_level"] == "identified"
    (work,) = [one for one in said["sections"] if one.get("id") == "work_list"]
    names = [column["name"] for column in work["columns"]]
    assert "patient" in names
    limited = {**parameters, "phi_level": LIMITED}
    run = await stand.run(practice.owner, "json", parameters=limited, report_type=number)
    said = json.loads((await stand.download(run.download_url))[1])
    assert (run.contains_phi, said["phi_level"]) == (True, "limited")
    (rows,) = [one for one in said["sections"] if one.get("id") == "work_list"]
    assert [column["name"] for column in rows["columns"]] == [n for n in names if n != "patient"]
    kept = [{name: cell for name, cell in row.items() if name != "patient"} for row in work["rows"]]
    assert len(kept) > 0
    assert rows["rows"] == kept
    plain = await stand.run(practice.owner, "json", parameters=YEAR, report_type=number)
    said = json.loads((await stand.download(plain.download_url))[1])
    assert (plain.contains_phi, said["phi_level"]) == (False, "aggregate")
    assert "work_list" not in [one.get("id") for one in said["sections"]]
