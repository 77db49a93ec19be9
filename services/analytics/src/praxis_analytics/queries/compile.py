"""The one way questions become SQL.

Parts that share a kind of fact and a deciding date become one statement with filtered
aggregates. At the newest revision only current rows are read; an older one adds the history
rows that were valid then.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from praxis_analytics.domain.facts import KINDS
from praxis_analytics.domain.metrics import Part
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question

Parameters = dict[str, Any]


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


def facts_as_of(table: str, newest: bool) -> str:
    """A FROM item of the facts that counted at `%(revision)s`; voided ones are left out.

    With `newest` the revision is the practice's head, and current rows are the whole truth.
    """
    current = f"select {_columns(table)} from {table} where practice_id = %(practice)s"
    if newest:
        return f"({current} and not voided)"
    return (
        f"({current} and rev_from <= %(revision)s and not voided"
        f" union all select {_columns(table)} from {table}_history"
        " where practice_id = %(practice)s and rev_from <= %(revision)s"
        " and rev_to > %(revision)s and not voided)"
    )


# Dimension → (join with the facts `f`, key, label). Names are read as of now: they say who is
# meant, they do not decide a figure; the payer's class does, and is read as of the revision.
def _dimension(name: str, newest: bool) -> tuple[str, str, str]:
    if name == "payer_class":
        payer = facts_as_of("dim_payer", newest)
        join = f" left join {payer} d on d.payer_id = f.payer_id"
        return join, "coalesce(d.payer_class, '')", "coalesce(d.payer_class, '')"
    if name == "provider":
        provider = facts_as_of("dim_provider", newest)
        join = f" left join {provider} d on d.provider_id = f.provider_id"
        return join, "coalesce(f.provider_id::text, '')", "coalesce(d.display_name, '')"
    return "", "null::text", "null::text"


def _bounds(part: Part, period: Range, today: date, zone: str) -> tuple[str, Parameters]:
    """The condition that `f` falls in the period, and its parameters."""
    end = period.end if part.future else min(period.end, today)
    parameters = {"start": period.start, "after": end + timedelta(days=1), "zone": zone}
    if part.instant:
        # Local midnights as instants: half-open, so that daylight saving cannot lose an hour.
        return (
            f"f.{part.date} >= %(start)s::timestamp at time zone %(zone)s"
            f" and f.{part.date} < %(after)s::timestamp at time zone %(zone)s",
            parameters,
        )
    return f"f.{part.date} >= %(start)s and f.{part.date} < %(after)s", parameters


def _local_day(part: Part) -> str:
    return f"(f.{part.date} at time zone %(zone)s)::date" if part.instant else f"f.{part.date}"


def _filters(question: Question, newest: bool) -> tuple[str, Parameters]:
    sql, parameters = "", {}
    for index, (name, values) in enumerate(question.filters):
        parameters[f"filter_{index}"] = list(values)
        if name == "payer_class":
            payer = facts_as_of("dim_payer", newest)
            sql += (
                f" and coalesce((select q.payer_class from {payer} q"
                f" where q.payer_id = f.payer_id), '') = any(%(filter_{index})s)"
            )
        else:
            sql += f" and coalesce(f.{name}_id::text, '') = any(%(filter_{index})s)"
    return sql, parameters


def flow_condition(
    question: Question, part: Part, period: Range, newest: bool
) -> tuple[str, Parameters]:
    """What makes a fact `f` count: it falls in the period and passes the filters."""
    condition, parameters = _bounds(part, period, question.today, question.time_zone)
    kept, filter_parameters = _filters(question, newest)
    return condition + kept, {**parameters, **filter_parameters}


def flows(
    question: Question, parts: Sequence[Part], period: Range, scope: Parameters, newest: bool
) -> Statement:
    """Sums and counts over one kind of fact and one deciding date."""
    part = parts[0]
    condition, parameters = flow_condition(question, part, period, newest)
    join, key, label = _dimension(question.dimension, newest)
    bucket = "null::date"
    if question.grain:
        bucket = f"date_trunc('{question.grain}', {_local_day(part)}::timestamp)::date"
    values = ", ".join(
        f"{p.aggregate.format(zone='%(zone)s')} filter (where {p.where})" for p in parts
    )
    sql = (
        f"select {bucket}, {key}, min({label}), bool_or(f.synthetic), {values}"
        f" from {facts_as_of(part.table, newest)} f{join}"
        f" where f.practice_id = %(practice)s and {condition}"
    )
    grouped = [x for x, wanted in (("1", question.grain), ("2", question.dimension)) if wanted]
    if grouped:
        sql += f" group by {', '.join(grouped)}"
    return Statement(sql, {**scope, **parameters}, tuple(parts))


def _accounts(newest: bool) -> str:
    """Every movement on a claim's or self-pay visit's balance up to `%(on)s`."""
    same = "coalesce(f.claim_id, f.encounter_id) as account, f.payer_id, f.provider_id"
    return (
        f"select {same}, f.amount, true as charged, f.synthetic"
        f" from {facts_as_of('fact_charge', newest)} f where f.posting_date <= %(on)s"
        f" union all select {same}, -f.amount, false, f.synthetic"
        f" from {facts_as_of('fact_ledger', newest)} f"
        " where f.posting_date <= %(on)s and f.entry <> 'transfer'"
    )


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
    kept, filter_parameters = _filters(question, newest)
    join, key, label = _dimension(question.dimension, newest)
    accounts = (
        "select account, sum(amount) as balance, bool_or(synthetic) as synthetic,"
        " (min(payer_id::text) filter (where charged))::uuid as payer_id,"
        " (min(provider_id::text) filter (where charged))::uuid as provider_id"
        f" from ({_accounts(newest)}) movement group by account"
    )
    sql = (
        f"select null::date, {key}, min({label}),"
        " coalesce(bool_or(b.synthetic) filter (where b.balance > 0), false),"
        f" {', '.join((part.aggregate, *more))} from ({accounts}) b"
        # One alias for both ways a dimension is spelt.
        f" cross join lateral (select b.payer_id, b.provider_id) f{join} where true{kept}"
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
    groups: dict[tuple[str, str], list[Part]] = {}
    for part in parts:
        if not part.snapshot:
            groups.setdefault((part.table, part.date), []).append(part)
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
}


def coverage(zone: str, scope: Parameters, newest: bool) -> tuple[str, Parameters]:
    """One row per kind of fact that has any: table, domain, first and last local date."""
    selects = []
    for table, (domain, column, instant) in _COVERAGE.items():
        low, high = f"min(f.{column})", f"max(f.{column})"
        if instant:
            low, high = (f"({end} at time zone %(zone)s)::date" for end in (low, high))
        selects.append(
            f"select '{table}', '{domain}', {low}, {high}"
            f" from {facts_as_of(table, newest)} f having count(*) > 0"
        )
    return " union all ".join(selects), {**scope, "zone": zone}
