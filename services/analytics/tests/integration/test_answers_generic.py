"""The generic question: several dimensions, order, pages, variants, words; and small cells."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from praxis.analytics.v1 import analytics_service_pb2 as api
from praxis.analytics.v1 import answer_pb2, catalogue_pb2
from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CHARGE,
    CLAIM,
    CONDITION,
    DOCUMENT,
    ENCOUNTER,
    LEDGER,
    PATIENT,
    PAYER,
    PROVIDER,
    STAFF_USER,
    TASK,
)
from praxis_analytics.domain.registry import METRICS
from praxis_chassis import errors
from services.analytics.tests.book import Book
from services.analytics.tests.integration.conftest import Client, Service

YEAR = answer_pb2.Period(start_date="2025-01-01", end_date="2025-06-30")
RANGE = answer_pb2.DateRange(start_date="2025-01-01", end_date="2025-06-30")
# Women and men by payer class; those of unknown sex are few.
PATIENTS = {("female", "m"): 14, ("female", "c"): 12, ("male", "m"): 13, ("male", "c"): 3}


@pytest_asyncio.fixture
async def filled(clinic: Book) -> Book:
    """The clinic with patients of two sexes and payer classes, each with one visit and charge."""
    at, entries = datetime(2025, 3, 4, 15, tzinfo=UTC), []
    visit = {"status": "finished", "start_at": at, "class": "AMB"}
    people = [who for who, count in PATIENTS.items() for _ in range(count)]
    entries.append(clinic.entry(PAYER, "c", name="Acme", payer_class="commercial"))
    entries.append(clinic.entry(PROVIDER, "2", display_name="Dr Idle"))
    entries.append(clinic.entry(STAFF_USER, "u", display_name="Ada"))
    entries.append(clinic.entry(STAFF_USER, "i", display_name="Ivo"))
    for number, (sex, payer) in enumerate(people):
        name, who = f"n{number}", {"payer_id": clinic.id(PAYER, payer)}
        who["patient_id"] = clinic.id(PATIENT, name)
        entries += [
            clinic.entry(
                PATIENT, name, sex=sex, birth_date=date(1950 + number, 1, 1),
            ),
            clinic.entry(ENCOUNTER, name, **who, **visit),
            clinic.entry(
                CHARGE, name, amount=Decimal(10 + number), posting_date=date(2025, 3, 5),
                service_date=date(2025, 2, 27), claim_id=clinic.id(CLAIM, name), **who,
            ),
            clinic.entry(
                CONDITION, name, code="38341003", display="Hypertension",
                onset_on=date(2025, 3, 4), patient_id=who["patient_id"],
            ),
        ]  # fmt: skip
    entries += [
        clinic.entry(
            TASK, "t", type="custom", priority="high", assignee_id=clinic.id(STAFF_USER, "u"),
            created_at=at, completed_at=at + timedelta(hours=5), status="completed",
        ),
        clinic.entry(
            DOCUMENT, "d", type="lab_result", status="approved", received_at=at,
            reviewed_at=at + timedelta(hours=3), reviewed_by=clinic.id(STAFF_USER, "u"),
        ),
    ]  # fmt: skip
    await clinic.apply(*entries)
    return clinic


async def ask(client: Client, *metrics: str, **more: Any) -> answer_pb2.Answer:
    asked = answer_pb2.Question(metrics=metrics, **{"period": YEAR, **more})
    response = await client("Ask", api.AskRequest(questions=[asked]))
    found: answer_pb2.Answer = response.answers[0]
    return found


def table(found: answer_pb2.Answer) -> dict[tuple[str, ...], list[str]]:
    return {
        tuple(row.keys): [one.value if one.HasField("value") else one.reason for one in row.figures]
        for row in found.rows
    }


async def test_two_dimensions_cross(owner: Client, filled: Book) -> None:
    found = await ask(owner, "total_patients", dimensions=["sex", "payer_class"])
    assert {key: int(value) for key, (value,) in table(found).items()} == {
        (sex, "medicare" if payer == "m" else "commercial"): count
        for (sex, payer), count in PATIENTS.items()
    }
    assert found.small_cell_limit == 0
    # The order of classes is that of the catalogue.
    assert [row.keys[1] for row in found.rows if row.keys[0] == "female"] == [
        "commercial",
        "medicare",
    ]


async def test_the_first_in_an_order_and_its_pages(owner: Client, filled: Book) -> None:
    order = answer_pb2.Order(by="total_charges", descending=True)
    asked = {"dimensions": ["age_band"], "order": order}
    whole = await ask(owner, "total_charges", **asked)
    amounts = [Decimal(row.figures[0].value) for row in whole.rows]
    assert amounts == sorted(amounts, reverse=True)
    assert len(amounts) == whole.total_rows > 3
    best = await ask(owner, "total_charges", limit=2, **asked)
    assert list(best.rows) == list(whole.rows[:2])
    pages: list[answer_pb2.AnswerRow] = []
    token = ""
    while not pages or token:
        page = await ask(owner, "total_charges", page_size=2, page_token=token, **asked)
        pages += page.rows
        token = page.next_page_token
        assert page.receipt == whole.receipt
    assert pages == list(whole.rows)
    with pytest.raises(errors.InvalidInput) as refused:
        await ask(owner, "total_charges", page_size=2, page_token=f"{'0' * 12}-2", **asked)
    assert refused.value.violations[0].field == "page_token"


async def test_with_buckets_groups_are_ranked_over_the_whole_period(
    owner: Client, filled: Book
) -> None:
    found = await ask(
        owner, "total_charges", dimensions=["payer_class"], grain=answer_pb2.GRAIN_QUARTER,
        order=answer_pb2.Order(by="total_charges", descending=True), limit=1,
    )  # fmt: skip
    assert {row.key for row in found.rows} == {"medicare"}
    assert len(found.rows) == 2


async def test_a_variant_counts_by_another_date(owner: Client, filled: Book) -> None:
    march = {"period": answer_pb2.Period(start_date="2025-03-01", end_date="2025-03-31")}
    posted = await ask(owner, "total_charges", **march)
    served = await ask(owner, "total_charges", variants={"total_charges": "service_date"}, **march)
    assert Decimal(posted.rows[0].figures[0].value) > 0
    assert served.rows[0].figures[0].value == "0.00"
    assert (served.metrics[0].variant, posted.metrics[0].variant) == ("service_date", "")
    assert served.receipt != posted.receipt


@pytest.mark.parametrize(
    ("more", "field", "hint"),
    [
        ({"dimensions": ["sex", "moon"]}, "dimensions[1]", "age_band"),
        ({"dimensions": ["sex"], "dimension": "race"}, "dimension", "not both"),
        ({"order": answer_pb2.Order(by="visits")}, "order.by", "none of the asked"),
        ({"limit": 3}, "limit", "dimensions"),
        ({"variants": {"total_charges": "moon"}}, "variants", "service_date"),
        ({"variants": {"visits": "moon"}}, "variants", "not among"),
    ],
)
async def test_what_cannot_be_answered_is_refused(
    owner: Client, more: dict[str, Any], field: str, hint: str
) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        await ask(owner, "total_charges", **more)
    (violation, *_) = refused.value.violations
    assert violation.field == field
    assert hint in violation.description


async def test_words_ask_the_same(owner: Client, filled: Book) -> None:
    text = "total_charges, total_patients by sex, 2025-01-01..2025-06-30, payer_class = medicare"
    found = await owner("AskText", api.AskTextRequest(text=text))
    same = await owner("Ask", api.AskRequest(questions=[found.question]))
    assert same.answers[0] == found.answer
    assert table(found.answer)[("female",)][1] == "14"
    with pytest.raises(errors.InvalidInput) as refused:
        await owner("AskText", api.AskTextRequest(text="total_charges by sx"))
    (violation,) = refused.value.violations
    assert violation.field == "text"
    assert "character 18" in violation.description
    assert "did you mean sex?" in violation.description


async def test_the_catalogue_names_everything(owner: Client) -> None:
    found: catalogue_pb2.MetricCatalogue = await owner(
        "GetMetricCatalogue", api.GetMetricCatalogueRequest()
    )
    assert [metric.id for metric in found.metrics] == list(METRICS)
    known = {dimension.id for dimension in found.dimensions}
    for metric in found.metrics:
        assert set(metric.dimensions) <= known
        assert metric.permission in ("read_financial", "read_operational")


# Small cells.


@pytest.fixture
def analyst(service: Service, filled: Book) -> Client:
    """Sees aggregates, and no patients."""
    return service.client(filled.practice_id, "analyst")


async def test_a_small_cell_hides_a_second_one_in_its_row_and_column(analyst: Client) -> None:
    found = await ask(analyst, "total_patients", dimensions=["sex", "payer_class"])
    hidden = {key for key, (value,) in table(found).items() if value == "suppressed"}
    # Male and commercial are few; one alone in a row or column could be worked out.
    assert hidden == {
        (sex, payer) for sex in ("female", "male") for payer in ("commercial", "medicare")
    }
    assert found.small_cell_limit == 11
    one = await ask(
        analyst, "total_patients", dimensions=["sex"],
        filters=[answer_pb2.Filter(dimension="payer_class", values=["commercial"])],
    )  # fmt: skip
    assert table(one) == {("female",): ["suppressed"], ("male",): ["suppressed"]}
    total = await ask(analyst, "total_patients", dimensions=["sex"])
    assert table(total) == {("female",): ["26"], ("male",): ["16"]}


async def test_what_rests_on_few_patients_is_hidden_and_the_rest_shown(
    analyst: Client, owner: Client
) -> None:
    asked = {"dimensions": ["sex", "payer_class"]}
    seen = table(await ask(owner, "average_age", "total_charges", **asked))
    assert "suppressed" not in [value for values in seen.values() for value in values]
    few = table(await ask(analyst, "average_age", "total_charges", **asked))
    # Split by what patients are, an amount tells as much as a count.
    known = [tuple(values) for (sex, _), values in few.items() if sex]
    assert known == [("suppressed", "suppressed")] * 4
    by_class = table(await ask(analyst, "total_charges", dimensions=["payer_class"]))
    assert "suppressed" not in [value for values in by_class.values() for value in values]


async def test_the_other_side_of_a_comparison_is_hidden_too(analyst: Client, owner: Client) -> None:
    asked = {
        "dimensions": ["sex"],
        "compare": True,
        "filters": [answer_pb2.Filter(dimension="payer_class", values=["commercial"])],
        "period": answer_pb2.Period(
            start_date="2025-04-01", end_date="2025-06-30",
            comparison_start_date="2025-03-01", comparison_end_date="2025-03-31",
        ),
    }  # fmt: skip
    seen = await ask(owner, "unique_patients", **asked)
    assert {row.key: row.figures[0].comparison_value for row in seen.rows} == {
        "female": "12",
        "male": "3",
    }
    found = await ask(analyst, "unique_patients", **asked)
    assert [row.key for row in found.rows] == ["female", "male"]
    for row in found.rows:
        (figure,) = row.figures
        assert figure.comparison_reason == "suppressed"
        assert not figure.HasField("comparison_value")
        assert not figure.HasField("change_percent")


async def test_fixed_answers_name_what_they_hide(
    analyst: Client, owner: Client, filled: Book
) -> None:
    shown = await owner("GetPatientMetrics", RANGE)
    assert dict(shown.insurance_distribution) == {"medicare": 27, "commercial": 15}
    assert not shown.suppressed
    found = await analyst("GetPatientMetrics", RANGE)
    assert found.total_patients == 42
    assert not found.suppressed
    for number in range(3):
        at, who = datetime(2025, 3, 5, 15, tzinfo=UTC), filled.id(PATIENT, f"o{number}")
        visit = {"status": "finished", "start_at": at, "class": "AMB", "patient_id": who}
        await filled.apply(
            filled.entry(PATIENT, f"o{number}", sex="other"),
            filled.entry(ENCOUNTER, f"o{number}", **visit),
        )
    seen = await owner("GetPatientMetrics", RANGE)
    assert dict(seen.gender_distribution) == {"female": 26, "male": 16, "other": 3}
    found = await analyst("GetPatientMetrics", RANGE)
    # The three, of no payer either, and the next larger groups: from those they could be told.
    assert dict(found.gender_distribution) == {"female": 26}
    assert dict(found.insurance_distribution) == {"medicare": 27}
    assert sorted(found.suppressed) == [
        "gender_distribution.male",
        "gender_distribution.other",
        "insurance_distribution.commercial",
        "insurance_distribution.unknown",
    ]


async def test_a_receipt_tells_no_more_than_its_answer(analyst: Client) -> None:
    few = [answer_pb2.Filter(dimension="payer_class", values=["commercial"])]
    few.append(answer_pb2.Filter(dimension="sex", values=["male"]))
    found = await ask(analyst, "total_patients", filters=few)
    assert table(found) == {(): ["suppressed"]}
    receipt = found.receipt.rsplit("/", 1)[1]
    opened = await analyst("GetReceipt", api.GetReceiptRequest(receipt=receipt))
    (figure,) = opened.figures
    assert figure.figure.reason == "suppressed"
    assert not figure.components


# The fixed answers beside the first ones.


async def test_every_provider_and_user_is_listed(owner: Client, filled: Book) -> None:
    found = await owner("GetProviderMetrics", RANGE)
    by_name = {one.provider_name: one for one in found.providers}
    assert list(by_name) == ["Nobody", "Dr Idle", "Dr Okafor"]
    assert by_name["Dr Okafor"].total_appointments == 8
    assert by_name["Dr Okafor"].unique_patients == 7
    assert by_name["Dr Okafor"].revenue_generated == 600.0
    assert by_name["Dr Idle"].total_appointments == 0
    assert by_name["Dr Idle"].reasons["completion_rate"] == "zero_denominator"
    assert not by_name["Nobody"].HasField("provider_id")
    assert sum(one.total_patients_seen for one in found.providers) == 49
    staff = await owner("GetStaffProductivityMetrics", RANGE)
    people = {one.user_name: one for one in staff.staff}
    assert people["Ada"].documents_processed == people["Ada"].tasks_completed == 1
    assert people["Ivo"].tasks_assigned == 0
    assert people["Ivo"].reasons["messages_sent"] == "no_source_data"


async def test_dashboards_are_their_answers_together(owner: Client, filled: Book) -> None:
    money = await owner("GetFinancialDashboardMetrics", RANGE)
    revenue = await owner("GetRevenueMetrics", RANGE)
    assert money.revenue.total_revenue == revenue.total_revenue
    assert [point.value for point in money.revenue_trend] == [0, 0, 0, 480, 600, 0]
    assert money.top_payers[0].payer_name == "Medicare"
    assert sum(money.aging_report.values()) == pytest.approx(revenue.outstanding_balance)
    care = await owner("GetClinicalDashboardMetrics", RANGE)
    assert [(one.display, one.patients) for one in care.top_diagnoses] == [("Hypertension", 42)]
    assert care.appointments.total_appointments == 8
    assert care.quality_measures or any("quality" in name for name in care.reasons)
    work = await owner("GetOperationalDashboardMetrics", RANGE)
    assert work.documents.average_review_time_hours == 3.0
    assert dict(work.documents.by_type) == {"lab_result": 1}
    assert work.workflow_efficiency.average_completion_time_hours == 5.0
    assert work.workflow_efficiency.reasons["verified_share"]


async def test_who_may_not_see_money_gets_the_rest(service: Service, filled: Book) -> None:
    desk = service.client(filled.practice_id, "front_desk")
    found = await desk("GetProviderMetrics", RANGE)
    assert found.providers
    for one in found.providers:
        assert one.reasons["revenue_generated"] == "missing_permission"
        assert not one.HasField("revenue_generated")
    work = await desk("GetOperationalDashboardMetrics", RANGE)
    assert work.workflow_efficiency.reasons["charge_lag_days"] == "missing_permission"
    with pytest.raises(errors.Forbidden):
        await desk("GetFinancialDashboardMetrics", RANGE)


async def test_amounts_by_a_ledger_column(owner: Client, clinic: Book) -> None:
    await clinic.apply(
        clinic.entry(
            LEDGER, "x", entry="adjustment", reason="charity", carc="45", group_code="CO",
            amount=Decimal("5.00"), posting_date=date(2025, 5, 2),
        ),
        clinic.entry(
            APPOINTMENT, "l", status="booked", start_at=datetime(2025, 5, 12, 13, tzinfo=UTC),
            booked_at=datetime(2025, 5, 8, 13, tzinfo=UTC),
        ),
    )  # fmt: skip
    found = table(await ask(owner, "total_adjustments", dimensions=["adjustment_reason", "carc"]))
    assert found[("charity", "45")] == ["5.00"]
    by_lead = table(await ask(owner, "total_appointments", dimensions=["lead_band", "weekday"]))
    assert by_lead == {("3-7", "1"): ["1"], ("", "1"): ["8"]}
