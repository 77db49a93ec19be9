"""Whatever the catalogue offers is answered in time; whatever it does not is refused by field."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pytest
import pytest_asyncio

from praxis.analytics.v1 import analytics_service_pb2 as api
from praxis.analytics.v1 import answer_pb2, catalogue_pb2
from praxis_analytics.queries import answers
from praxis_analytics.settings import Settings
from praxis_analytics.sources.generator import generate
from praxis_analytics.storage.practices import Practice
from praxis_chassis.errors import InvalidInput
from services.analytics.tests.integration.conftest import Client, Service
from services.analytics.tests.integration.loaded import load_set

UNTIL = date(2025, 6, 30)
NEVER = "00000000-0000-0000-0000-000000000000"
RANGES = (
    "today", "yesterday", "this_week", "previous_week", "this_month", "previous_month",
    "this_quarter", "previous_quarter", "this_year", "previous_year", "month_to_date",
    "quarter_to_date", "year_to_date", "last_90_days", "last_3650_days", "this_fiscal_quarter",
    "previous_fiscal_quarter", "this_fiscal_year", "previous_fiscal_year", "fiscal_year_to_date",
)  # fmt: skip
GRAINS = ("day", "week", "month", "quarter")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def practice(
    analytics_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Practice:
    """A generated clinic with the overlay."""
    folder = tmp_path_factory.mktemp("clinic")
    generate(folder, until=UNTIL, patients=80, months=14)
    loaded, _ = await load_set(analytics_settings, "fhir", folder, UNTIL, overlay=True)
    return loaded


@dataclass
class Asker:
    """Draws questions from a catalogue, with values to filter by that answers have told."""

    rng: random.Random
    catalogue: catalogue_pb2.MetricCatalogue
    today: date
    head: int
    met: dict[str, set[str]] = field(default_factory=dict)

    @cached_property
    def _dimensions(self) -> dict[str, list[str]]:
        return {one.id: [value.key for value in one.values] for one in self.catalogue.dimensions}

    def request(self) -> api.AskRequest:
        """One valid question, at some revision and day."""
        asked = api.AskRequest(questions=[self.question()])
        if self.rng.random() < 0.2:
            asked.revision = self.rng.randint(0, self.head)
        if self.rng.random() < 0.2:
            asked.today = str(self.today - timedelta(self.rng.randint(0, 500)))
        return asked

    def question(self) -> answer_pb2.Question:
        """A valid question: metrics that share what they are split and filtered by."""
        rng = self.rng
        first = rng.choice(self.catalogue.metrics)
        dimensions = rng.sample(
            list(first.dimensions), min(len(first.dimensions), rng.choice((0, 0, 1, 1, 2, 3)))
        )
        filters = [name for name in first.dimensions if rng.random() < 0.08][:10]
        grain = rng.choice(("", "", *GRAINS)) if first.by_time else ""
        able = [
            one
            for one in self.catalogue.metrics
            if {*dimensions, *filters} <= {*one.dimensions} and (one.by_time or not grain)
        ]
        metrics = {first.id: first} | {
            one.id: one for one in rng.sample(able, min(len(able), rng.choice((0, 0, 1, 3, 8))))
        }
        asked = answer_pb2.Question(
            metrics=metrics,
            dimensions=dimensions,
            filters=[
                answer_pb2.Filter(dimension=name, values=self._some(name)) for name in filters
            ],
            compare=rng.random() < 0.3,
            page_size=rng.choice((0, 1, 50)),
            period=self._period(1_099 if grain == "day" else 3_651),
        )
        if grain:
            asked.grain = getattr(answer_pb2, f"GRAIN_{grain.upper()}")
        if dimensions and rng.random() < 0.4:
            asked.order.by = rng.choice(("", *metrics))
            asked.order.descending = rng.random() < 0.5
            asked.limit = rng.choice((0, 1, 7, 10_000))
        for one in metrics.values():
            if one.variants and rng.random() < 0.5:
                asked.variants[one.id] = rng.choice(one.variants).id
        return asked

    def _period(self, days: int) -> answer_pb2.Period:
        rng = self.rng
        period = answer_pb2.Period()
        if rng.random() < 0.4:
            fits = [name for name in RANGES if days > 1_100 or name != "last_3650_days"]
            period.relative_range = rng.choice(fits)
        else:
            start = self.today - timedelta(rng.randint(-200, 900))
            length = rng.choice((0, rng.randint(1, 40), rng.randint(41, 400), rng.randint(0, days)))
            period.start_date, period.end_date = str(start), str(start + timedelta(length))
        if rng.random() < 0.3:
            period.compare_to = rng.choice(("previous_period", "same_period_last_year"))
        return period

    def _some(self, dimension: str) -> list[str]:
        known = self._dimensions[dimension] or sorted(self.met.get(dimension, ())) or [NEVER]
        values = ["", *known]
        return self.rng.sample(values, self.rng.randint(1, min(3, len(values))))

    def learn(self, asked: answer_pb2.Question, found: answer_pb2.Answer) -> None:
        """Remembers values that a later question may filter by."""
        for row in found.rows[:20]:
            for name, key in zip(asked.dimensions, row.keys, strict=False):
                if key and len(self.met.setdefault(name, set())) < 50:
                    self.met[name].add(key)


async def _asker(owner: Client, practice: Practice, seed: int) -> Asker:
    catalogue = await owner("GetMetricCatalogue", api.GetMetricCatalogueRequest())
    return Asker(random.Random(seed), catalogue, practice.today, practice.revision)


def _check(asked: answer_pb2.Question, found: answer_pb2.Answer) -> int:
    """Every figure has a value or a reason. Returns how many have a value."""
    assert found.receipt
    assert found.total_rows >= len(found.rows) > 0
    for row in found.rows:
        assert len(row.figures) == len(asked.metrics)
        assert len(row.keys) in (0, len(asked.dimensions))
        assert all(one.HasField("value") != bool(one.reason) for one in row.figures)
    return sum(one.HasField("value") for row in found.rows for one in row.figures)


async def _all_are_answered(service: Service, practice: Practice, count: int, seed: int) -> None:
    owner = service.client(practice.practice_id)
    asker = await _asker(owner, practice, seed)
    took: list[tuple[float, str]] = []
    failed: list[str] = []
    values = vast = 0
    for _ in range(count):
        request = asker.request()
        (asked,) = request.questions
        begun = time.monotonic()
        try:
            (found,) = (await owner("Ask", request)).answers
        except InvalidInput as error:
            if all("figures, over" in one.description for one in error.violations):
                vast += 1  # nobody reads so many, and the field to change is named
            else:
                failed.append(f"{error} — {request}")
        except Exception as error:  # any error is a finding: all are told together
            failed.append(f"{type(error).__name__}: {error} — {request}")
        else:
            values += _check(asked, found)
            asker.learn(asked, found)
        took.append((time.monotonic() - begun, f"{[*asked.metrics]} by {[*asked.dimensions]}"))
    took.sort(reverse=True)
    median = took[len(took) // 2][0]
    print(
        f"\n{count} questions, {len(failed)} errors, {vast} too vast, {values} values,"
        f" median {median * 1000:.0f} ms"
    )
    for seconds, text in took[:10]:
        print(f"{seconds * 1000:8.0f} ms {text}")
    assert not failed, failed[:5]
    assert vast <= count / 20
    assert values > count


async def test_random_valid_questions_are_all_answered(
    service: Service, practice: Practice
) -> None:
    await _all_are_answered(service, practice, 150, seed=150)


@pytest.mark.long
async def test_ten_thousand_random_valid_questions_are_all_answered(
    service: Service, practice: Practice
) -> None:
    await _all_are_answered(service, practice, 10_000, seed=10_000)


Spoil = Callable[[Asker, answer_pb2.Question], str]


def _unknown_metric(asker: Asker, asked: answer_pb2.Question) -> str:
    place = asker.rng.randint(0, len(asked.metrics))
    names = [*asked.metrics[:place], "no_such_figure", *asked.metrics[place:]]
    asked.ClearField("metrics")
    asked.metrics.extend(names)
    return f"metrics[{place}]"


def _foreign_dimension(asker: Asker, asked: answer_pb2.Question) -> str:
    offered = {one.id: {*one.dimensions} for one in asker.catalogue.metrics}
    shared = set[str].intersection(*(offered[name] for name in asked.metrics))
    others = sorted({one.id for one in asker.catalogue.dimensions} - shared)
    asked.ClearField("dimensions")
    asked.dimensions.append(asker.rng.choice([*others, "moon_phase"]))
    return "dimensions[0]"


def _both_splits(asker: Asker, asked: answer_pb2.Question) -> str:
    asked.ClearField("dimensions")
    asked.dimensions.append("payer_class")
    asked.dimension = "payer_class"
    return "dimension"


def _foreign_filter(asker: Asker, asked: answer_pb2.Question) -> str:
    asked.ClearField("filters")
    asked.filters.add(dimension="moon_phase", values=["full"])
    return "filters[0].dimension"


def _empty_filter(asker: Asker, asked: answer_pb2.Question) -> str:
    asked.ClearField("filters")
    asked.filters.add(dimension="payer_class")
    return "questions[0].filters[0].values"


def _unknown_range(asker: Asker, asked: answer_pb2.Question) -> str:
    asked.period.Clear()
    asked.period.relative_range = asker.rng.choice(("last_0_days", "next_month", "last_9999_days"))
    return "relative_range"


def _backwards(asker: Asker, asked: answer_pb2.Question) -> str:
    asked.period.Clear()
    asked.period.start_date, asked.period.end_date = "2025-02-01", "2025-01-31"
    return "end_date"


def _no_day(asker: Asker, asked: answer_pb2.Question) -> str:
    asked.period.Clear()
    asked.period.start_date, asked.period.end_date = "2025-02-29", "2025-03-31"
    return "start_date"


def _too_long(asker: Asker, asked: answer_pb2.Question) -> str:
    asked.period.Clear()
    asked.period.start_date, asked.period.end_date = "2010-01-01", "2025-01-01"
    return "end_date"


def _foreign_variant(asker: Asker, asked: answer_pb2.Question) -> str:
    asked.variants[asked.metrics[0]] = "another_reading"
    return "variants"


def _foreign_order(asker: Asker, asked: answer_pb2.Question) -> str:
    asked.order.by = "no_such_figure"
    return "order.by"


def _order_of_nothing(asker: Asker, asked: answer_pb2.Question) -> str:
    asked.ClearField("dimensions")
    asked.ClearField("order")
    asked.limit = 5
    return "limit"


def _foreign_page(asker: Asker, asked: answer_pb2.Question) -> str:
    asked.page_token = asker.rng.choice(("0", "abc-1", "-"))
    return "page_token"


SPOILS: tuple[Spoil, ...] = (
    _unknown_metric, _foreign_dimension, _both_splits, _foreign_filter, _empty_filter,
    _unknown_range, _backwards, _no_day, _too_long, _foreign_variant, _foreign_order,
    _order_of_nothing, _foreign_page,
)  # fmt: skip


async def _all_are_refused(service: Service, practice: Practice, count: int) -> None:
    owner = service.client(practice.practice_id)
    asker = await _asker(owner, practice, count)
    for index in range(count):
        asked = asker.question()
        field_name = SPOILS[index % len(SPOILS)](asker, asked)
        with pytest.raises(InvalidInput) as refused:
            await owner("Ask", api.AskRequest(questions=[asked]))
        fields: list[Any] = [one.field for one in refused.value.violations]
        assert field_name in fields, (fields, asked)


async def test_random_invalid_questions_are_refused_by_field(
    service: Service, practice: Practice
) -> None:
    await _all_are_refused(service, practice, 130)


@pytest.mark.parametrize(
    ("grain", "dimensions", "field_name"),
    [(answer_pb2.GRAIN_DAY, [], "grain"), (0, ["provider"], "dimensions")],
)
async def test_more_figures_than_anybody_reads_are_refused(
    service: Service,
    practice: Practice,
    monkeypatch: pytest.MonkeyPatch,
    grain: Any,
    dimensions: list[str],
    field_name: str,
) -> None:
    monkeypatch.setattr(answers, "FIGURES_MOST", 1)
    asked = answer_pb2.Question(
        metrics=["total_charges"],
        period=answer_pb2.Period(relative_range="last_400_days"),
        grain=grain,
        dimensions=dimensions,
    )
    with pytest.raises(InvalidInput) as refused:
        await service.client(practice.practice_id)("Ask", api.AskRequest(questions=[asked]))
    (violation,) = refused.value.violations
    assert violation.field == field_name
    assert "figures, over 1;" in violation.description


@pytest.mark.long
async def test_two_thousand_random_invalid_questions_are_refused_by_field(
    service: Service, practice: Practice
) -> None:
    await _all_are_refused(service, practice, 2_000)
