"""Runs measures on a practice: counts and rates, gaps, and where single patients stand."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.registry.model import Computed
from praxis_analytics.measures.compile import Plan
from praxis_analytics.measures.declared import (
    Codes,
    Measure,
    Rate,
    Stratum,
    local_codes,
    measures,
)
from praxis_analytics.queries.answers import State
from praxis_analytics.storage.practices import Practice
from praxis_chassis.database import Connection

NO_NUMERATOR_SOURCE = "no_numerator_source"


@dataclass(frozen=True)
class Counts:
    """Patients of a rate by place; every patient looked at stands in exactly one."""

    initial: int = 0
    excluded: int = 0
    met: int = 0
    excepted: int = 0
    missed: int = 0

    @property
    def denominator(self) -> int:
        """Patients of the rate, before exclusions and exceptions."""
        return self.excluded + self.met + self.excepted + self.missed

    @property
    def initial_population(self) -> int:
        """Patients looked at."""
        return self.initial + self.denominator

    @property
    def eligible(self) -> int:
        """What the rate divides by."""
        return self.met + self.missed

    @property
    def cells(self) -> tuple[int, ...]:
        """The five counts."""
        return (self.initial, self.excluded, self.met, self.excepted, self.missed)

    def figure(self) -> Computed:
        """The rate in percent."""
        numerator, denominator = Decimal(self.met), Decimal(self.eligible)
        if not self.eligible:
            return Computed(None, "zero_denominator", numerator, denominator)
        share = (100 * numerator / denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return Computed(share, "", numerator, denominator)


@dataclass(frozen=True)
class Group:
    """One rate's counts, and those of the parts shown beside it."""

    rate: Rate
    counts: Counts
    strata: tuple[tuple[Stratum, Counts], ...]
    covered: bool
    data_warning: str

    @property
    def figure(self) -> Computed:
        """The rate in percent, or why there is none."""
        return self.counts.figure() if self.covered else Computed(None, "no_source_data")


@dataclass(frozen=True)
class Result:
    """How a practice stands in a measure in one calendar year."""

    measure: Measure
    period: Range
    mode: str
    groups: tuple[Group, ...]

    def gaps(self, group: Group) -> int:
        """How many patients are to be worked on."""
        return group.counts.met if self.measure.inverse else group.counts.missed


@dataclass(frozen=True)
class Evaluation:
    """Measures evaluated together; `synthetic` when any fact read was made as demo data."""

    results: tuple[Result, ...]
    synthetic: bool


def measurement_period(day: date) -> Range:
    """The calendar year that holds `day`."""
    return Range(date(day.year, 1, 1), date(day.year, 12, 31))


def _plan(practice: Practice, state: State, period: Range, codes: Codes | None) -> Plan:
    scope = {"practice": state.practice_id, "revision": state.revision}
    lists = codes or local_codes()
    return Plan(period, state.today, practice.time_zone, scope, state.newest, lists)


def _name(measure: Measure, rate: Rate, stratum: Stratum | None = None) -> str:
    return "_".join([measure.id, rate.id, *([stratum.id] if stratum else [])])


async def _rows(
    connection: Connection, sql: str, parameters: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    """Runs a plan's statement with joins by hash or order only.

    No statistics tell how many rows have one of many codes; a nested loop chosen for the one row
    that is guessed grows with the square of the patients.
    """
    await connection.execute("set local enable_nestloop = off")
    cursor = await connection.execute(sql.encode(), parameters)
    found = await cursor.fetchall()
    await connection.execute("set local enable_nestloop = on")
    return found


async def evaluate(
    connection: Connection,
    practice: Practice,
    state: State,
    wanted: Sequence[Measure],
    period: Range,
    codes: Codes | None = None,
) -> Evaluation:
    """Evaluates measures for all patients at once, in one statement, in the caller's read.

    `period` is a calendar year; facts after the state's today are not read.
    """
    plan = _plan(practice, state, period, codes)
    places: dict[str, str] = {}
    for measure in wanted:
        for rate in measure.rates:
            place = plan.place(measure, rate)
            places[_name(measure, rate)] = place
            for part in rate.strata:
                chosen = f"case when {plan.truth(measure, part.where)} then {place} end"
                places[_name(measure, rate, part)] = chosen
    if not places:
        return Evaluation((), synthetic=False)
    found: dict[str, dict[str, int]] = {}
    for what, place, count in await _rows(connection, plan.totals(places), plan.parameters):
        counted = found.setdefault(what, {})
        counted[place] = counted.get(place, 0) + count
    results = (_result(measure, period, plan.codes.mode, found) for measure in wanted)
    return Evaluation(tuple(results), synthetic=bool(found.get("synthetic", {}).get("", 0)))


def _result(
    measure: Measure, period: Range, mode: str, found: Mapping[str, Mapping[str, int]]
) -> Result:
    has = found.get("has", {})

    def group(rate: Rate) -> Group:
        lacking = any(not any(has.get(name) for name in names) for names in rate.sources)
        strata = tuple(
            (part, Counts(**found.get(_name(measure, rate, part), {}))) for part in rate.strata
        )
        counts = Counts(**found.get(_name(measure, rate), {}))
        covered = bool(found["covered"][""])
        return Group(rate, counts, strata, covered, NO_NUMERATOR_SOURCE if lacking else "")

    return Result(measure, period, mode, tuple(group(rate) for rate in measure.rates))


async def rates(
    connection: Connection, practice: Practice, state: State, period_end: date
) -> dict[str, Computed]:
    """Every measure's rate in the calendar year that holds `period_end`, by measure id.

    Further rates of a measure stand under its id and theirs: `cms138_2025_rate_2`. Each has
    numerator and denominator, or the reason that there is no value.

    Costs one statement, which scans encounters, conditions, procedures, requests and observations
    of the practice once each: linear in its facts, about a second for a million observations.
    Not for every refresh of a page without a cache by revision.
    """
    period = measurement_period(period_end)
    found = await evaluate(connection, practice, state, list(measures().values()), period)
    return {
        result.measure.id if not index else _name(result.measure, group.rate): group.figure
        for result in found.results
        for index, group in enumerate(result.groups)
    }


async def gaps(
    connection: Connection,
    practice: Practice,
    state: State,
    measure: Measure,
    rate: Rate,
    period: Range,
    after: uuid.UUID | None,
    limit: int,
) -> list[uuid.UUID]:
    """Up to `limit` patients to work on in one rate, in the order of their ids, after `after`."""
    plan = _plan(practice, state, period, None)
    with_clause = plan.members({"place": plan.place(measure, rate)})
    wanted = {
        "place": "met" if measure.inverse else "missed",
        "after": after or uuid.UUID(int=0),
        "limit": limit,
    }
    sql = (
        f"{with_clause} select patient_id from members where place = %(place)s"
        " and patient_id > %(after)s order by patient_id limit %(limit)s"
    )
    rows = await _rows(connection, sql, plan.parameters | wanted)
    return [patient_id for (patient_id,) in rows]


async def members(
    connection: Connection,
    practice: Practice,
    state: State,
    measure: Measure,
    period: Range,
    limit: int,
    patient_id: uuid.UUID | None = None,
) -> list[tuple[uuid.UUID, tuple[str | None, ...]]]:
    """Where patients stand in each rate of a measure, in the order of their ids.

    Of all patients those that any rate looks at, at most `limit`; of one patient in any case,
    with None for a rate that does not look at it. Empty when there is no such patient.
    """
    plan = _plan(practice, state, period, None)
    places = {_name(measure, rate): plan.place(measure, rate) for rate in measure.rates}
    names = ", ".join(places)
    alone = patient_id is not None
    looked_at = "true" if alone else f"coalesce({names}, null) is not null"
    sql = (
        f"{plan.members(places, patient=alone)} select patient_id, {names} from members"
        f" where {looked_at} order by patient_id limit %(limit)s"
    )
    wanted = {"patient": patient_id, "limit": limit}
    rows = await _rows(connection, sql, plan.parameters | wanted)
    return [(patient, tuple(standing)) for patient, *standing in rows]
