"""Exports: figures as a file in one request."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from praxis.analytics.v1 import answer_pb2
from praxis.report.v1 import report_export_pb2, report_pb2
from praxis_chassis.errors import Forbidden, InvalidInput, KeyReused, WrongState
from praxis_report.application import exports
from praxis_report.rendering.errors import TooManyRows

from .conftest import NewClinic, Stand

JSON = report_pb2.REPORT_FORMAT_JSON
DAYS = answer_pb2.DateRange(start_date="2025-07-01", end_date="2025-09-30")


def wanted(metric_type: str, **fields: Any) -> report_export_pb2.ExportRequest:
    return report_export_pb2.ExportRequest(
        **{"metric_type": metric_type, "format": JSON, "date_range": DAYS, **fields}
    )


async def said(stand: Stand, answer: report_export_pb2.ExportResponse) -> Any:
    return json.loads((await stand.download(answer.download_url))[1])


async def test_an_export_says_what_the_report_says(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic()
    days = {"start_date": "2025-07-01", "end_date": "2025-09-30"}
    run = await stand.run(practice.owner, "json", parameters=days)
    report = json.loads((await stand.download(run.download_url))[1])
    async with stand.working():
        answer = await stand.call(practice.owner, "ExportAnalytics", wanted("revenue"))
        drawn = await stand.call(
            practice.owner, "ExportAnalytics", wanted("visits", include_charts=True)
        )
        again = [
            await stand.call(practice.owner, "ExportAnalytics", wanted("claims"), key="once")
            for _ in range(2)
        ]
    assert answer.file_size > 0
    assert (answer.format, answer.file_path.endswith(".json")) == (JSON, True)
    export = await said(stand, answer)
    (main,) = [one for one in export["sections"] if one.get("main")]
    (wanted_main,) = [one for one in report["sections"] if one.get("main")]
    assert main["rows"] == wanted_main["rows"]
    assert "chart" not in {one["type"] for one in export["sections"]}
    assert "chart" in {one["type"] for one in (await said(stand, drawn))["sections"]}
    assert again[0].export_id == again[1].export_id
    run = await stand.execution(practice.owner, answer.export_id)
    assert run.report_type == report_pb2.REPORT_TYPE_CUSTOM
    with pytest.raises(KeyReused):
        await stand.call(practice.owner, "ExportAnalytics", wanted("visits"), key="once")


async def test_a_wrong_wish_is_refused_in_its_own_words(
    stand: Stand, new_clinic: NewClinic
) -> None:
    practice = await new_clinic(empty=True)
    ends_first = answer_pb2.DateRange(start_date="2025-07-01", end_date="2025-06-01")
    cases: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("quality_measures", {}, "metric_type"),
        ("revenue", {"date_range": ends_first}, "date_range.end_date"),
        ("revenue", {"filters": {"moon": "full"}}, "filters.moon"),
        ("revenue", {"format": report_pb2.REPORT_FORMAT_PDF}, "format"),
    )
    for metric_type, fields, field in cases:
        with pytest.raises(InvalidInput) as refused:
            await stand.call(practice.owner, "ExportAnalytics", wanted(metric_type, **fields))
        assert [v.field for v in refused.value.violations] == [field]
    with pytest.raises(Forbidden):
        await stand.call(practice.caller("front_desk"), "ExportAnalytics", wanted("revenue"))


async def test_an_export_that_takes_long_is_found_later(
    stand: Stand, new_clinic: NewClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_WAIT_S", 0.3)
    practice = await new_clinic(empty=True)
    answer = await stand.call(practice.owner, "ExportAnalytics", wanted("revenue"))
    assert not answer.HasField("file_size")
    assert not answer.HasField("download_url")
    async with stand.working():
        done = await stand.ended(practice.owner, answer.export_id)
    assert done.file_size > 0


class _Pool:
    """Draws nothing."""

    async def render(self, *_: Any) -> tuple[int, str]:
        raise TooManyRows("so many rows")


async def test_an_export_that_fails_says_why(stand: Stand, new_clinic: NewClinic) -> None:
    practice = await new_clinic(empty=True)
    pool: Any = _Pool()
    async with stand.working(replace(stand.runner, pool=pool)):
        with pytest.raises(WrongState, match="without a file: so many rows"):
            await stand.call(practice.owner, "ExportAnalytics", wanted("revenue"))
