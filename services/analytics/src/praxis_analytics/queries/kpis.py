"""Key figures and trends as questions: which metrics are asked, over which time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from praxis.analytics.v1 import answer_pb2
from praxis_analytics.domain.kpis import KPIS, Described, described
from praxis_analytics.domain.periods import FIRST_YEAR, Bucket, Range, add_months, buckets
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.model import Computed, Metric
from praxis_analytics.domain.trends import POINTS_MOST, Trend, trend
from praxis_analytics.measures.declared import Measure, measures
from praxis_analytics.measures.evaluate import Result, evaluate, measurement_period
from praxis_analytics.measures.suppression import shown
from praxis_analytics.queries.answers import Answer, State, answer, answers, state_at
from praxis_analytics.queries.ask import resolve, small_cells, to_question
from praxis_analytics.storage.practices import Practice
from praxis_chassis.caller import current, may
from praxis_chassis.database import Connection
from praxis_chassis.errors import InvalidInput

_TREND_MONTHS = 12
_NOT_THERE = Computed(None, "not_evaluable")
_NOT_ALLOWED = Computed(None, "missing_permission")
_NO_SERIES = Trend(reason="no_series")


def find(metric_id: str) -> Described | None:
    """A metric of the registry, or a quality measure, or None."""
    if metric_id in METRICS:
        return described(METRICS[metric_id])
    measure = measures().get(metric_id)
    return _described(measure) if measure else None


def _described(measure: Measure) -> Described:
    return Described(measure.id, measure.title, "percent", measure.inverse)


def with_targets() -> list[str]:
    """Ids of the metrics that have a default target."""
    return [metric.id for metric in METRICS.values() if described(metric).target]


@dataclass(frozen=True)
class Figure:
    """One key figure, before it is held against a target."""

    metric: Described
    now: Computed
    before: Computed
    compared_with: Range
    trend: Trend = _NO_SERIES
    warning: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """Key figures of one category; `values` and `trends` are the answers behind them, if any.

    What rests on fewer than `small` patients is hidden.
    """

    period: Range
    state: State
    figures: tuple[Figure, ...]
    values: Answer | None
    trends: Answer | None
    synthetic: bool
    small: int


async def series_of(
    connection: Connection, practice: Practice, asked: answer_pb2.Question
) -> tuple[Answer, Trend]:
    """One metric's buckets and where they are heading.

    Raises: InvalidInput naming the field of the question; Forbidden.
    """
    question = to_question(asked, practice, practice.today)
    if len(_buckets(question)) > POINTS_MOST:
        raise InvalidInput.of("grain", f"makes over {POINTS_MOST} buckets; use a longer one")
    state = await _state(connection, practice, question)
    found = await answer(connection, question, state, small_cells(practice))
    return found, heading(found)


def complete(found: Answer) -> list[bool]:
    """Which buckets of an answer lie in its range whole, and are over."""
    question = found.question
    return [span.whole and span.last <= question.today for span in _buckets(question)]


def _buckets(question: Question) -> list[Bucket]:
    return list(buckets(question.period, question.grain, question.week_start))


def heading(found: Answer, metric: int = 0) -> Trend:
    """The trend of one of an answer's metrics over its complete buckets."""
    figures = [row.figures[metric] for row in found.rows]
    if all(figure.value is None for figure in figures):
        return Trend(reason=figures[0].reason)
    counted = zip(figures, complete(found), strict=True)
    return trend([figure.value for figure, whole in counted if whole])


async def key_figures(
    connection: Connection, practice: Practice, asked: answer_pb2.Period, category: str
) -> KeyFigures:
    """The key figures of a category; without a value those that the caller may not see.

    Raises: InvalidInput naming the field of the period.
    """
    period, comparison = resolve(asked, practice, practice.today, compare=True)
    resolved = [
        to_question(one, practice, practice.today) for one in questions(period, asked, category)
    ]
    state = await _state(connection, practice, *resolved)
    small = small_cells(practice)
    answered = await answers(connection, resolved, state, small) if resolved else []
    values, trends = [*answered, None, None][:2]
    compared = comparison or period
    figures = [_figure(name, values, trends, compared) for name in KPIS[category]]
    synthetic = any(found.synthetic for found in answered)
    if category == "clinical":
        more, made_up = await _measured(connection, practice, state, period)
        figures, synthetic = [*figures, *more], synthetic or made_up
    return KeyFigures(period, state, tuple(figures), values, trends, synthetic, small)


def questions(period: Range, asked: answer_pb2.Period, category: str) -> list[answer_pb2.Question]:
    """What the key figures of a category ask: their values, and the months that lead to them."""
    seen = [name for name in KPIS[category] if name in METRICS and _may_see(METRICS[name])]
    moving = [name for name in seen if METRICS[name].trendable]
    values = [answer_pb2.Question(metrics=seen, period=asked, compare=True)] if seen else []
    return values + ([_last_year(moving, period)] if moving else [])


async def _state(connection: Connection, practice: Practice, *questions: Question) -> State:
    subjects = frozenset().union(*(question.subjects for question in questions))
    return await state_at(connection, practice, None, practice.today, subjects)


def _may_see(metric: Metric) -> bool:
    subject = "FINANCIAL" if metric.financial else "OPERATIONAL"
    return may(current().caller, f"PERMISSION_READ_{subject}")


def _last_year(metrics: list[str], period: Range) -> answer_pb2.Question:
    """The months up to the end of the period."""
    first = add_months(period.end.replace(day=1), 1 - _TREND_MONTHS)
    first = max(first, date(FIRST_YEAR, 1, 1))
    year = answer_pb2.Period(start_date=first.isoformat(), end_date=period.end.isoformat())
    return answer_pb2.Question(metrics=metrics, period=year, grain=answer_pb2.GRAIN_MONTH)


def _figure(
    metric_id: str, values: Answer | None, trends: Answer | None, comparison: Range
) -> Figure:
    metric = METRICS.get(metric_id)
    if metric is None:
        name = metric_id.replace("_", " ").capitalize()
        absent = Described(metric_id, name, "")
        return Figure(absent, _NOT_THERE, _NOT_THERE, comparison, Trend(reason="not_evaluable"))
    if values is None or metric_id not in values.question.metrics:
        refused = Trend(reason=_NOT_ALLOWED.reason)
        return Figure(described(metric), _NOT_ALLOWED, _NOT_ALLOWED, comparison, refused)
    place, row = values.question.metrics.index(metric_id), values.rows[0]
    before = row.comparison[place] if row.comparison else _NOT_THERE
    way = _NO_SERIES
    if trends is not None and metric_id in trends.question.metrics:
        way = heading(trends, trends.question.metrics.index(metric_id))
    return Figure(described(metric), row.figures[place], before, comparison, way)


async def _measured(
    connection: Connection, practice: Practice, state: State, period: Range
) -> tuple[list[Figure], bool]:
    """Every quality measure over the calendar year that holds the end of the period, compared
    with the year before; and whether any fact read is demo data."""
    spans = [measurement_period(day) for day in (period.end, add_months(period.end, -12))]
    every = list(measures().values())
    if not may(current().caller, "PERMISSION_READ_OPERATIONAL"):
        refused = (_NOT_ALLOWED, _NOT_ALLOWED, spans[1], Trend(reason=_NOT_ALLOWED.reason))
        return [Figure(_described(one), *refused) for one in every], False
    now, before = [await evaluate(connection, practice, state, every, span) for span in spans]
    limit = small_cells(practice)
    figures = [
        Figure(
            _described(one.measure),
            _rate(one, limit),
            _rate(earlier, limit),
            spans[1],
            warning=one.groups[0].data_warning,
        )
        for one, earlier in zip(now.results, before.results, strict=True)
    ]
    return figures, now.synthetic or before.synthetic


def _rate(result: Result, limit: int) -> Computed:
    """A measure's first rate; hidden when it is small."""
    if shown(result, limit).inner:
        return result.groups[0].figure
    return Computed(None, "suppressed")
