"""The measure RPCs through a real server: counts, gaps, reports, and who may see what."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
import pytest_asyncio
from google.protobuf import json_format

from conftest import NewPractice
from praxis.analytics.v1 import answer_pb2, measure_service_pb2_grpc
from praxis.analytics.v1 import measure_service_pb2 as api
from praxis_analytics.api.measures import MeasureServicer
from praxis_analytics.bootstrap import MEASURES
from praxis_analytics.domain.facts import PATIENT
from praxis_analytics.measures.evaluate import rates
from praxis_analytics.queries.answers import state_at
from praxis_analytics.settings import Settings
from praxis_analytics.storage.practices import get_practice, set_business_date
from praxis_chassis import errors
from praxis_chassis.channels import open_channel
from praxis_chassis.database import Connection, Database, transaction
from praxis_chassis.records import ReadAudit
from praxis_chassis.server import Server
from praxis_chassis.tokens import InternalSigner, InternalVerifier, load_key, load_keys
from praxis_cli.stack.services import Stack
from services.analytics.tests.book import Book
from services.analytics.tests.charts import Charts
from services.analytics.tests.integration.conftest import TODAY, Service

PATIENTS = [f"p{n:02}" for n in range(26)]
SCREENED, WITH_COLONOSCOPY = PATIENTS[:12], PATIENTS[:5]
BREAST, BOWEL, TOBACCO = "cms125_2025", "cms130_2025", "cms138_2025"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def measuring(postgres: Stack, analytics_settings: Settings) -> AsyncIterator[Service]:
    """The measures on the session's database."""
    database = Database(analytics_settings.conninfo("app"), analytics_settings.database_pool)
    await database.open()
    reads = ReadAudit(database)
    server = Server(
        InternalVerifier(load_keys(analytics_settings.internal_jwks_file)), reads.refused
    )
    register = measure_service_pb2_grpc.add_MeasureServiceServicer_to_server
    server.add(register, MeasureServicer(database, reads), MEASURES)
    port = await server.start("127.0.0.1:0")
    async with open_channel(f"127.0.0.1:{port}", MEASURES) as channel:
        stub = measure_service_pb2_grpc.MeasureServiceStub(channel)  # type: ignore[no-untyped-call]
        signer = InternalSigner("gateway", load_key(postgres.layout.secrets / "gateway.jwk"))
        yield Service(stub, signer, reads)
    await server.drain(0)
    await reads.stop()
    await database.close()


@pytest.fixture
async def women(connection: Connection, new_practice: NewPractice) -> Book:
    """26 women of 55; 12 had a mammogram, 5 of them a colonoscopy."""
    book = Book(connection, await new_practice())
    async with transaction(connection, "BEGIN", book.practice_id, 10_000):
        await set_business_date(connection, book.practice_id, TODAY)
    charts = Charts(book)
    await charts.put(
        *(charts.person(who, "1970-05-05") for who in PATIENTS),
        *(charts.visit(who, "2025-03-03") for who in PATIENTS),
        *(charts.done(who, "24623002", "2025-03-03") for who in SCREENED),
        *(charts.done(who, "73761001", "2020-03-03") for who in WITH_COLONOSCOPY),
    )
    return book


def counts(group: Any) -> tuple[int | None, ...]:
    names = "initial_population denominator exclusions exceptions numerator eligible gaps"
    return tuple(getattr(group, n) if group.HasField(n) else None for n in names.split())


async def audited(book: Book, action: str) -> list[tuple[Any, ...]]:
    sql = "select object_type, object_id, actor, fields from audit_log"
    return await book.rows(
        f"{sql} where practice_id = %(practice)s and action = %(action)s", action=action
    )


async def disclosed(book: Book, action: str) -> list[tuple[Any, ...]]:
    sql = "select distinct patient_id::text, object_type, object_id from disclosure"
    return await book.rows(
        f"{sql} where practice_id = %(practice)s and action = %(action)s", action=action
    )


async def test_the_nine_are_listed(measuring: Service, women: Book) -> None:
    found = await measuring.client(women.practice_id)("ListMeasures", api.ListMeasuresRequest())
    assert [one.cms_id.partition("v")[0] for one in found.measures] == [
        "CMS2", "CMS69", "CMS122", "CMS124", "CMS125", "CMS130", "CMS138", "CMS165", "CMS951",
    ]  # fmt: skip
    by_id = {one.id: one for one in found.measures}
    assert by_id["cms122_2025"].inverse
    assert [rate.id for rate in by_id[TOBACCO].rates] == ["rate_1", "rate_2", "rate_3"]
    assert "hospice care" in by_id[BREAST].not_evaluable
    assert {one.code_mode for one in found.measures} == {"local"}


async def test_all_are_evaluated_at_one_revision(measuring: Service, women: Book) -> None:
    owner = measuring.client(women.practice_id)
    found = await owner("EvaluateMeasures", api.EvaluateMeasuresRequest())
    assert len(found.results) == 9
    by_id = {one.measure_id: one for one in found.results}
    assert (by_id[BREAST].start_date, by_id[BREAST].end_date) == ("2025-01-01", "2025-12-31")
    (group,) = by_id[BREAST].groups
    assert counts(group) == (26, 26, 0, 0, 12, 26, 14)
    assert (group.rate, group.reason, group.data_warning) == (46.15, "", "")
    (none,) = by_id["cms122_2025"].groups
    assert not none.HasField("rate")
    assert (none.reason, none.data_warning) == ("zero_denominator", "no_numerator_source")
    assert counts(none) == (0,) * 7
    assert (found.as_of.revision, found.today, found.synthetic) == (1, "2025-07-10", False)


async def test_the_year_that_holds_the_period_s_end_is_measured(
    measuring: Service, women: Book
) -> None:
    owner = measuring.client(women.practice_id)
    period = answer_pb2.Period(start_date="2023-07-01", end_date="2024-06-30")
    found = await owner(
        "EvaluateMeasures", api.EvaluateMeasuresRequest(measures=[BREAST], period=period)
    )
    (result,) = found.results
    assert (result.start_date, result.end_date) == ("2024-01-01", "2024-12-31")
    assert result.groups[0].reason == "no_source_data"
    last_year = answer_pb2.Period(relative_range="previous_year")
    again = api.EvaluateMeasuresRequest(measures=[BREAST], period=last_year, revision=0)
    assert (await owner("EvaluateMeasures", again)).as_of.revision == 0


async def test_small_cells_are_hidden_from_those_who_may_not_see_patients(
    measuring: Service, women: Book
) -> None:
    analyst = measuring.client(women.practice_id, "analyst")
    wanted = api.EvaluateMeasuresRequest(measures=[BREAST, BOWEL, TOBACCO])
    breast, bowel, tobacco = (await analyst("EvaluateMeasures", wanted)).results
    assert counts(breast.groups[0]) == (26, 26, 0, 0, 12, 26, 14)
    # 5 of 26 were screened: neither that, nor the rest, nor the rate is told.
    assert counts(bowel.groups[0]) == (26, 26, None, None, None, None, None)
    assert bowel.groups[0].reason == "suppressed"
    assert not bowel.groups[0].HasField("rate")
    assert counts(tobacco.groups[0]) == (26, 26, 0, 0, 0, 26, 26)
    summary = api.GetMeasureReportRequest(measure_id=BOWEL)
    body = json_format.MessageToDict(await analyst("GetMeasureReport", summary))
    population = {one["code"]["coding"][0]["code"]: one for one in body["group"][0]["population"]}
    assert population["denominator"]["count"] == 26
    assert "count" not in population["numerator"]
    assert population["numerator"]["_count"]["extension"][0]["valueCode"] == "masked"
    assert "value" not in body["group"][0]["measureScore"]


async def test_gaps_page_by_page_at_one_revision(measuring: Service, women: Book) -> None:
    owner = measuring.client(women.practice_id)
    wanted = api.ListMeasureGapsRequest(measure_id=BREAST, page_size=5)
    seen: list[str] = []
    for size in (5, 5, 4):
        page = await owner("ListMeasureGaps", wanted)
        assert len(page.patient_ids) == size
        assert page.as_of.revision == 1
        seen += page.patient_ids
        wanted.page_token = page.next_page_token
        # What comes later does not move the list.
        charts = Charts(women)
        await charts.put(charts.done(PATIENTS[20], "24623002", f"2025-03-0{size}"))
    assert not page.HasField("next_page_token")
    missed = {str(women.id(PATIENT, who)) for who in PATIENTS} - {
        str(women.id(PATIENT, who)) for who in SCREENED
    }
    assert set(seen) == missed
    assert sorted(seen) == seen
    rows = await audited(women, "measure.gaps_read")
    assert [row[:2] for row in rows] == [("measure", BREAST)] * 3
    shown = await disclosed(women, "measure.gaps_read")
    assert sorted(shown) == [(who, "measure", BREAST) for who in seen]


async def test_who_may_see_patients(measuring: Service, women: Book) -> None:
    analyst = measuring.client(women.practice_id, "analyst")
    gaps = api.ListMeasureGapsRequest(measure_id=BREAST)
    listed = api.GetMeasureReportRequest(measure_id=BREAST, type="subject-list")
    with pytest.raises(errors.Forbidden):
        await analyst("ListMeasureGaps", gaps)
    with pytest.raises(errors.Forbidden):
        await analyst("GetMeasureReport", listed)
    with pytest.raises(errors.Forbidden):
        await measuring.client(women.practice_id, "auditor")(
            "EvaluateMeasures", api.EvaluateMeasuresRequest()
        )
    assert await audited(women, "measure.report_read") == []
    await measuring.client(women.practice_id, "front_desk")("GetMeasureReport", listed)
    ((kind, measure, _, fields),) = await audited(women, "measure.report_read")
    assert (kind, measure, fields) == ("measure", BREAST, ["patient_id", BREAST])


async def test_reports_are_fhir_resources(measuring: Service, women: Book) -> None:
    owner = measuring.client(women.practice_id)

    async def report(**wanted: Any) -> Any:
        request = api.GetMeasureReportRequest(**wanted)
        return json_format.MessageToDict(await owner("GetMeasureReport", request))

    body = await report(measure_id=TOBACCO)
    assert (body["resourceType"], body["type"], body["status"]) == (
        "MeasureReport", "summary", "complete",
    )  # fmt: skip
    assert body["period"] == {"start": "2025-01-01", "end": "2025-12-31"}
    assert body["improvementNotation"]["coding"][0]["code"] == "increase"
    assert [group["id"] for group in body["group"]] == ["rate_1", "rate_2", "rate_3"]
    assert body["group"][0]["measureScore"]["value"] == 0
    assert body["group"][1]["measureScore"]["extension"][0]["valueCode"] == "not-applicable"
    (stratum,) = body["group"][0]["stratifier"][0]["stratum"]
    assert stratum["population"][0]["count"] == 26

    body = await report(measure_id=BREAST, type="subject-list")
    lists = {one["id"]: one.get("entry", []) for one in body["contained"]}
    assert len(lists["rate-1-denominator"]) == 26
    numerator = {one["item"]["reference"] for one in lists["rate-1-numerator"]}
    assert numerator == {f"Patient/{women.id(PATIENT, who)}" for who in SCREENED}
    for population in body["group"][0]["population"]:
        listed = lists[population["subjectResults"]["reference"].removeprefix("#")]
        assert population["count"] == len(listed)

    who = str(women.id(PATIENT, "p00"))
    body = await report(measure_id=BREAST, type="individual", patient=who)
    assert body["subject"] == {"reference": f"Patient/{who}"}
    assert [one["count"] for one in body["group"][0]["population"]] == [1, 1, 0, 1]
    body = await report(measure_id=BREAST, type="individual", patient=who, period_end="2024-01-01")
    assert [one["count"] for one in body["group"][0]["population"]] == [0, 0, 0, 0]
    rows = await audited(women, "measure.report_read")
    assert [row[:2] for row in rows] == [("measure", BREAST), ("patient", who), ("patient", who)]
    shown = await disclosed(women, "measure.report_read")
    assert (who, "patient", who) in shown
    assert len([one for one in shown if one[1:] == ("measure", BREAST)]) > 1


async def test_what_is_refused(measuring: Service, women: Book, new_practice: NewPractice) -> None:
    owner = measuring.client(women.practice_id)
    who = str(women.id(PATIENT, "p00"))
    for method, request, field in (
        ("EvaluateMeasures", api.EvaluateMeasuresRequest(measures=[BREAST, "x"]), "measures[1]"),
        ("ListMeasureGaps", api.ListMeasureGapsRequest(measure_id=BREAST, rate_id="x"), "rate_id"),
        (
            "ListMeasureGaps",
            api.ListMeasureGapsRequest(measure_id=BREAST, period_end="2025-02-30"),
            "period_end",
        ),
        (
            "ListMeasureGaps",
            api.ListMeasureGapsRequest(measure_id=BREAST, page_token="é"),
            "page_token",
        ),
        (
            "GetMeasureReport",
            api.GetMeasureReportRequest(measure_id=BREAST, type="individual"),
            "patient",
        ),
        (
            "GetMeasureReport",
            api.GetMeasureReportRequest(measure_id=BREAST, patient=who),
            "patient",
        ),
    ):
        with pytest.raises(errors.InvalidInput) as refused:
            await owner(method, request)
        assert refused.value.violations[0].field == field
    with pytest.raises(errors.NotFound):
        await owner("ListMeasureGaps", api.ListMeasureGapsRequest(measure_id="x"))
    page = await owner(
        "ListMeasureGaps", api.ListMeasureGapsRequest(measure_id=BREAST, page_size=1)
    )
    with pytest.raises(errors.InvalidInput):
        await owner(
            "ListMeasureGaps",
            api.ListMeasureGapsRequest(measure_id=BOWEL, page_token=page.next_page_token),
        )
    with pytest.raises(errors.OutOfRange):
        await owner("EvaluateMeasures", api.EvaluateMeasuresRequest(revision=99))
    # Another practice's patient is no patient.
    other = measuring.client((await new_practice()).practice_id)
    for stranger, patient in ((other, who), (owner, str(uuid.uuid4()))):
        with pytest.raises(errors.NotFound):
            await stranger(
                "GetMeasureReport",
                api.GetMeasureReportRequest(measure_id=BREAST, type="individual", patient=patient),
            )


async def test_rates_for_other_answers(connection: Connection, women: Book) -> None:
    begin: Any = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    async with transaction(connection, begin, women.practice_id, 10_000):
        practice = await get_practice(connection, women.practice_id)
        state = await state_at(connection, practice, None, practice.today)
        found = await rates(connection, practice, state, date(2025, 7, 31))
    assert len(found) == 11
    breast = found[BREAST]
    assert list(map(str, (breast.value, breast.numerator, breast.denominator))) == [
        "46.15", "12", "26",
    ]  # fmt: skip
    assert found["cms122_2025"].reason == "zero_denominator"
    assert found[TOBACCO].value == 0
    assert {f"{TOBACCO}_rate_2", f"{TOBACCO}_rate_3"} <= found.keys()
