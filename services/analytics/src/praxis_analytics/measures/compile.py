"""Measures as one SQL statement over the facts as of a revision.

Every kind of fact is scanned once, for the steps of all measures together: rows that have any
wanted code are gathered by patient, a step being one aggregate with a filter. Populations are
expressions over those columns, and each rate puts a patient into one place: `initial` (looked at,
not in the denominator), `excluded`, `met`, `excepted` or `missed`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from praxis_analytics.domain.periods import Range
from praxis_analytics.measures.declared import Codes, Expression, Measure, Rate, Step
from praxis_analytics.queries.sources import facts_as_of

PLACES = ("initial", "excluded", "met", "excepted", "missed")
_HOSPITAL = ["EMER", "IMP", "ACUTE", "NONAC", "OBSENC"]
# Days are counted down from here, so that the least number is the latest day.
_LATEST = "(date '2200-01-01' - f.day)"


@dataclass(frozen=True)
class _Scan:
    """How one kind of fact is read: the day that places it, and which rows count at all."""

    table: str
    day: str
    counts: str


_DONE = "coalesce(f.status, 'completed') = 'completed' and f.not_done is not true"
SCANS = {
    "visit": _Scan(
        "fact_encounter",
        "(f.start_at at time zone %(zone)s)::date",
        "f.status = 'finished' and f.class in ('AMB', 'VR', 'HH')",
    ),
    "condition": _Scan(
        "fact_condition",
        "coalesce(f.onset_on, f.recorded_on)",
        "coalesce(f.verification_status, 'confirmed') = 'confirmed'",
    ),
    "procedure": _Scan("fact_procedure", "f.performed_on", _DONE),
    "request": _Scan(
        "fact_service_request",
        "f.ordered_on",
        "coalesce(f.status, 'active') in ('active', 'completed') and f.not_done is not true",
    ),
    "observation": _Scan(
        "fact_observation",
        "(f.effective_at at time zone %(zone)s)::date",
        "coalesce(f.status, 'final') in ('final', 'amended', 'corrected')",
    ),
}


@dataclass
class Plan:
    """A statement in the making: its parameters, the columns of every scan, what rates yield."""

    period: Range
    today: date
    zone: str
    scope: dict[str, Any]
    newest: bool
    codes: Codes
    parameters: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    looked_for: dict[str, set[str]] = field(default_factory=dict)
    reasons: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        days = {"zone": self.zone, "today": self.today}
        self.parameters |= {**self.scope, **days}
        self.parameters |= {"first_day": self.period.start, "last_day": self.period.end}

    def given(self, value: object, cast: str) -> str:
        """A parameter with this value."""
        for name, known in self.parameters.items():
            if known.__class__ is value.__class__ and known == value:
                return f"%({name})s::{cast}"
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"%({name})s::{cast}"

    def coded(self, name: str) -> str:
        """The `system|code` texts of a list."""
        return self.given(list(self.codes.lists[name]), "text[]")

    def bare(self, name: str) -> str:
        """The codes of a list without their systems."""
        return self.given(self.codes.bare(name), "text[]")

    def column(self, fact: str, aggregate: str) -> str:
        """Where the value of an aggregate over the scan of `fact` stands."""
        known = self.columns.setdefault(fact, {})
        return f"{fact}_steps.{known.setdefault(aggregate, f's{len(known)}')}"

    # Steps.

    def step(self, step: Step) -> str:
        """The column of a step: a truth, or `[latest, value]` of a most recent lowest."""
        names = {step.list or ("visit" if step.fact == "visit" else "")} - {""}
        self.looked_for.setdefault(step.fact, set()).update(names)
        if step.reason:
            self.reasons.setdefault(step.fact, set()).add(step.reason)
        wanted = " and ".join(self._conditions(step))
        if not step.most_recent:
            return self.column(step.fact, f"bool_or({wanted})")
        if step.most_recent == "lowest":
            value = self._value(step)
            last = f"min(array[{_LATEST}, {value}]) filter (where {wanted} and {value} is not null)"
            return self.column(step.fact, last)
        hit = f"case when f.value_code = any({self.bare(step.most_recent)}) then 0 else 1 end"
        last = f"(min(array[{_LATEST}, {hit}]) filter (where {wanted}))[2] = 0"
        return self.column(step.fact, last)

    def _conditions(self, step: Step) -> Iterable[str]:
        if step.fact == "visit":
            yield f"f.codings && {self.coded('visit')}"
            yield f"not f.codings && {self.coded('death_certification')}"
        if step.list:
            yield f"f.codings && {self.coded(step.list)}"
        if step.reason:
            yield f"f.reason_code = any({self.bare(step.reason)})"
        yield from self._inside(step)
        if step.min_age:
            age = (
                f"extract(year from age(f.day, p.birth_date)) >= {self.given(step.min_age, 'int')}"
            )
            yield age
        if step.except_classes:
            yield f"f.class <> all({self.given(list(step.except_classes), 'text[]')})"
        if step.fact == "observation":
            yield from self._result(step)
        if not step.in_hospital:
            yield f"(e.class is null or e.class <> all({self.given(_HOSPITAL, 'text[]')}))"
        if step.visit_within_days is not None:
            days = self.given(step.visit_within_days, "int")
            visited = f"where day between f.day and f.day + {days}"
            yield f"exists (select from unnest(visit_days.days) day {visited})"

    def _inside(self, step: Step) -> Iterable[str]:
        start, end = step.window(self.period)
        yield f"f.day <= {self.given(end, 'date')}"
        if start is not None:
            since = self.given(start, "date")
            overlaps = f"(f.abated_on is null or f.abated_on >= {since})"
            yield overlaps if step.fact == "condition" else f"f.day >= {since}"

    def _result(self, step: Step) -> Iterable[str]:
        if step.values:
            yield f"f.value_code = any({self.bare(step.values)})"
        elif step.result == "number":
            yield f"{self._value(step)} is not null"
        elif step.result == "any":
            yield "f.value_type is not null"
        if step.outside is not None:
            low, high = (self.given(bound, "numeric") for bound in step.outside)
            yield f"({self._value(step)} < {low} or {self._value(step)} >= {high})"

    def _value(self, step: Step) -> str:
        """The number of a result in the unit that its step compares in; null for none."""
        if not step.unit:
            return "f.value_num"
        unit = self.codes.units[step.unit]
        plain = f"f.unit = any({self.given(list(unit.plain), 'text[]')})"
        cases = [f"when {plain}{' or f.unit is null' if unit.bare else ''} then f.value_num"]
        for name, factor, offset in unit.scaled:
            scaled = f"{self.given(factor, 'numeric')} * f.value_num"
            scaled = f"{scaled} + {self.given(offset, 'numeric')}"
            cases.append(f"when f.unit = {self.given(name, 'text')} then {scaled}")
        return f"case {' '.join(cases)} end"

    # Populations.

    def truth(self, measure: Measure, expression: Expression) -> str:
        """An expression of a measure as a condition that is never null. Raises: KeyError."""
        if isinstance(expression, str):
            step = measure.steps[expression]
            column = self.step(step)
            if step.most_recent == "lowest":
                return f"({column} is not null)"
            return f"coalesce({column}, false)"
        operator, *rest = expression
        if operator in ("all", "any"):
            parts = [self.truth(measure, part) for part in rest]
            return f"({(' and ' if operator == 'all' else ' or ').join(parts)})"
        if operator == "not":
            return f"(not {self.truth(measure, rest[0])})"
        if operator in ("age", "age_at_start", "sex"):
            return self._person(operator, rest)
        columns = [self.step(measure.steps[name]) for name in rest if isinstance(name, str)]
        if operator == "same_day":
            return f"coalesce({columns[0]}[1] = {columns[1]}[1], false)"
        sign = {"above": ">", "below": "<"}[operator]
        limit = self.given(Decimal(rest[1]), "numeric")
        return f"coalesce({columns[0]}[2] {sign} {limit}, false)"

    def _person(self, operator: str, rest: list[Any]) -> str:
        if operator == "sex":
            return f"coalesce(p.sex = {self.given(rest[0], 'text')}, false)"
        on = "%(last_day)s" if operator == "age" else "%(first_day)s"
        age = f"extract(year from age({on}::date, p.birth_date))"
        bounds = [f"{age} >= {self.given(rest[0], 'int')}"]
        bounds += [f"{age} <= {self.given(most, 'int')}" for most in rest[1:]]
        return f"coalesce({' and '.join(bounds)}, false)"

    def place(self, measure: Measure, rate: Rate) -> str:
        """Where a patient stands in a rate: one of PLACES, or null when it is not looked at."""
        cases = [f"when not {self.truth(measure, rate.initial_population)} then null"]
        if rate.denominator is not None:
            cases.append(f"when not {self.truth(measure, rate.denominator)} then 'initial'")
        for expression, name in (
            (rate.exclusions, "excluded"),
            (rate.numerator, "met"),
            (rate.exceptions, "excepted"),
        ):
            if expression is not None:
                cases.append(f"when {self.truth(measure, expression)} then '{name}'")
        return f"case {' '.join(cases)} else 'missed' end"

    # The statement.

    def _scan(self, fact: str) -> str:
        """The common table of a fact's steps, by patient."""
        scan = SCANS[fact]
        lists = sorted(self.looked_for.get(fact, ()))
        every = [code for name in lists for code in self.codes.lists[name]]
        wanted = [f"f.codings && {self.given(every, 'text[]')}"] if every else []
        reasons = [
            code for name in sorted(self.reasons.get(fact, ())) for code in self.codes.bare(name)
        ]
        wanted += [f"f.reason_code = any({self.given(reasons, 'text[]')})"] if reasons else []
        joins = "join people p on p.patient_id = f.patient_id"
        if fact == "observation":
            encounters = facts_as_of("fact_encounter", self.newest)
            joins += f" left join {encounters} e on e.encounter_id = f.encounter_id"
        if fact in ("observation", "procedure"):
            joins += " left join visit_days on visit_days.patient_id = f.patient_id"
        columns = [f"{sql} as {name}" for sql, name in self.columns[fact].items()]
        columns += [f"bool_or(f.codings && {self.coded(name)}) as has_{name}" for name in lists]
        rows = (
            f"select f.*, {scan.day} as day from {facts_as_of(scan.table, self.newest)} f"
            f" where {scan.counts} and ({' or '.join(wanted)})"
        )
        return (
            f"{fact}_steps as materialized (select f.patient_id, {', '.join(columns)},"
            f" bool_or(f.synthetic) as synthetic from ({rows}) f {joins}"
            " where f.day <= %(today)s group by f.patient_id)"
        )

    def _visit_days(self) -> str:
        """The days of every patient's visits in the period."""
        scan = SCANS["visit"]
        return (
            "visit_days as materialized (select patient_id, array_agg(day) as days from"
            f" (select f.patient_id, {scan.day} as day"
            f" from {facts_as_of(scan.table, self.newest)} f where {scan.counts}"
            f" and f.codings && {self.coded('visit')}"
            f" and not f.codings && {self.coded('death_certification')}) visit"
            " where day between %(first_day)s and least(%(last_day)s, %(today)s)"
            " group by patient_id)"
        )

    def members(self, places: dict[str, str], patient: bool = False) -> str:
        """The WITH clause up to `members`: every patient with its places, by column name."""
        tables = [self._visit_days(), *(self._scan(fact) for fact in self.columns)]
        only = " where patient_id = %(patient)s" if patient else ""
        people = f"select * from {facts_as_of('dim_patient', self.newest)} f{only}"
        joins = " ".join(
            f"left join {fact}_steps on {fact}_steps.patient_id = p.patient_id"
            for fact in self.columns
        )
        columns = ", ".join(f"{sql} as {name}" for name, sql in places.items())
        chosen = f"select p.patient_id, {columns} from people p {joins}"
        return (
            f"with people as materialized ({people}), {', '.join(tables)},"
            f" members as (select * from ({chosen}) chosen)"
        )

    def _covered(self) -> str:
        """Counts 1 when the time that has encounters touches the period."""
        scan = SCANS["visit"]
        days = f"select {scan.day} as day from {facts_as_of(scan.table, self.newest)} f"
        return (
            "select 'covered', '', count(*) from (select min(day) as first, max(day) as last"
            f" from ({days}) f where day <= %(today)s) span"
            " where first <= %(last_day)s and last >= %(first_day)s"
        )

    def totals(self, places: dict[str, str]) -> str:
        """Counts of patients by column and place.

        Under `has` how many have any code of a list, under `synthetic` how many have a demo
        fact, under `covered` whether there are encounters.
        """
        with_clause = self.members(places)
        values = ", ".join(f"('{name}', {name})" for name in places)
        selects = [
            "select what, place, count(*) from members"
            f" cross join lateral (values {values}) of (what, place)"
            " where place is not null group by what, place",
            self._covered(),
        ]
        for fact in self.columns:
            selects.append(f"select 'synthetic', '', count(*) from {fact}_steps where synthetic")
            for name in sorted(self.looked_for.get(fact, ())):
                has = f"select 'has', '{name}', count(*) from {fact}_steps where has_{name}"
                selects.append(has)
        return f"{with_clause} {' union all '.join(selects)}"
