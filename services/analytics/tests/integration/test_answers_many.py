"""Anything that is valid is answered: random questions through the real server."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from praxis.analytics.v1 import analytics_service_pb2 as api
from praxis.analytics.v1 import answer_pb2
from praxis_analytics.domain.facts import (
    CHARGE,
    PROVIDER,
)
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.dimensions import dimensions_of
from services.analytics.tests.book import Book
from services.analytics.tests.integration.conftest import TODAY, Service

MAY = answer_pb2.DateRange(start_date="2025-05-01", end_date="2025-05-31")
MAY_PERIOD = answer_pb2.Period(start_date="2025-05-01", end_date="2025-05-31")


def question(*metrics: str, **more: Any) -> answer_pb2.Question:
    return answer_pb2.Question(metrics=metrics, **{"period": MAY_PERIOD, **more})


def ask(*questions: answer_pb2.Question, **more: Any) -> api.AskRequest:
    return api.AskRequest(questions=questions, **more)


async def test_five_hundred_random_valid_questions_are_all_answered(
    service: Service, clinic: Book
) -> None:
    rng = random.Random(500)
    owner = service.client(clinic.practice_id)
    for _ in range(25):
        await clinic.apply(
            clinic.entry(
                CHARGE, str(rng.random()), amount=Decimal(rng.randint(1, 999)),
                posting_date=date(2025, 1, 1) + timedelta(days=rng.randint(0, 200)),
                provider_id=clinic.id(PROVIDER, rng.choice("123")),
            )
        )  # fmt: skip
    head, values = await clinic.head(), 0
    for _ in range(50):
        asked = [_random_question(rng, clinic) for _ in range(10)]
        request = ask(*asked)
        if rng.random() < 0.5:
            request.revision = rng.randint(0, head)
        if rng.random() < 0.3:
            request.today = (TODAY - timedelta(days=rng.randint(0, 400))).isoformat()
        response = await owner("Ask", request)
        assert len(response.answers) == 10
        for one, found in zip(asked, response.answers, strict=True):
            assert found.rows
            for row in found.rows:
                assert len(row.figures) == len(one.metrics)
                for figure in row.figures:
                    assert figure.HasField("value") != bool(figure.reason)
                    values += figure.HasField("value")
    assert values > 1000


RANGES = [
    "today", "yesterday", "this_week", "previous_week", "this_month", "previous_month",
    "this_quarter", "previous_quarter", "this_year", "previous_year", "month_to_date",
    "quarter_to_date", "year_to_date", "last_30_days", "last_1_days", "last_400_days",
    "this_fiscal_quarter", "previous_fiscal_year", "fiscal_year_to_date",
]  # fmt: skip


def _random_question(rng: random.Random, clinic: Book) -> answer_pb2.Question:
    dimension = rng.choice(["", "", "provider", "payer_class"])
    grain = answer_pb2.Grain.Name(rng.choice([0, 0, *answer_pb2.Grain.values()]))
    filtered = rng.choice(["", "", "provider", "payer_class"])
    able = [
        metric.id
        for metric in METRICS.values()
        if {dimension, filtered} - {""} <= set(dimensions_of(metric))
        and (grain == "GRAIN_UNSPECIFIED" or metric.trendable)
    ]
    asked = answer_pb2.Question(
        metrics=rng.sample(able, rng.randint(1, min(6, len(able)))),
        dimension=dimension,
        grain=grain,
        compare=rng.random() < 0.5,
    )
    if rng.random() < 0.6:
        asked.period.relative_range = rng.choice(RANGES)
    else:
        start = date(1900, 1, 1) + timedelta(days=rng.randint(0, 109_000))
        if rng.random() < 0.8:
            start = date(2024, 6, 1) + timedelta(days=rng.randint(0, 500))
        asked.period.start_date = start.isoformat()
        days = rng.randint(0, 60 if grain == "GRAIN_DAY" else 1000)
        asked.period.end_date = (start + timedelta(days=days)).isoformat()
    if rng.random() < 0.3:
        asked.period.compare_to = rng.choice(["previous_period", "same_period_last_year"])
    if rng.random() < 0.1:
        asked.period.comparison_start_date = "2024-02-29"
        asked.period.comparison_end_date = "2024-12-31"
    if filtered:
        values = ["medicare", "", "self_pay"] if filtered == "payer_class" else [
            str(clinic.id(PROVIDER, "1")), "", str(clinic.id(PROVIDER, "2")).upper(),
        ]  # fmt: skip
        asked.filters.add(dimension=filtered, values=rng.sample(values, rng.randint(1, 3)))
    return asked
