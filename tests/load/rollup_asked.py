"""What is asked of roll-ups: six questions, the fixed answers and key figures, each as the service
asks it, and the six by hand in DuckDB."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import psycopg

from praxis.analytics.v1 import answer_pb2, metrics_pb2
from praxis_analytics.api import fixed
from praxis_analytics.domain.periods import Range, previous
from praxis_analytics.domain.questions import Question
from praxis_analytics.queries.answers import answer, answers, state_at
from praxis_analytics.queries.ask import to_question
from praxis_analytics.queries.kpis import key_figures
from praxis_analytics.storage.practices import Practice

TODAY = date(2026, 1, 15)
_YEAR = Range(date(2025, 1, 1), date(2025, 12, 31))
_EDGES = Range(date(2025, 1, 9), date(2025, 12, 20))
_MONEY = ("total_charges", "total_payments", "refunds", "total_adjustments", "total_revenue")
_VISITS = ("total_appointments", "completed_appointments", "cancelled_appointments")
_BASE = Question(
    metrics=(), period=_YEAR, today=TODAY, time_zone="America/New_York", accrual_basis=False
)
_QUESTIONS = {
    "revenue by month and payer": replace(
        _BASE, metrics=("total_revenue",), dimensions=("payer",), grain="month"
    ),
    "no-shows by provider": replace(
        _BASE, metrics=("no_show_appointments",), dimensions=("provider",)
    ),
    "distinct patients": replace(_BASE, metrics=("unique_patients",)),
    "A/R aging": replace(_BASE, metrics=("outstanding_balance",), dimensions=("aging_bucket",)),
    "denial rate by payer": replace(_BASE, metrics=("initial_denial_rate",), dimensions=("payer",)),
    "overview": replace(
        _BASE,
        metrics=(*_MONEY, *_VISITS, "no_show_appointments", "no_show_rate"),
        comparison=previous(_YEAR),
    ),
}
_PERIOD = answer_pb2.Period(start_date=str(_YEAR.start), end_date=str(_YEAR.end))
# Fixed answers about kinds of facts that the set has.
_FIXED: Mapping[str, Callable[[], fixed.Asked]] = {
    "revenue": lambda: fixed.whole(metrics_pb2.RevenueMetrics(), _PERIOD),
    "appointments": lambda: fixed.whole(metrics_pb2.AppointmentMetrics(), _PERIOD),
    "payments": lambda: fixed.whole(metrics_pb2.PaymentMetrics(), _PERIOD),
    "claims": lambda: fixed.whole(metrics_pb2.ClaimMetrics(), _PERIOD),
    "patients": lambda: fixed.whole(metrics_pb2.PatientMetrics(), _PERIOD),
    "providers": lambda: fixed.providers(metrics_pb2.ProviderMetricsList(), _PERIOD),
    "financial": lambda: fixed.financial(metrics_pb2.FinancialDashboardMetrics(), _PERIOD),
    "clinical": lambda: fixed.clinical(metrics_pb2.ClinicalDashboardMetrics(), _PERIOD),
    "today": lambda: fixed.overview(metrics_pb2.OverviewDashboardMetrics()),
}
# The six by hand in DuckDB; `mine` limits a table to the practice.
_IN_YEAR = "between date '2025-01-01' and date '2025-12-31'"
_STARTED = (
    "start_at >= timestamptz '2025-01-01 05:00Z' and start_at < timestamptz '2026-01-01 05:00Z'"
)
BY_HAND = {
    "revenue by month and payer": "select date_trunc('month', posting_date), payer_id, sum(amount)"
    f" from fact_ledger where mine and entry = 'payment' and posting_date {_IN_YEAR} group by 1, 2",
    "no-shows by provider": "select provider_id, count(*) filter (where status = 'noshow')"
    f" from fact_appointment where mine and {_STARTED} group by 1",
    "distinct patients": "select count(distinct patient_id) from fact_encounter"
    f" where mine and status = 'finished' and {_STARTED}",
    "A/R aging": "select least(date_diff('day', on_day, date '2025-12-31') // 30, 4), sum(b) from ("
    " select claim_id, min(d) as on_day, sum(amount) as b from (select claim_id, service_date as d,"
    " amount from fact_charge where mine and posting_date <= date '2025-12-31' union all select"
    " claim_id, null, -amount from fact_ledger where mine and posting_date <= date '2025-12-31')"
    " group by 1) where b > 0 group by 1",
    "denial rate by payer": "select payer_id, count(*), count(*) filter (where answer = 'denied')"
    " from fact_claim join (select claim_id, min(occurred_on) as on_day, arg_min(event,"
    " (occurred_on, seq)) as answer from fact_claim_event where mine and event in ('paid',"
    " 'denied', 'partially_paid') group by 1) e using (claim_id)"
    f" where mine and on_day {_IN_YEAR} group by 1",
    "overview": "select * from (select"
    + ",".join(
        f" sum(amount) filter (where entry = '{entry}' and year(posting_date) = {year})"
        for entry in ("payment", "refund", "adjustment")
        for year in (2024, 2025)
    )
    + " from fact_ledger where mine and posting_date between '2024-01-01' and '2025-12-31'),"
    " (select sum(amount) filter (where year(posting_date) = 2025), sum(amount) from fact_charge"
    " where mine and posting_date between '2024-01-01' and '2025-12-31'), (select"
    " count(*), count(*) filter (where status = 'noshow'),"
    " count(*) filter (where status = 'fulfilled'), count(*) filter (where status = 'cancelled')"
    f" from fact_appointment where mine and {_STARTED}), (select count(*), count(*) filter (where"
    " status = 'noshow'), count(*) filter (where status = 'fulfilled'), count(*) filter (where"
    " status = 'cancelled') from fact_appointment where mine and start_at >= timestamptz"
    " '2024-01-01 05:00Z' and start_at < timestamptz '2025-01-01 05:00Z')",
}


class Recorder(psycopg.AsyncConnection[Any]):
    """A connection that remembers what it sent."""

    sent: list[tuple[str, Any]]

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.sent = []

    async def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
        if isinstance(query, bytes):
            self.sent.append((query.decode(), params))
        return await super().execute(query, params, **more)


Ask = Callable[[Recorder, Practice], Awaitable[object]]


async def _question(question: Question, connection: Recorder, practice: Practice) -> object:
    state = await state_at(connection, practice, None, question.today, question.subjects)
    connection.sent.clear()  # what is known of a revision is not asked again
    return await answer(connection, question, state)


async def _fixed(make: Callable[[], fixed.Asked], connection: Recorder, practice: Practice) -> None:
    questions = [to_question(asked, practice, TODAY) for asked, _ in make()]
    subjects = frozenset().union(*(question.subjects for question in questions))
    state = await state_at(connection, practice, None, TODAY, subjects)
    connection.sent.clear()
    await answers(connection, questions, state)


async def _kpis(category: str, connection: Recorder, practice: Practice) -> None:
    await key_figures(connection, practice, _PERIOD, category)
    connection.sent.clear()
    await key_figures(connection, practice, _PERIOD, category)


SIX: Mapping[str, Ask] = {name: partial(_question, one) for name, one in _QUESTIONS.items()}
OTHERS: Mapping[str, Ask] = {
    **{f"answer.{name}": partial(_fixed, make) for name, make in _FIXED.items()},
    **{f"kpis.{name}": partial(_kpis, name) for name in ("financial", "operational")},
}
RAGGED: Mapping[str, Ask] = {
    name: partial(
        _question,
        replace(one, period=_EDGES, comparison=previous(_EDGES) if one.comparison else None),
    )
    for name, one in _QUESTIONS.items()
}
