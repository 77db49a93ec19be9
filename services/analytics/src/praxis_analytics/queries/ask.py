"""From what a caller asks to a canonical question, and from its answer to a receipt."""

from __future__ import annotations

import difflib
import uuid
from datetime import UTC, date, datetime

from praxis.analytics.v1 import answer_pb2
from praxis_analytics.domain import periods
from praxis_analytics.domain.facts import PAYER_CLASSES
from praxis_analytics.domain.metrics import METRICS
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.receipts import PATH, Receipts
from praxis_analytics.queries.answers import Answer
from praxis_analytics.storage.practices import Practice
from praxis_chassis.caller import current, demand
from praxis_chassis.database import Database
from praxis_chassis.errors import InvalidInput

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
        month = practice.fiscal_year_start_month
        period = periods.relative(asked.relative_range, today, month)
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


def _check_metrics(asked: answer_pb2.Question) -> None:
    """Raises: InvalidInput for what cannot be answered, saying what could."""
    named = [("dimension", asked.dimension)] if asked.dimension else []
    named += [(f"filters[{i}].dimension", kept.dimension) for i, kept in enumerate(asked.filters)]
    for index, metric_id in enumerate(asked.metrics):
        metric = METRICS.get(metric_id)
        if metric is None:
            near = difflib.get_close_matches(metric_id, METRICS, cutoff=0.4) or METRICS
            raise InvalidInput.of(
                f"metrics[{index}]", f"{metric_id!r} is not known; there are {', '.join(near)}"
            )
        subject = "FINANCIAL" if metric.financial else "OPERATIONAL"
        demand(current().caller, f"PERMISSION_READ_{subject}")
        for field, dimension in named:
            if dimension not in metric.dimensions:
                able = ", ".join(metric.dimensions)
                raise InvalidInput.of(
                    field, f"{metric_id} cannot be split or filtered by {dimension!r}; {able} works"
                )
        if asked.grain != answer_pb2.GRAIN_UNSPECIFIED and not metric.trendable:
            raise InvalidInput.of(
                "grain",
                f"{metric_id} stands at one moment and has no buckets; leave one of them out",
            )


def _filter_value(field: str, dimension: str, value: str) -> str:
    """A value in the form that facts carry it; empty text means facts without one."""
    if dimension == "payer_class":
        if value and value not in PAYER_CLASSES:
            raise InvalidInput.of(
                field, f"{value!r} is not known; there are {', '.join(PAYER_CLASSES)}"
            )
        return value
    if dimension == "provider":
        try:
            return str(uuid.UUID(value)) if value else ""
        except ValueError:
            raise InvalidInput.of(field, f"{value!r} is no provider's id (UUID)") from None
    if "\0" in value:
        raise InvalidInput.of(field, "holds a character that no text has")
    return value


def _filters(asked: answer_pb2.Question) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    for i, kept in enumerate(asked.filters):
        values = {
            _filter_value(f"filters[{i}].values[{k}]", kept.dimension, value)
            for k, value in enumerate(kept.values)
        }
        found.append((kept.dimension, tuple(sorted(values))))
    return tuple(sorted(found))


def to_question(asked: answer_pb2.Question, practice: Practice, today: date) -> Question:
    """The canonical question of what a caller asks.

    Raises: InvalidInput naming the field; Forbidden for metrics the caller may not see.
    """
    _check_metrics(asked)
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
        dimension=asked.dimension,
        grain=_grain(asked),
        filters=_filters(asked),
    )


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
