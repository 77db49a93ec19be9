"""What the service refuses: invalid questions by field, callers by role; and its record."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from praxis.analytics.v1 import analytics_service_pb2 as api
from praxis.analytics.v1 import answer_pb2
from praxis_chassis import errors
from praxis_chassis.caller import ROLES
from services.analytics.tests.book import Book
from services.analytics.tests.integration.conftest import Client, Service

MAY = answer_pb2.DateRange(start_date="2025-05-01", end_date="2025-05-31")
MAY_PERIOD = answer_pb2.Period(start_date="2025-05-01", end_date="2025-05-31")


def question(*metrics: str, **more: Any) -> answer_pb2.Question:
    return answer_pb2.Question(metrics=metrics, **{"period": MAY_PERIOD, **more})


def ask(*questions: answer_pb2.Question, **more: Any) -> api.AskRequest:
    return api.AskRequest(questions=questions, **more)


INVALID: dict[str, tuple[api.AskRequest, str, str]] = {
    "no questions": (ask(), "questions", ""),
    "no metric": (ask(question()), "questions[0].metrics", ""),
    "an unknown metric": (
        ask(question("total_charges", "total_revenu")), "metrics[1]", "total_revenue",
    ),
    "something else": (ask(question("xyzzy")), "metrics[0]", "total_"),
    "one metric twice": (ask(question("refunds", "refunds")), "questions[0].metrics", ""),
    "an unknown dimension": (
        ask(question("refunds", dimension="moon")), "dimension", "payer_class, age_band",
    ),
    "a dimension that the metric has not": (
        ask(question("average_revenue_per_patient", dimension="method")),
        "dimension",
        "provider",
    ),
    "a filter that the metric has not": (
        ask(
            question(
                "average_revenue_per_patient",
                filters=[answer_pb2.Filter(dimension="procedure", values=["99213"])],
            )
        ),
        "filters[0].dimension",
        "provider",
    ),
    "an unknown class": (
        ask(
            question(
                "refunds", filters=[answer_pb2.Filter(dimension="payer_class", values=["Medicare"])]
            )
        ),
        "filters[0].values[0]",
        "medicaid",
    ),
    "no id": (
        ask(
            question(
                "refunds", filters=[answer_pb2.Filter(dimension="provider", values=["", "\0'"])]
            )
        ),
        "filters[0].values[1]",
        "UUID",
    ),
    "a filter without values": (
        ask(question("refunds", filters=[answer_pb2.Filter(dimension="provider")])),
        "questions[0].filters[0].values",
        "",
    ),
    "buckets of a balance": (
        ask(question("outstanding_balance", grain=answer_pb2.GRAIN_MONTH)), "grain", "leave one",
    ),
    "too many days": (
        ask(
            question(
                "refunds",
                grain=answer_pb2.GRAIN_DAY,
                period=answer_pb2.Period(start_date="2020-01-01", end_date="2025-01-01"),
            )
        ),
        "grain",
        "week or month",
    ),
    "no period": (
        ask(answer_pb2.Question(metrics=["refunds"])), "questions[0].period", "",
    ),
    "an empty period": (
        ask(question("refunds", period=answer_pb2.Period())), "start_date", "required",
    ),
    "half a period": (
        ask(question("refunds", period=answer_pb2.Period(start_date="2025-01-01"))),
        "end_date",
        "required",
    ),
    "both forms of a period": (
        ask(
            question(
                "refunds",
                period=answer_pb2.Period(start_date="2025-01-01", relative_range="today"),
            )
        ),
        "relative_range",
        "not both",
    ),
    "an unknown range": (
        ask(question("refunds", period=answer_pb2.Period(relative_range="last_0_days"))),
        "relative_range",
        "last_N_days",
    ),
    "a day that is not": (
        ask(
            question(
                "refunds", period=answer_pb2.Period(start_date="2025-02-29", end_date="2025-03-01")
            )
        ),
        "start_date",
        "calendar date",
    ),
    "a day out of all time": (
        ask(
            question(
                "refunds",
                compare=True,
                period=answer_pb2.Period(start_date="0001-01-01", end_date="0001-01-01"),
            )
        ),
        "start_date",
        "1900",
    ),
    "half a comparison": (
        ask(
            question(
                "refunds",
                compare=True,
                period=answer_pb2.Period(
                    relative_range="today", comparison_start_date="2025-01-01"
                ),
            )
        ),
        "comparison_end_date",
        "required",
    ),
    "an unknown comparison": (
        ask(question("refunds", period=answer_pb2.Period(relative_range="today", compare_to="x"))),
        "questions[0].period.compare_to",
        "",
    ),
    "a today to come": (ask(question("refunds"), today="2025-07-11"), "today", "2025-07-10"),
    "a today that is not": (ask(question("refunds"), today="2025-07-32"), "today", "calendar date"),
    "a revision that never was": (ask(question("refunds"), revision=2), "revision", "1"),
    "a revision before all": (ask(question("refunds"), revision=-1), "revision", ""),
    "a revision beyond all": (ask(question("refunds"), revision=2**63 - 1), "revision", "1"),
    "too many questions": (ask(*[question("refunds")] * 21), "questions", ""),
}  # fmt: skip


@pytest.mark.parametrize(("request_", "field", "hint"), INVALID.values(), ids=INVALID)
async def test_an_invalid_question_is_refused_by_field(
    owner: Client, request_: api.AskRequest, field: str, hint: str
) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        await owner("Ask", request_)
    out_of_range = field == "revision" and request_.revision >= 0
    assert type(refused.value) is (errors.OutOfRange if out_of_range else errors.InvalidInput)
    (violation, *_) = refused.value.violations
    assert violation.field == field
    assert hint in violation.description
    assert refused.value.message.startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        ("2025-05-31", "2025-05-01", "end_date"),
        ("2010-01-01", "2025-01-01", "end_date"),
        ("2025-5-1", "2025-05-02", "start_date"),
        ("", "2025-05-02", "start_date"),
        ("2025-05-01", "2025-04-31", "end_date"),
    ],
)
@pytest.mark.parametrize("method", ["GetRevenueMetrics", "GetAppointmentMetrics"])
async def test_a_bad_range_is_refused_by_field(
    owner: Client, method: str, start: str, end: str, field: str
) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        await owner(method, answer_pb2.DateRange(start_date=start, end_date=end))
    assert refused.value.violations[0].field == field


# Who may.

MONEY = {"owner", "admin", "billing", "analyst"}
ASKING = MONEY | {"front_desk"}
ANYONE = ASKING | {"provider", "auditor"}
CALLS: dict[str, tuple[str, Any, set[str]]] = {
    "revenue": ("GetRevenueMetrics", MAY, MONEY),
    "appointments": ("GetAppointmentMetrics", MAY, ASKING),
    "a question of money": ("Ask", ask(question("total_charges")), MONEY),
    "a question of both": (
        "Ask", ask(question("total_appointments"), question("average_revenue_per_patient")), MONEY,
    ),
    "a question of appointments": ("Ask", ask(question("no_show_rate")), ASKING),
    "a period": ("ResolvePeriod", answer_pb2.Period(relative_range="today"), ASKING),
    "the practice": ("GetPractice", api.GetPracticeRequest(), ANYONE),
}  # fmt: skip


@pytest.mark.parametrize(("method", "request_", "allowed"), CALLS.values(), ids=CALLS)
async def test_each_role_may_do_what_it_may(
    service: Service, clinic: Book, method: str, request_: Any, allowed: set[str]
) -> None:
    assert allowed < ROLES
    for role in ROLES:
        call = service.client(clinic.practice_id, role)(method, request_)
        if role in allowed:
            assert await call is not None
        else:
            with pytest.raises(errors.Forbidden):
                await call
    nobody = service.client(clinic.practice_id, "auditor", "provider")
    if "auditor" not in allowed:
        with pytest.raises(errors.Forbidden):
            await nobody(method, request_)


async def test_reads_and_refusals_are_recorded(
    service: Service, clinic: Book, superuser: psycopg.Connection[Any]
) -> None:
    owner = service.client(clinic.practice_id)
    answer = (await owner("Ask", ask(question("refunds", "total_charges")))).answers[0]
    desk = service.client(clinic.practice_id, "front_desk")
    with pytest.raises(errors.Forbidden):
        await desk("GetRevenueMetrics", MAY)
    await service.reads.flush()
    rows = superuser.execute(
        "select actor, action, object_id, outcome, fields from audit_log"
        " where practice_id = %s and action <> 'practice.create' and action <> 'practice.update'"
        " order by at",
        (clinic.practice_id,),
    ).fetchall()
    read, refused = rows
    receipt = answer.receipt.rsplit("/", 1)[1]
    assert read == (
        owner.caller.user_id, "metrics.read", receipt, "ok", ["refunds", "total_charges"],
    )  # fmt: skip
    assert refused[:2] == (desk.caller.user_id, "call.refused")
    assert refused[3] == "missing_permission"
