"""Tables and pictures of more groups than are shown one by one say so, and lose nothing."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pypdfium2
import pytest

from conftest import enter_as
from praxis.analytics.v1 import answer_pb2, catalogue_pb2
from praxis.report.v1 import report_pb2
from praxis_analytics.domain.facts import CHARGE, ENCOUNTER, PROVIDER
from praxis_chassis.database import Connection
from praxis_report.application.charts import chart_of
from praxis_report.application.plans import Catalogue
from praxis_report.domain.report_types import Split
from tests.e2e.seeding import TODAY

from .conftest import NewClinic, Stand

EVERY = 33  # 30 locums beside the clinic's three providers


def plain(cell: Any) -> Any:
    return cell["value"] if isinstance(cell, dict) else cell


def words_of(content: bytes, format: str) -> str:
    """The text of a file, without line breaks."""
    if format == "html":
        return content.decode()
    if format == "pdf":
        pages = pypdfium2.PdfDocument(content)
        text = " ".join(page.get_textpage().get_text_bounded() for page in pages)
        return " ".join(text.split())
    book = openpyxl.load_workbook(io.BytesIO(content))
    return " ".join(str(cell) for sheet in book for row in sheet.values for cell in row)


@pytest.mark.parametrize("kind", ["revenue", "provider_productivity"])
async def test_groups_beyond_the_limit_are_counted_together(
    stand: Stand, new_clinic: NewClinic, connection: Connection, kind: str
) -> None:
    practice = await new_clinic()
    enter_as(practice.id)
    clinic, day = practice.clinic, TODAY - timedelta(days=9)
    for index in range(30):
        clinic.add(PROVIDER, f"locum {index}", display_name=f"Locum\x07 {index}")
        who = {"provider_id": clinic.id_of(PROVIDER, f"locum {index}")}
        bill: dict[str, Any] = {"posting_date": day, "service_date": day, "line_no": 1, **who}
        clinic.add(CHARGE, f"locum {index}", amount=Decimal(index + 1), **bill)
        start = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
        visit: dict[str, Any] = {"class": "AMB", "status": "finished", "start_at": start, **who}
        clinic.add(ENCOUNTER, f"locum {index}", end_at=start + timedelta(hours=1), **visit)
    await clinic.apply(connection)
    number = report_pb2.ReportType.Value(f"REPORT_TYPE_{kind.upper()}")
    given: dict[str, Any] = {"relative_range": "this_year"}
    if kind == "revenue":
        given["group_by"] = ["month"]
    run = await stand.run(practice.owner, "json", parameters=given, report_type=number)
    assert run.status == report_pb2.REPORT_STATUS_COMPLETED, run.error
    document = json.loads((await stand.download(run.download_url))[1])
    found = [one for one in document["sections"] if one.get("id", "").startswith("by_provider")]
    assert found
    for table in found:
        *shown, last = table["rows"]
        assert (len(shown), last["group"]) == (20, f"Other ({EVERY - 20})")
        assert table["remark"].startswith(f"20 of {EVERY}, ")
        if kind == "revenue":
            amounts = [Decimal(str(plain(row["total_charges"]))) for row in table["rows"]]
            assert amounts[:-1] == sorted(amounts[:-1], reverse=True)
            assert amounts[-1] == sum(range(1, 14))  # the smallest locums
            assert sum(amounts) == Decimal(str(plain(table["totals"]["total_charges"])))
            assert last["charge_lag_days"] == {"value": None, "reason": "not_additive"}
    # A bell in each locum's name: told, and not in what people read.
    [said] = document["sections"][-1]["items"]
    assert said["term"] == "Control characters"
    assert int(said["text"].split()[0]) > 0
    for format in ("html", "pdf", "excel"):
        run = await stand.run(practice.owner, format, parameters=given, report_type=number)
        assert run.status == report_pb2.REPORT_STATUS_COMPLETED, run.error
        content = (await stand.download(run.download_url))[1]
        words = words_of(content, format)
        assert all(text in words for text in ("Other (13)", "20 of 33, ", "Control characters"))
        assert "\x07" not in words


def test_shares_of_a_pareto_are_of_all_groups() -> None:
    metric = answer_pb2.MetricUse(id="initial_denials", label="Initial denials", unit="count")
    answer = answer_pb2.Answer(metrics=[metric], total_rows=36, today="2025-06-30")
    for code in range(36):
        figure = answer_pb2.Figure(value=str(100 - code))
        answer.rows.add(key=str(code), keys=[str(code)], labels=[""], figures=[figure])
    split = Split("carc", ("initial_denials",), "Denials by reason", "pareto", limit=12)
    message = catalogue_pb2.MetricCatalogue()
    message.dimensions.add(id="carc", label="Reason")
    [chart] = chart_of(split, answer, Catalogue(message))
    assert len(chart.rows) == 12
    assert chart.title == "Denials by reason, the 12 largest of 36"
    whole = sum(range(65, 101))
    first, last = chart.rows[0], chart.rows[-1]
    assert first[2] == (Decimal(100 * 100) / whole).quantize(Decimal("0.01"))
    assert last[2] == (Decimal(100 * sum(range(89, 101))) / whole).quantize(Decimal("0.01"))
    assert chart.summary.endswith(f"with {first[2]} % of all.")
