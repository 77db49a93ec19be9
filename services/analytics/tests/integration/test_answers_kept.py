"""What may be kept says so, every time it is shown is recorded, and what is too long is refused."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from praxis.analytics.v1 import analytics_service_pb2 as api
from praxis.analytics.v1 import answer_pb2, read_pb2
from praxis_analytics.api import servicer
from praxis_chassis.channels import metadata
from praxis_chassis.errors import InvalidInput
from services.analytics.tests.book import Book
from services.analytics.tests.integration.conftest import Client, Service

MAY = {"start_date": "2025-05-01", "end_date": "2025-05-31"}
FIGURES = answer_pb2.Question(metrics=["total_charges"], period=answer_pb2.Period(**MAY))


@pytest.fixture
def owner(service: Service, clinic: Book) -> Client:
    return service.client(clinic.practice_id)


async def _shown(client: Client, method: str, request: Any) -> tuple[Any, read_pb2.Shown | None]:
    """An answer, and what it says that it showed."""
    token = client.signer.mint(client.caller)
    rpc = getattr(client.stub, method)(request, metadata=metadata(token, "first"), timeout=60)
    answer = await rpc
    trailer = dict(await rpc.trailing_metadata())
    told = trailer.get("praxis-shown-bin")
    return answer, read_pb2.Shown.FromString(told) if told is not None else None


async def test_an_answer_at_the_newest_revision_may_be_kept(owner: Client) -> None:
    found, shown = await _shown(owner, "GetRevenueMetrics", answer_pb2.DateRange(**MAY))
    assert shown is not None
    (one,) = shown.answers
    assert found.receipt.endswith(f"/{one.receipt}")
    assert set(one.fields) == set(found.metric_versions)
    asked = api.AskRequest(questions=[FIGURES, FIGURES])
    answers, shown = await _shown(owner, "Ask", asked)
    assert shown is not None
    assert [f"/api/v1/receipts/{one.receipt}" for one in shown.answers] == [
        one.receipt for one in answers.answers
    ]
    asked.revision = 0
    assert (await _shown(owner, "Ask", asked))[1] is None
    assert (await _shown(owner, "GetPractice", api.GetPracticeRequest()))[1] is None


async def test_reads_of_kept_answers_are_recorded(
    owner: Client, service: Service, superuser: psycopg.Connection[Any]
) -> None:
    _, shown = await _shown(owner, "GetRevenueMetrics", answer_pb2.DateRange(**MAY))
    assert shown is not None
    at = datetime.now(UTC) - timedelta(seconds=1)
    ids = [uuid.uuid4().hex for _ in range(3)]
    reads = [read_pb2.Read(request_id=one, shown=shown) for one in ids]
    for read in reads:
        read.at.FromDatetime(at)
    await owner("RecordReads", read_pb2.RecordReadsRequest(reads=reads))
    await service.reads.flush()
    rows = superuser.execute(
        "select request_id, action, object_type, object_id, actor, roles, at, fields"
        " from audit_log where practice_id = %s and request_id = any(%s)",
        (owner.caller.practice_id, ids),
    ).fetchall()
    (one,) = shown.answers
    said = ("metrics.read", "receipt", one.receipt, owner.caller.user_id, ["owner"], at)
    assert sorted(rows) == sorted((each, *said, list(one.fields)) for each in ids)


async def test_an_answer_that_is_too_long_names_page_size(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servicer, "MESSAGE_BYTES", 8_000)
    days = answer_pb2.Question(
        metrics=["total_charges"],
        grain=answer_pb2.GRAIN_DAY,
        period=answer_pb2.Period(start_date="2025-01-01", end_date="2025-12-31"),
    )
    with pytest.raises(InvalidInput) as refused:
        await owner("Ask", api.AskRequest(questions=[FIGURES, days]))
    (violation,) = refused.value.violations
    assert violation.field == "questions[1].page_size"
    fit = int(violation.description.split()[-2])
    assert 0 < fit < 365
    days.page_size = fit
    found = await owner("Ask", api.AskRequest(questions=[FIGURES, days]))
    assert (len(found.answers[1].rows), found.answers[1].total_rows) == (fit, 365)
