"""Questions as bare SQL, through the service, through the gateway, and kept there; in turn."""

from __future__ import annotations

import asyncio
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
import psycopg

from conftest import RunningStack, enter_as, eventually
from praxis.analytics.v1 import (
    analytics_service_pb2,
    analytics_service_pb2_grpc,
    answer_pb2,
    kpi_service_pb2,
    kpi_service_pb2_grpc,
    metrics_pb2,
)
from praxis_analytics.api import fixed
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.queries import kpis
from praxis_analytics.queries.ask import to_question
from praxis_analytics.queries.compile import Statement
from praxis_analytics.queries.rollups import dirty_months, statements
from praxis_analytics.storage.practices import get_practice
from praxis_chassis.caller import Caller
from praxis_chassis.channels import metadata
from praxis_chassis.tokens import InternalSigner, load_key
from tests.load import downloads
from tests.load.clinic import Clinic, load_clinic, service_stack
from tests.load.http import Http
from tests.load.row import Row

_ROUNDS, _WARM_UP = 100, 20
_ROLLED_WITHIN_S = 120
# Two requests a round stay below what one user may ask in a second.
_PAUSE_S = 0.02
_KEPT_MS = 2.0
Way = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class _Case:
    """A request as RPC and as REST, and the questions it asks."""

    name: str
    rpc: str
    request: Any
    verb: str
    path: str
    body: Any
    questions: Sequence[answer_pb2.Question]


def run(stack: RunningStack) -> list[Row]:
    """Rows for fixed answers, key figures, the overview, a question of one's own, and files."""
    clinic = load_clinic(stack, patients=1000)
    enter_as(clinic.practice_id)
    asked = [row for case in _cases(clinic) for row in asyncio.run(_measure(stack, clinic, case))]
    return asked + downloads.measure(stack, clinic)


def _cases(clinic: Clinic) -> list[_Case]:
    year = {
        "start_date": clinic.until.replace(year=clinic.until.year - 1).isoformat(),
        "end_date": clinic.until.isoformat(),
    }
    figures = {
        "revenue": metrics_pb2.RevenueMetrics(),
        "appointments": metrics_pb2.AppointmentMetrics(),
        "claims": metrics_pb2.ClaimMetrics(),
        "payments": metrics_pb2.PaymentMetrics(),
        "patients": metrics_pb2.PatientMetrics(),
        "tasks": metrics_pb2.TaskMetrics(),
    }
    return [
        *(_fixed(name, message, year) for name, message in figures.items()),
        _overview(),
        _kpis("financial", clinic, year),
        _kpis("operational", clinic, year),
        _own(year),
    ]


def _fixed(name: str, message: Any, year: dict[str, str]) -> _Case:
    asked = fixed.whole(message, answer_pb2.Period(**year))
    return _Case(
        name,
        f"Get{type(message).__name__}",
        answer_pb2.DateRange(**year),
        *("POST", f"/api/v1/reports/analytics/{name}", year),
        [question for question, _ in asked],
    )


def _overview() -> _Case:
    asked = fixed.overview(metrics_pb2.OverviewDashboardMetrics())
    return _Case(
        "overview",
        "GetOverviewDashboardMetrics",
        analytics_service_pb2.GetOverviewDashboardMetricsRequest(),
        *("GET", "/api/v1/reports/analytics/overview", None),
        [question for question, _ in asked],
    )


def _kpis(category: str, clinic: Clinic, year: dict[str, str]) -> _Case:
    """Over a year, with its months as trends."""
    name = f"KPI_CATEGORY_{category.upper()}"
    period = Range(clinic.until.replace(year=clinic.until.year - 1), clinic.until)
    query = "&".join(f"{name}={value}" for name, value in {"category": category, **year}.items())
    return _Case(
        f"kpis-{category}",
        "GetKPIDashboard",
        kpi_service_pb2.GetKPIDashboardRequest(category=name, **year),
        *("GET", f"/api/v1/reports/analytics/kpis?{query}", None),
        kpis.questions(period, answer_pb2.Period(**year), category),
    )


def _own(year: dict[str, str]) -> _Case:
    asked = {
        "metrics": ["total_payments", "total_charges"],
        "dimension": "payer",
        "grain": "month",
        "period": year,
    }
    question = answer_pb2.Question(
        metrics=["total_payments", "total_charges"],
        dimension="payer",
        grain=answer_pb2.GRAIN_MONTH,
        period=answer_pb2.Period(**year),
    )
    return _Case(
        "payer-by-month",
        "Ask",
        analytics_service_pb2.AskRequest(questions=[question]),
        *("POST", "/api/v1/reports/analytics/query", {"questions": [asked]}),
        [question],
    )


async def _measure(stack: RunningStack, clinic: Clinic, case: _Case) -> list[Row]:
    async with (
        Http(stack.url, stack.token(str(clinic.practice_id))) as http,
        grpc.aio.insecure_channel(service_stack(stack).address("analytics")) as channel,
        await psycopg.AsyncConnection.connect(
            clinic.conninfo, autocommit=True, prepare_threshold=None
        ) as connection,
    ):
        ways = {
            "sql": await _sql(connection, clinic.practice_id, case.questions),
            "service": _service(stack, channel, clinic, case),
            # In this order: the answer that the third way kept is what the last one finds.
            "gateway": _gateway(http, case, fresh=True),
            "kept": _gateway(http, case, fresh=False),
        }
        took = await _in_turn(ways)
    p50 = {way: statistics.median(times) for way, times in took.items()}
    kept = p50["kept"]
    return [
        *(_row(case.name, way, p50, most) for way, most in (("service", 3.0), ("gateway", 5.0))),
        Row(
            *(f"question.{case.name}.kept", kept, "ms p50", p50["sql"], kept / p50["sql"]),
            *(f"<= {_KEPT_MS:g} ms", kept <= _KEPT_MS),
        ),
    ]


async def _in_turn(ways: dict[str, Way]) -> dict[str, list[float]]:
    """Milliseconds of each way."""
    took: dict[str, list[float]] = {way: [] for way in ways}
    for round_number in range(_ROUNDS + _WARM_UP):
        await asyncio.sleep(_PAUSE_S)
        for way, ask in ways.items():
            begun = time.perf_counter()
            await ask()
            if round_number >= _WARM_UP:
                took[way].append((time.perf_counter() - begun) * 1000)
    return took


def _row(name: str, way: str, p50: dict[str, float], most: float) -> Row:
    added = p50[way] - p50["sql"]
    return Row(
        f"question.{name}.{way}",
        p50[way],
        "ms p50",
        p50["sql"],
        p50[way] / p50["sql"],
        f"<= bare SQL + {most:g} ms",
        added <= most,
    )


def _gateway(http: Http, case: _Case, fresh: bool) -> Way:
    headers = {"Cache-Control": "no-cache"} if fresh else {}

    async def ask() -> None:
        answer = await http.ask(case.verb, case.path, case.body, headers)
        assert answer.status == 200, answer.body
        assert ("age" in answer.headers) is not fresh, "kept answers tell their age"

    return ask


def _service(stack: RunningStack, channel: grpc.aio.Channel, clinic: Clinic, case: _Case) -> Way:
    services = (
        analytics_service_pb2_grpc.AnalyticsServiceStub(channel),  # type: ignore[no-untyped-call]
        kpi_service_pb2_grpc.KPIServiceStub(channel),  # type: ignore[no-untyped-call]
    )
    call = next(getattr(one, case.rpc) for one in services if hasattr(one, case.rpc))
    key = load_key(service_stack(stack).layout.secrets / "gateway.jwk")
    signer = InternalSigner("gateway", key)
    caller = Caller(clinic.practice_id, "bench", frozenset({"owner"}))

    async def ask() -> None:
        token = signer.mint(caller)
        await call(case.request, metadata=metadata(token, uuid.uuid4().hex), timeout=10)

    return ask


async def _sql(
    connection: psycopg.AsyncConnection[Any],
    practice_id: uuid.UUID,
    asked: Sequence[answer_pb2.Question],
) -> Way:
    """The figures' own statements, this period and the compared one, and nothing around them.

    Waits until roll-ups stand for the facts, as the service reads them too.
    """
    practice = await get_practice(connection, practice_id)
    scope = {"practice": practice_id, "revision": practice.revision}
    compiled: list[Statement] = []
    for question in (to_question(one, practice, practice.today) for one in asked):

        async def rolled(question: Question = question) -> bool:
            return not any((await dirty_months(connection, question, scope)).values())

        await eventually(rolled, _ROLLED_WITHIN_S)
        dirty = await dirty_months(connection, question, scope)
        for span in filter(None, (question.period, question.comparison)):
            compiled += statements(question, span, scope, newest=True, dirty=dirty)

    async def ask() -> None:
        for statement in compiled:
            cursor = await connection.execute(statement.sql.encode(), statement.parameters)
            await cursor.fetchall()

    return ask
