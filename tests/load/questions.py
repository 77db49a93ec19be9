"""A question through the gateway, the service, and as bare SQL, taken in turn."""

from __future__ import annotations

import asyncio
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable

import grpc
import httpx
import psycopg

from conftest import RunningStack, eventually
from praxis.analytics.v1 import analytics_service_pb2_grpc, answer_pb2
from praxis_analytics.domain.periods import Range, previous
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.queries.rollups import dirty_months, statements
from praxis_analytics.storage.practices import get_practice
from praxis_chassis.caller import Caller
from praxis_chassis.channels import metadata
from praxis_chassis.tokens import InternalSigner, load_key
from tests.load.clinic import Clinic, load_clinic, service_stack
from tests.load.row import Row

_ROUNDS, _WARM_UP = 300, 30
_ROLLED_WITHIN_S = 120
_DATES = {
    "revenue": (
        "total_revenue",
        "total_charges",
        "total_payments",
        "total_adjustments",
        "outstanding_balance",
        "collection_rate",
        "average_revenue_per_patient",
    ),
    "appointments": tuple(m.id for m in METRICS.values() if m.subject == "appointment_statistics"),
}


def run(stack: RunningStack) -> list[Row]:
    """Rows for the revenue and the appointment answer."""
    clinic = load_clinic(stack, patients=1000)
    return [row for name in _DATES for row in asyncio.run(_measure(stack, clinic, name))]


async def _measure(stack: RunningStack, clinic: Clinic, name: str) -> list[Row]:
    year = Range(clinic.until.replace(year=clinic.until.year - 1), clinic.until)
    async with (
        httpx.AsyncClient(base_url=stack.url, headers=_headers(stack, clinic)) as client,
        grpc.aio.insecure_channel(service_stack(stack).address("analytics")) as channel,
        await psycopg.AsyncConnection.connect(
            clinic.conninfo, autocommit=True, prepare_threshold=None
        ) as connection,
    ):
        ways = {
            "sql": await _sql(connection, clinic.practice_id, name, year),
            "service": _service(stack, channel, clinic, name, year),
            "gateway": _gateway(client, name, year),
        }
        took: dict[str, list[float]] = {way: [] for way in ways}
        for round_number in range(_ROUNDS + _WARM_UP):
            for way, ask in ways.items():
                begun = time.perf_counter()
                await ask()
                if round_number >= _WARM_UP:
                    took[way].append((time.perf_counter() - begun) * 1000)
    p50 = {way: statistics.median(times) for way, times in took.items()}
    return [_row(name, way, p50, most) for way, most in (("service", 3.0), ("gateway", 5.0))]


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


def _headers(stack: RunningStack, clinic: Clinic) -> dict[str, str]:
    return {"Authorization": f"Bearer {stack.token(str(clinic.practice_id))}"}


def _body(period: Range) -> dict[str, str]:
    return {"start_date": period.start.isoformat(), "end_date": period.end.isoformat()}


def _gateway(client: httpx.AsyncClient, name: str, period: Range) -> Callable[[], Awaitable[None]]:
    async def ask() -> None:
        response = await client.post(f"/api/v1/reports/analytics/{name}", json=_body(period))
        # The local rate limit is far above one client in turn; anything but 200 is a fault.
        response.raise_for_status()

    return ask


def _service(
    stack: RunningStack, channel: grpc.aio.Channel, clinic: Clinic, name: str, period: Range
) -> Callable[[], Awaitable[None]]:
    stub = analytics_service_pb2_grpc.AnalyticsServiceStub(channel)  # type: ignore[no-untyped-call]
    call = {"revenue": stub.GetRevenueMetrics, "appointments": stub.GetAppointmentMetrics}[name]
    key = load_key(service_stack(stack).layout.secrets / "gateway.jwk")
    signer = InternalSigner("gateway", key)
    caller = Caller(clinic.practice_id, "bench", frozenset({"owner"}))

    async def ask() -> None:
        token = signer.mint(caller)
        await call(
            answer_pb2.DateRange(**_body(period)),
            metadata=metadata(token, uuid.uuid4().hex),
            timeout=10,
        )

    return ask


async def _sql(
    connection: psycopg.AsyncConnection, practice_id: uuid.UUID, name: str, year: Range
) -> Callable[[], Awaitable[None]]:
    """The figures' own statements, this period and the compared one, and nothing around them.

    Waits until roll-ups stand for the facts, as the service reads them too.
    """
    practice = await get_practice(connection, practice_id)
    question = Question(
        metrics=_DATES[name],
        period=year,
        today=practice.today,
        time_zone=practice.time_zone,
        accrual_basis=practice.accrual_basis,
        comparison=previous(year),
    )
    scope = {"practice": practice_id, "revision": practice.revision}

    async def rolled() -> bool:
        return not any((await dirty_months(connection, question, scope)).values())

    await eventually(rolled, _ROLLED_WITHIN_S)
    dirty = await dirty_months(connection, question, scope)
    compiled = [
        statement
        for span in (year, previous(year))
        for statement in statements(question, span, scope, newest=True, dirty=dirty)
    ]

    async def ask() -> None:
        for statement in compiled:
            cursor = await connection.execute(statement.sql.encode(), statement.parameters)
            await cursor.fetchall()

    return ask
