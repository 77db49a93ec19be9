"""From what a caller asks to a canonical question, and from its answer to a receipt."""

from __future__ import annotations

import difflib
import uuid
from datetime import UTC, date, datetime

from praxis.analytics.v1 import answer_pb2
from praxis_analytics.domain import periods
from praxis_analytics.domain.question_text import TextError, parse
from praxis_analytics.domain.questions import Order, Question
from praxis_analytics.domain.receipts import PATH, Receipts
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.dimensions import DIMENSIONS, dimensions_of
from praxis_analytics.domain.registry.model import Metric
from praxis_analytics.queries.answers import Answer
from praxis_analytics.storage.practices import Practice
from praxis_chassis.caller import current, demand, may
from praxis_chassis.database import Database
from praxis_chassis.errors import InvalidInput
from praxis_chassis.records import ReadAudit
from praxis_chassis.server import validate

READ = "metrics.read"
_KNOWN_QUESTIONS = 10_000


def business_date(practice: Practice, wanted: str | None) -> date:
    """The practice's today, or an earlier one that the caller wants. Raises: InvalidInput."""
    if wanted is None:
        return practice.today
    try:
        day = periods.parse_date("today", wanted)
    except periods.PeriodError as error:
        raise InvalidInput.of(error.field, error.message) from error
    if day > practice.today:
        raise InvalidInput.of("today", f"is after the practice's today, {practice.today}")
    return day


def resolve(
    asked: answer_pb2.Period, practice: Practice, today: date, compare: bool
) -> tuple[periods.Range, periods.Range | None]:
    """A period's fixed dates, and those it is compared with. Raises: InvalidInput."""
    try:
        return _resolve(asked, practice, today, compare)
    except periods.PeriodError as error:
        raise InvalidInput.of(error.field, error.message) from error


def _resolve(
    asked: answer_pb2.Period, practice: Practice, today: date, compare: bool
) -> tuple[periods.Range, periods.Range | None]:
    if asked.HasField("relative_range"):
        if asked.start_date or asked.end_date:
            raise periods.PeriodError(
                "relative_range", "give either it or start_date and end_date, not both"
            )
        starts = practice.fiscal_year_start_month, practice.week_start
        period = periods.relative(asked.relative_range, today, *starts)
    else:
        period = periods.fixed(asked.start_date, asked.end_date)
    if asked.comparison_start_date or asked.comparison_end_date:
        return period, periods.fixed(
            asked.comparison_start_date, asked.comparison_end_date, "comparison_"
        )
    if not compare:
        return period, None
    if asked.compare_to == "same_period_last_year":
        return period, periods.year_before(period)
    return period, periods.previous(period, practice.fiscal_year_start_month)


def _metric(field: str, metric_id: str) -> Metric:
    """A metric by its id. Raises: InvalidInput with what is like it; Forbidden."""
    if metric_id not in METRICS:
        near = difflib.get_close_matches(metric_id, METRICS, cutoff=0.4) or METRICS
        raise InvalidInput.of(field, f"{metric_id!r} is not known; there are {', '.join(near)}")
    metric = METRICS[metric_id]
    demand(current().caller, metric.permission)
    return metric


def _check_metrics(asked: answer_pb2.Question, practice: Practice) -> None:
    """Raises: InvalidInput for what cannot be answered, saying what could."""
    if asked.dimension and asked.dimensions:
        raise InvalidInput.of("dimension", "give either it or dimensions, not both")
    named = [("dimension", asked.dimension)] if asked.dimension else []
    named += [(f"dimensions[{i}]", name) for i, name in enumerate(asked.dimensions)]
    named += [(f"filters[{i}].dimension", kept.dimension) for i, kept in enumerate(asked.filters)]
    for index, metric_id in enumerate(asked.metrics):
        metric = _metric(f"metrics[{index}]", metric_id)
        able = dimensions_of(metric.used(practice.accrual_basis)) if named else ()
        for field, dimension in named:
            if dimension not in able:
                raise InvalidInput.of(
                    field,
                    f"{metric_id} cannot be split or filtered by {dimension!r};"
                    f" {', '.join(able) or 'nothing'} works",
                )
        if asked.grain != answer_pb2.GRAIN_UNSPECIFIED and not metric.trendable:
            raise InvalidInput.of(
                "grain",
                f"{metric_id} stands at one moment and has no buckets; leave one of them out",
            )


def _filter_value(field: str, dimension: str, value: str) -> str:
    """A value in the form that facts carry it; empty text means facts without one."""
    declared = DIMENSIONS[dimension]
    if fault := declared.fault(value):
        raise InvalidInput.of(field, fault)
    return value.lower() if declared.form == "uuid" else value


def _filters(asked: answer_pb2.Question) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    for i, kept in enumerate(asked.filters):
        values = {
            _filter_value(f"filters[{i}].values[{k}]", kept.dimension, value)
            for k, value in enumerate(kept.values)
        }
        found.append((kept.dimension, tuple(sorted(values))))
    return tuple(sorted(found))


def _variants(asked: answer_pb2.Question, practice: Practice) -> tuple[tuple[str, str], ...]:
    """Metric → variant, for those that are not meant as themselves."""
    for name in asked.variants:
        if name not in asked.metrics:
            raise InvalidInput.of("variants", f"{name!r} is not among the metrics")
    found = []
    for metric_id in sorted(asked.metrics):
        metric = METRICS[metric_id]
        meant = asked.variants.get(metric_id) or practice.variants.get(metric_id, "")
        if meant in ("", metric_id):
            continue
        if metric.variant(meant) is not None:
            found.append((metric_id, meant))
        elif metric_id in asked.variants:
            there = ", ".join(one.id for one in metric.variants) or "no variants"
            raise InvalidInput.of("variants", f"{metric_id} has no {meant!r}; there are {there}")
    return tuple(found)


def _order(asked: answer_pb2.Question) -> Order:
    by = asked.order.by
    if by and by not in asked.metrics:
        raise InvalidInput.of("order.by", f"{by!r} is none of the asked metrics")
    if (asked.HasField("order") or asked.limit) and not (asked.dimension or asked.dimensions):
        field = "order" if asked.HasField("order") else "limit"
        raise InvalidInput.of(field, "takes groups; name dimensions to split by")
    return Order(by, asked.order.descending)


def to_question(asked: answer_pb2.Question, practice: Practice, today: date) -> Question:
    """The canonical question of what a caller asks.

    Raises: InvalidInput naming the field; Forbidden for metrics the caller may not see.
    """
    _check_metrics(asked, practice)
    period, comparison = resolve(asked.period, practice, today, asked.compare)
    if _grain(asked) == "day" and period.days > 1100:
        raise InvalidInput.of("grain", "days work up to three years; use week or month")
    return Question(
        metrics=tuple(asked.metrics),
        period=period,
        today=today,
        time_zone=practice.time_zone,
        accrual_basis=practice.accrual_basis,
        comparison=comparison if asked.compare else None,
        dimensions=tuple(asked.dimensions) or ((asked.dimension,) if asked.dimension else ()),
        grain=_grain(asked),
        filters=_filters(asked),
        variants=_variants(asked, practice),
        order=_order(asked),
        limit=asked.limit,
        active_months=practice.active_patient_months,
        minimum_answers=practice.minimum_survey_answers,
        minimum_ranked=practice.minimum_ranking_answers,
        week_start=practice.week_start,
    )


def visible(question: Question) -> bool:
    """Whether the caller may see every figure of a question."""
    caller = current().caller
    return all(may(caller, metric.permission) for metric in question.uses)


def small_cells(practice: Practice) -> int:
    """Below which number patients are hidden from the caller; 0: nothing is."""
    seen = may(current().caller, "PERMISSION_READ_PATIENTS")
    return 0 if seen else practice.small_cell_limit


def page_of(asked: answer_pb2.Question, found: Answer) -> tuple[slice, str]:
    """Which rows of an answer a page holds, and the token of the next page (empty: none).

    Raises: InvalidInput for a token that no page of the same question gave out.
    """
    mark, first = found.question.hash().hex()[:12], 0
    if asked.page_token:
        ours, _, place = asked.page_token.partition("-")
        if ours != mark or not place.isdecimal():
            raise InvalidInput.of("page_token", "is not one that a page of this question gave out")
        first = int(place)
    last = first + asked.page_size if asked.page_size else len(found.rows)
    return slice(first, last), f"{mark}-{last}" if last < len(found.rows) else ""


def read_text(text: str) -> answer_pb2.Question:
    """The question that a text asks. Raises: InvalidInput with the position of what is wrong."""
    known = {metric.id: [one.id for one in metric.variants] for metric in METRICS.values()}
    try:
        asked = parse(text, known, DIMENSIONS)
    except TextError as error:
        raise InvalidInput.of("text", str(error)) from error
    question = answer_pb2.Question(
        metrics=asked.metrics,
        dimensions=asked.dimensions,
        filters=[
            answer_pb2.Filter(dimension=name, values=values)
            for name, values in asked.filters.items()
        ],
        variants=asked.variants,
        limit=asked.limit,
        compare=bool(asked.compare_to),
    )
    if asked.relative_range:
        question.period.relative_range = asked.relative_range
    else:
        question.period.start_date, question.period.end_date = asked.start, asked.end
    if asked.compare_to:
        question.period.compare_to = asked.compare_to
    if asked.grain:
        question.grain = getattr(answer_pb2, f"GRAIN_{asked.grain.upper()}")
    if asked.limit:
        question.order.by, question.order.descending = asked.order_by, asked.descending
    try:
        validate(question)
    except InvalidInput as error:
        raise InvalidInput.of("text", error.message) from None
    return question


def _grain(asked: answer_pb2.Question) -> str:
    if asked.grain == answer_pb2.GRAIN_UNSPECIFIED:
        return ""
    return answer_pb2.Grain.Name(asked.grain).removeprefix("GRAIN_").lower()


class ReceiptBook:
    """Issues receipts, and stores each canonical question once, on first sight by this process."""

    def __init__(self, database: Database, receipts: Receipts) -> None:
        self._database = database
        self._receipts = receipts
        self._seen: dict[tuple[uuid.UUID, bytes], None] = {}

    async def issue(self, answer: Answer) -> str:
        """The receipt link of an answer; its question is stored before it is given out."""
        practice_id, digest = answer.state.practice_id, answer.question.hash()
        if (practice_id, digest) not in self._seen:
            await self._store(practice_id, digest, answer.question.canonical())
        return PATH + self._receipts.issue(practice_id, digest, answer.state.revision)

    async def give(self, reads: ReadAudit, answer: Answer) -> str:
        """The receipt link of an answer that the current caller is shown; the read is noted."""
        receipt = await self.issue(answer)
        fields = answer.question.metrics
        reads.note(READ, "receipt", receipt.removeprefix(PATH), fields=fields)
        return receipt

    async def _store(self, practice_id: uuid.UUID, digest: bytes, canonical: str) -> None:
        async with self._database.write(practice_id) as connection:
            await connection.execute(
                "insert into question (practice_id, question_hash, canonical, first_seen)"
                " values (%s, %s, %s::jsonb, %s) on conflict do nothing",
                (practice_id, digest, canonical, datetime.now(UTC)),
            )
        if len(self._seen) >= _KNOWN_QUESTIONS:
            del self._seen[next(iter(self._seen))]
        self._seen[(practice_id, digest)] = None

    async def open(self, practice_id: uuid.UUID, receipt: str) -> tuple[str, int] | None:
        """Canonical question and revision of a receipt of this practice, or None."""
        opened = self._receipts.open(practice_id, receipt)
        if opened is None:
            return None
        digest, revision = opened
        async with self._database.read(practice_id) as connection:
            cursor = await connection.execute(
                "select canonical::text from question"
                " where practice_id = %s and question_hash = %s",
                (practice_id, digest),
            )
            row = await cursor.fetchone()
        return (row[0], revision) if row is not None else None
