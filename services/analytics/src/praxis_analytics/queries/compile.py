"""The one way questions become SQL.

Parts that share a source and a deciding date become one statement with filtered aggregates. At
the newest revision only current rows are read; an older one adds the history rows that were
valid then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from praxis_analytics.domain.periods import Range, add_months
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry.dimensions import DIMENSIONS, Dimension
from praxis_analytics.domain.registry.model import Part, Source
from praxis_analytics.queries.sources import facts_as_of, from_source

Parameters = dict[str, Any]
_DAY = timedelta(days=1)
# So short a time holds few of a practice's facts.
_FEW_DAYS = 62


@dataclass(frozen=True)
class Statement:
    """SQL text with its parameters, and the parts its columns answer.

    Every row has: bucket or null, then a key and a label for each dimension of the question,
    synthetic, then one value per part.
    """

    sql: str
    parameters: Parameters
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Axis:
    """A dimension at one source: its join with the facts `f`, its key and its label."""

    join: str
    key: str
    label: str


def axis_of(dimension: Dimension, part: Part, alias: str, newest: bool) -> Axis:
    """A dimension as the source of a part knows it; its table is joined as `alias`."""
    column = part.source.column(dimension.needs)
    places = {"{f}": column or "", "{day}": local_day(part), "{instant}": _local_time(part)}

    def filled(text: str) -> str:
        for place, sql in places.items():
            text = text.replace(place, sql)
        return f"coalesce({text.replace('d.', f'{alias}.') if dimension.table else text}, '')"

    join = ""
    if dimension.table:
        table = facts_as_of(dimension.table, newest)
        own = "patient_id" if dimension.table == "dim_patient" else dimension.needs
        own = _KEYS.get(dimension.table, own)
        join = f" left join {table} {alias} on {alias}.{own} = f.{column}"
    return Axis(join, filled(dimension.key), filled(dimension.name or dimension.key))


# What dimension tables are joined by.
_KEYS = {
    "dim_location": "location_id",
    "dim_patient": "patient_id",
    "dim_payer": "payer_id",
    "dim_provider": "provider_id",
    "dim_staff_user": "user_id",
}


def _midnight(day: date, zone: str) -> datetime:
    """The first instant of a local date, also where daylight saving skips or repeats midnight."""
    return datetime.combine(day, time.min, ZoneInfo(zone))


def in_period(part: Part, question: Question, period: Range) -> tuple[str, Parameters]:
    """The condition that a fact `f` falls in the period, and its parameters."""
    moments = {"zone": question.time_zone, **_moments(question, period)}
    if not part.date:
        return "true", moments
    end = period.end if part.source.ahead else min(period.end, question.today)
    first = end - (part.trailing - 1) * _DAY if part.trailing else period.start
    bounds: tuple[date, date] = (first, end + _DAY)
    if part.instant:
        bounds = (
            _midnight(bounds[0], question.time_zone),
            _midnight(bounds[1], question.time_zone),
        )
    condition = f"f.{part.date} < %(after)s"
    if part.since:
        condition = f"f.{part.date} >= %(start)s and {condition}"
    return condition, {"start": bounds[0], "after": bounds[1], **moments}


def _moments(question: Question, period: Range) -> Parameters:
    """The dates and instants that states are taken at: end of the period, of today, a year ago."""
    end, zone = min(period.end, question.today), question.time_zone
    tomorrow, year_ago = question.today + _DAY, add_months(end, -12)
    return {
        "today": question.today,
        "start_on": period.start,
        "end_on": end,
        "end_at": _midnight(end + _DAY, zone),
        "active_at": _midnight(add_months(end, -question.active_months) + _DAY, zone),
        "active_before_at": _midnight(add_months(year_ago, -question.active_months) + _DAY, zone),
        "year_ago_at": _midnight(year_ago + _DAY, zone),
        "tomorrow": tomorrow,
        "now_at": _midnight(tomorrow, zone),
    }


def _local_time(part: Part) -> str:
    return f"(f.{part.date} at time zone %(zone)s)" if part.instant else f"f.{part.date}"


def local_day(part: Part) -> str:
    """The local date of a fact `f` that decides its period."""
    return f"{_local_time(part)}::date" if part.instant else f"f.{part.date}"


def bucket_of(question: Question, day: str) -> str:
    """The first day of the bucket that a local date, an SQL text, falls in."""
    shift = question.week_start if question.grain == "week" else 0
    moved, back = (f"({day} - {shift})", f" + {shift}") if shift else (day, "")
    return f"date_trunc('{question.grain}', {moved}::timestamp)::date{back}"


def kept(question: Question, part: Part, newest: bool) -> tuple[str, str, Parameters]:
    """Joins and the condition that a fact `f` passes the filters, and its parameters."""
    joins, conditions, parameters = "", ["true"], {}
    for index, (name, values) in enumerate(question.filters):
        axis = axis_of(DIMENSIONS[name], part, f"k{index}", newest)
        joins += axis.join
        conditions.append(f"{axis.key} = any(%(filter_{index})s)")
        parameters[f"filter_{index}"] = list(values)
    return joins, " and ".join(conditions), parameters


def value_of(part: Part, where: str = "true") -> str:
    """The aggregate of a part over the facts `f` that also meet `where`."""
    counted = f"filter (where ({part.where}) and {where})"
    if part.quantile is None:
        return f"{part.aggregate} {counted}"
    # Between two values in proportion, and exact, as percentile_cont is not.
    value = part.aggregate
    number = f"count({value}) {counted}"
    place = f"({part.quantile} * ({number} - 1))"
    values = f"(array_remove(array_agg({value} order by {value}) {counted}, null))"
    share = f"({place} - floor({place}))"
    return (
        f"{values}[floor({place})::integer + 1] * (1 - {share})"
        f" + {values}[ceil({place})::integer + 1] * {share}"
    )


def flows(
    question: Question, parts: Sequence[Part], period: Range, scope: Parameters, newest: bool
) -> Statement:
    """Parts over one source and one deciding date."""
    part = parts[0]
    inside, parameters = in_period(part, question, period)
    filter_joins, passing, filter_parameters = kept(question, part, newest)
    axes = [
        axis_of(DIMENSIONS[name], part, f"d{index}", newest)
        for index, name in enumerate(question.dimensions)
    ]
    bucket = "null::date"
    if question.grain:
        bucket = bucket_of(question, local_day(part))
    values = [value_of(one) for one in parts]
    split = [text for axis in axes for text in (axis.key, f"min({axis.label})")]
    # A balance that is settled shows nothing.
    counted = " or ".join(f"({one.where})" for one in parts) if part.source.moment else "true"
    synthetic = f"coalesce(bool_or(f.synthetic) filter (where {counted}), false)"
    columns = [bucket, *split, synthetic, *values]
    joins = filter_joins + "".join(axis.join for axis in axes)
    fragments = [*columns, joins, inside, passing]
    some = part.source.rows or period.days <= _FEW_DAYS
    bounded = part.date if part.since and some else ""
    facts = from_source(part.source, fragments, newest, bounded=bounded)
    if part.source.rows == "accounts":
        inside += " and f.balance <> 0"
    sql = f"select {', '.join(columns)} from {facts}{joins} where {inside} and {passing}"
    grouped = ["1"] if question.grain else []
    grouped += [str(2 + 2 * index) for index in range(len(axes))]
    if grouped:
        sql += f" group by {', '.join(grouped)}"
    return Statement(sql, {**scope, **parameters, **filter_parameters}, tuple(parts))


def groups_of(question: Question, more: Sequence[Part] = ()) -> list[list[Part]]:
    """The parts of a question and `more`, those of one source and deciding date together."""
    groups: dict[tuple[Source, str, bool, int], list[Part]] = {}
    own = (part for metric in question.uses for part in metric.parts)
    for part in dict.fromkeys((*own, *more)):
        key = (part.source, part.date, part.since, part.trailing)
        groups.setdefault(key, []).append(part)
    return list(groups.values())


def statements(
    question: Question,
    period: Range,
    scope: Parameters,
    newest: bool,
    more: Sequence[Part] = (),
) -> list[Statement]:
    """Everything to run on facts for one period of a question, and for `more` parts beside its
    own. `scope` holds practice and revision."""
    groups = groups_of(question, more)
    return [flows(question, parts, period, scope, newest) for parts in groups]


# Which dates of a kind of fact say that there is data, by the subject they cover.
_COVERAGE = {
    "fact_charge": ("money", "posting_date", False),
    "fact_ledger": ("money", "posting_date", False),
    "fact_encounter": ("visits", "start_at", True),
    "fact_appointment": ("appointments", "start_at", True),
    "fact_claim": ("claims", "created_on", False),
    "fact_claim_event": ("claim_events", "occurred_on", False),
    "fact_task": ("tasks", "created_at", True),
    "dim_patient": ("patients", "registered_on", False),
    "fact_document": ("documents", "received_at", True),
    "fact_verification": ("verifications", "requested_at", True),
    "fact_message": ("messages", "sent_at", True),
    "fact_slot": ("slots", "start_at", True),
    "fact_survey": ("surveys", "sent_at", True),
    "fact_condition": ("conditions", "onset_on", False),
    "fact_observation": ("observations", "effective_at", True),
    "fact_procedure": ("procedures", "performed_on", False),
}


# What every practice is asked for, so that answers can say how far its data go.
_ALWAYS = (
    *("fact_charge", "fact_ledger", "fact_encounter", "fact_appointment", "fact_claim"),
    *("fact_task", "dim_patient"),
)


def coverage(
    zone: str, today: date, scope: Parameters, newest: bool, subjects: frozenset[str] = frozenset()
) -> tuple[str, Parameters]:
    """One row per kind of fact: table, subject, first and last local date, last up to `today`.

    The dates are null where it has no facts. Kinds that are not always looked at are
    where their subject or table is asked for.
    """
    selects = []
    for table, (subject, column, instant) in _COVERAGE.items():
        if table not in _ALWAYS and not {table, subject} & subjects:
            continue
        after = "%(midnight)s" if instant else "%(tomorrow)s"
        ends = (f"min(f.{column})", f"max(f.{column})", f"max(f.{column})")
        conditions = ("true", "true", f"f.{column} < {after}")
        dates = [
            f"(select {end} from {facts_as_of(table, newest)} f where {condition})"
            for end, condition in zip(ends, conditions, strict=True)
        ]
        if instant:
            dates = [f"({date} at time zone %(zone)s)::date" for date in dates]
        selects.append(f"select '{table}', '{subject}', {', '.join(dates)}")
    tomorrow = today + _DAY
    parameters = {"zone": zone, "tomorrow": tomorrow, "midnight": _midnight(tomorrow, zone)}
    return " union all ".join(selects), {**scope, **parameters}
