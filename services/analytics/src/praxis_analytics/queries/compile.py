"""The one way questions become SQL.

Parts that share a kind of fact and a deciding date become one statement with filtered
aggregates. At the newest revision only current rows are read; an older one adds the history
rows that were valid then.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from praxis_analytics.domain.facts import KINDS
from praxis_analytics.domain.metrics import Part
from praxis_analytics.domain.periods import Range, add_months
from praxis_analytics.domain.questions import Question

Parameters = dict[str, Any]
_ACTIVE_MONTHS = 24


@dataclass(frozen=True)
class Statement:
    """SQL text with its parameters, and the parts its columns answer.

    Every row has: bucket or null, key or null, label or null, synthetic, then one value per part.
    """

    sql: str
    parameters: Parameters
    parts: tuple[Part, ...]


@functools.cache
def _columns(table: str) -> str:
    kind = next(kind for kind in KINDS if kind.table == table)
    return ", ".join(["practice_id", *(name for name, _ in kind.stored)])


def facts_as_of(table: str, newest: bool, *, voided: bool = False) -> str:
    """A FROM item of the facts that counted at `%(revision)s`, or of those `voided` by then.

    With `newest` the revision is the practice's head, and current rows are the whole truth.
    """
    counts = "voided" if voided else "not voided"
    current = f"select {_columns(table)} from {table} where practice_id = %(practice)s and {counts}"
    if newest:
        return f"({current})"
    return (
        f"({current} and rev_from <= %(revision)s"
        f" union all select {_columns(table)} from {table}_history"
        f" where practice_id = %(practice)s and {counts}"
        " and rev_from <= %(revision)s and rev_to > %(revision)s)"
    )


# A claim's state, from the last of these events up to today; a claim without any has its own.
_STATES = """
    select c.*, coalesce((
        select case when e.event in ('paid', 'partially_paid') then 'accepted'
                    when e.event in ('rejected', 'denied') then e.event else 'pending' end
        from {events} e
        where e.claim_id = c.claim_id and e.occurred_on < %(tomorrow)s and e.event in (
            'submitted', 'resubmitted', 'acknowledged', 'pended', 'appealed', 'rejected',
            'denied', 'paid', 'partially_paid')
        order by e.occurred_on desc, e.seq desc limit 1),
        case when c.status in ('paid', 'partially_paid', 'closed') then 'accepted'
             when c.status in ('rejected', 'denied') then c.status
             when c.status in ('submitted', 'accepted_by_payer', 'pending') then 'pending'
             else 'draft' end) as state
    from {claims} c"""
# A patient's payer is that of the latest encounter with one; active: seen in 24 months.
_PATIENTS = """
    select p.*, (
        select e.payer_id from {encounters} e
        where e.patient_id = p.patient_id and e.start_at < %(end_at)s and e.payer_id is not null
        order by e.start_at desc, e.encounter_id limit 1) as payer_id,
        exists (
        select from {encounters} v
        where v.patient_id = p.patient_id and v.is_new_patient is not null
          and v.start_at >= %(active_at)s and v.start_at < %(end_at)s) as active
    from {patients} p"""


def source_of(table: str, newest: bool) -> str:
    """A FROM item of the facts of a table, with what questions need derived beside them."""
    if table == "fact_claim":
        return (
            "("
            + _STATES.format(
                claims=facts_as_of(table, newest), events=facts_as_of("fact_claim_event", newest)
            )
            + ")"
        )
    if table == "dim_patient":
        return (
            "("
            + _PATIENTS.format(
                patients=facts_as_of(table, newest),
                encounters=facts_as_of("fact_encounter", newest),
            )
            + ")"
        )
    return facts_as_of(table, newest)


# Dimensions that stand on the fact itself.
_PLAIN = {
    "sex": "f.sex",
    "method": "f.method",
    "task_type": "f.type",
    "task_priority": "f.priority",
}


def _dimension(name: str, newest: bool) -> tuple[str, str, str]:
    """A dimension's join with the facts `f`, its key and its label, as of the revision."""
    if name == "payer_class":
        payer = facts_as_of("dim_payer", newest)
        join = f" left join {payer} d on d.payer_id = f.payer_id"
        return join, "coalesce(d.payer_class, '')", "coalesce(d.payer_class, '')"
    if name == "provider":
        provider = facts_as_of("dim_provider", newest)
        join = f" left join {provider} d on d.provider_id = f.provider_id"
        return join, "coalesce(f.provider_id::text, '')", "coalesce(d.display_name, '')"
    if name in _PLAIN:
        return "", f"coalesce({_PLAIN[name]}, '')", f"coalesce({_PLAIN[name]}, '')"
    return "", "null::text", "null::text"


def _midnight(day: date, zone: str) -> datetime:
    """The first instant of a local date, also where daylight saving skips or repeats midnight."""
    return datetime.combine(day, time.min, ZoneInfo(zone))


def in_period(part: Part, question: Question, period: Range) -> tuple[str, Parameters]:
    """The condition that a fact `f` falls in the period, and its parameters."""
    end = period.end if part.future else min(period.end, question.today)
    bounds: tuple[date, date] = (period.start, end + timedelta(days=1))
    if part.instant:
        bounds = (
            _midnight(bounds[0], question.time_zone),
            _midnight(bounds[1], question.time_zone),
        )
    start, after = bounds
    condition = f"f.{part.date} < %(after)s"
    if part.since:
        condition = f"f.{part.date} >= %(start)s and {condition}"
    return condition, {
        "start": start,
        "after": after,
        "zone": question.time_zone,
        **_moments(question, period),
    }


def _moments(question: Question, period: Range) -> Parameters:
    """The instants that states are taken at: end of the period, and of today."""
    end, day = min(period.end, question.today), timedelta(days=1)
    zone, tomorrow = question.time_zone, question.today + day
    return {
        "end_on": end,
        "end_at": _midnight(end + day, zone),
        "active_at": _midnight(add_months(end, -_ACTIVE_MONTHS) + day, zone),
        "tomorrow": tomorrow,
        "now_at": _midnight(tomorrow, zone),
    }


def _local_day(part: Part) -> str:
    return f"(f.{part.date} at time zone %(zone)s)::date" if part.instant else f"f.{part.date}"


def kept(question: Question, newest: bool) -> tuple[str, Parameters]:
    """The condition that a fact `f` passes the filters, and its parameters."""
    conditions, parameters = ["true"], {}
    for index, (name, values) in enumerate(question.filters):
        parameters[f"filter_{index}"] = list(values)
        value = _PLAIN.get(name, f"f.{name}_id::text")
        if name == "payer_class":
            payer = facts_as_of("dim_payer", newest)
            value = f"(select q.payer_class from {payer} q where q.payer_id = f.payer_id)"
        conditions.append(f"coalesce({value}, '') = any(%(filter_{index})s)")
    return " and ".join(conditions), parameters


def flows(
    question: Question, parts: Sequence[Part], period: Range, scope: Parameters, newest: bool
) -> Statement:
    """Sums and counts over one kind of fact and one deciding date."""
    part = parts[0]
    inside, parameters = in_period(part, question, period)
    passing, filter_parameters = kept(question, newest)
    join, key, label = _dimension(question.dimension, newest)
    bucket = "null::date"
    if question.grain:
        bucket = f"date_trunc('{question.grain}', {_local_day(part)}::timestamp)::date"
    values = ", ".join(
        f"{p.aggregate.format(zone='%(zone)s')} filter (where {p.where})" for p in parts
    )
    sql = (
        f"select {bucket}, {key}, min({label}), bool_or(f.synthetic), {values}"
        f" from {source_of(part.table, newest)} f{join}"
        f" where f.practice_id = %(practice)s and {inside} and {passing}"
    )
    grouped = [x for x, wanted in (("1", question.grain), ("2", question.dimension)) if wanted]
    if grouped:
        sql += f" group by {', '.join(grouped)}"
    return Statement(sql, {**scope, **parameters, **filter_parameters}, tuple(parts))


def _movements(newest: bool) -> str:
    """Every movement on a claim's or self-pay visit's balance up to `%(on)s`.

    What belongs to neither stands alone, so that unrelated amounts are not netted.
    """

    def of(table: str, alone: str, amount: str, charged: str, which: str) -> str:
        return (
            f"select coalesce(f.claim_id, f.encounter_id, {alone}) as account, f.payer_id,"
            f" f.provider_id, {amount} as amount, {charged} as charged, f.synthetic"
            f" from {facts_as_of(table, newest)} f where f.posting_date <= %(on)s and {which}"
        )

    charges = of("fact_charge", "f.charge_id", "f.amount", "true", "true")
    entries = of(
        "fact_ledger",
        "f.charge_id, f.entry_id",
        "-f.amount",
        "false",
        "f.entry is distinct from 'transfer'",
    )
    return f"{charges} union all {entries}"


def open_balance(
    question: Question,
    part: Part,
    period: Range,
    scope: Parameters,
    newest: bool,
    *more: str,
) -> Statement:
    """Positive balances at the end of the period or today, whichever is earlier.

    An account belongs to the payer and provider of its charges. `more` are further aggregates
    over the balances `b`, for explanations.
    """
    passing, filter_parameters = kept(question, newest)
    join, key, label = _dimension(question.dimension, newest)
    accounts = (
        "select account, sum(amount) as balance, bool_or(synthetic) as synthetic,"
        " (min(payer_id::text) filter (where charged))::uuid as payer_id,"
        " (min(provider_id::text) filter (where charged))::uuid as provider_id"
        f" from ({_movements(newest)}) movement group by account"
    )
    sql = (
        f"select null::date, {key}, min({label}),"
        " coalesce(bool_or(b.synthetic) filter (where b.balance > 0), false),"
        f" {', '.join((part.aggregate, *more))} from ({accounts}) b"
        # One alias for both ways a dimension is spelt.
        f" cross join lateral (select b.payer_id, b.provider_id) f{join} where {passing}"
    )
    if question.dimension:
        sql += " group by 2"
    on = min(period.end, question.today)
    return Statement(sql, {**scope, "on": on, **filter_parameters}, (part,))


def statements(
    question: Question, period: Range, scope: Parameters, newest: bool
) -> list[Statement]:
    """Everything to run for one period of a question. `scope` holds practice and revision."""
    parts = _distinct(
        part for metric in question.uses for part in metric.parts(question.accrual_basis)
    )
    compiled = [
        open_balance(question, part, period, scope, newest) for part in parts if part.snapshot
    ]
    groups: dict[tuple[str, str, bool], list[Part]] = {}
    for part in parts:
        if not part.snapshot:
            groups.setdefault((part.table, part.date, part.since), []).append(part)
    for group in groups.values():
        compiled.append(flows(question, group, period, scope, newest))
    return compiled


def _distinct(parts: Iterable[Part]) -> list[Part]:
    return list(dict.fromkeys(parts))


# Which dates of a kind of fact say that there is data, per domain.
_COVERAGE = {
    "fact_charge": ("money", "posting_date", False),
    "fact_ledger": ("money", "posting_date", False),
    "fact_encounter": ("visits", "start_at", True),
    "fact_appointment": ("appointments", "start_at", True),
    "fact_claim": ("claims", "created_on", False),
    "fact_task": ("tasks", "created_at", True),
    "dim_patient": ("patients", "registered_on", False),
}


def coverage(zone: str, today: date, scope: Parameters, newest: bool) -> tuple[str, Parameters]:
    """One row per kind of fact: table, domain, first and last local date, last up to `today`.

    The dates are null where it has no facts. Each is one look into an index.
    """
    selects = []
    for table, (domain, column, instant) in _COVERAGE.items():
        after = "%(midnight)s" if instant else "%(tomorrow)s"
        ends = (f"min(f.{column})", f"max(f.{column})", f"max(f.{column})")
        conditions = ("true", "true", f"f.{column} < {after}")
        dates = [
            f"(select {end} from {facts_as_of(table, newest)} f where {condition})"
            for end, condition in zip(ends, conditions, strict=True)
        ]
        if instant:
            dates = [f"({date} at time zone %(zone)s)::date" for date in dates]
        selects.append(f"select '{table}', '{domain}', {', '.join(dates)}")
    tomorrow = today + timedelta(days=1)
    parameters = {"zone": zone, "tomorrow": tomorrow, "midnight": _midnight(tomorrow, zone)}
    return " union all ".join(selects), {**scope, **parameters}
