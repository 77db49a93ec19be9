"""What measures are: populations over named steps, which look for codes of named lists.

All of it is data (`definitions/*.toml`, `codes_local.toml`). A population is an expression:

    "visit"                        the step holds, or has a value
    ["all", …] ["any", …] ["not", …]
    ["age", 18, 75]                completed years on the last day of the period
    ["age_at_start", 12]           completed years on its first day, at least
    ["sex", "female"]
    ["above", "step", 9] ["below", "step", 140]    the value of a step
    ["same_day", "one", "other"]   two values are of one day
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from praxis_analytics.domain.periods import Range, add_months

Expression = str | list[Any]


@dataclass(frozen=True)
class Step:
    """One thing to look for in a patient's facts.

    A step without a `most_recent` holds or does not. With `most_recent = "lowest"` it has a value:
    the lowest of the last day that has any. With the name of a list it holds when a result of
    the last day that has any is in that list.

    Facts count when they fall into the window, which ends with the period (or its `until`,
    MM-DD) and begins with it, or with its `from` (MM-DD), that many years, months or days
    earlier. Conditions count when they overlap it. `ever`: the window has no beginning.
    """

    fact: str
    list: str = ""
    reason: str = ""
    years_before: int = 0
    months_before: int = 0
    days_before: int = 0
    since: str = ""
    until: str = ""
    ever: bool = False
    result: str = "number"
    unit: str = ""
    values: str = ""
    outside: tuple[Decimal, Decimal] | None = None
    most_recent: str = ""
    min_age: int = 0
    except_classes: tuple[str, ...] = ()
    in_hospital: bool = True
    visit_within_days: int | None = None

    def window(self, period: Range) -> tuple[date | None, date]:
        """First (None: no bound) and last day of the window of a calendar year."""
        end = _day(period.end, self.until)
        if self.ever:
            return None, end
        months = 12 * self.years_before + self.months_before
        start = add_months(_day(period.start, self.since), -months)
        return start - timedelta(days=self.days_before), end


def _day(day: date, month_day: str) -> date:
    return date.fromisoformat(f"{day.year:04}-{month_day}") if month_day else day


@dataclass(frozen=True)
class Stratum:
    """A part of a rate's patients that is counted beside it."""

    id: str
    title: str
    where: Expression


@dataclass(frozen=True)
class Rate:
    """One rate: who is looked at, who is taken out, who meets it.

    `sources` are groups of lists: when of one group no code occurs in a practice at all, nobody
    there can have what the numerator asks for.
    """

    id: str
    title: str
    initial_population: Expression
    numerator: Expression
    sources: tuple[tuple[str, ...], ...]
    denominator: Expression | None = None
    exclusions: Expression | None = None
    exceptions: Expression | None = None
    strata: tuple[Stratum, ...] = ()


@dataclass(frozen=True)
class Measure:
    """A quality measure of one year's logic."""

    id: str
    cms_id: str
    title: str
    description: str
    inverse: bool
    not_evaluable: tuple[str, ...]
    steps: Mapping[str, Step]
    rates: tuple[Rate, ...]


@dataclass(frozen=True)
class Unit:
    """How results become numbers: units taken as they are, whether none may be given, and
    unit, factor and offset of others."""

    plain: tuple[str, ...]
    bare: bool
    scaled: tuple[tuple[str, Decimal, Decimal], ...]


@dataclass(frozen=True)
class Codes:
    """The code lists of one mode: `system|code` by the list's name."""

    mode: str
    lists: Mapping[str, tuple[str, ...]]
    units: Mapping[str, Unit]

    def bare(self, name: str) -> list[str]:
        """A list's codes without their systems."""
        return [code.rpartition("|")[2] for code in self.lists[name]]


def _read(file: Traversable) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8"), parse_float=Decimal)


def _here() -> Traversable:
    return resources.files("praxis_analytics.measures")


@functools.cache
def local_codes() -> Codes:
    """The lists that come with the product."""
    data = _read(_here() / "codes_local.toml")
    lists = {
        name: tuple(
            f"{data['systems'][system]}|{code}" for system in given for code in given[system]
        )
        for name, given in data["lists"].items()
    }
    units = {
        name: Unit(
            tuple(given["plain"]),
            given["bare"],
            tuple((unit, Decimal(a), Decimal(b)) for unit, a, b in given.get("scaled", ())),
        )
        for name, given in data["units"].items()
    }
    return Codes("local", lists, units)


@functools.cache
def measures() -> Mapping[str, Measure]:
    """Every declared measure by id, in the order of ids' numbers."""
    files = (_here() / "definitions").iterdir()
    found = (_measure(file) for file in files if file.name.endswith(".toml"))
    ordered = sorted(found, key=lambda one: (len(one.id), one.id))
    return {one.id: one for one in ordered}


def _measure(file: Traversable) -> Measure:
    data = _read(file)
    steps = {name: Step(**_step(given)) for name, given in data.pop("steps").items()}
    rates = tuple(_rate(given) for given in data.pop("rates"))
    return Measure(
        id=file.name.removesuffix(".toml"),
        inverse=data.pop("inverse", False),
        not_evaluable=tuple(data.pop("not_evaluable")),
        description=data.pop("description").strip(),
        steps=steps,
        rates=rates,
        **data,
    )


def _step(given: dict[str, Any]) -> dict[str, Any]:
    """TOML's lists as tuples, so that equal steps are one; `from` is no name in Python."""
    named = {"since" if name == "from" else name: value for name, value in given.items()}
    return {k: tuple(v) if isinstance(v, list) else v for k, v in named.items()}


def _rate(given: dict[str, Any]) -> Rate:
    strata = tuple(Stratum(**one) for one in given.pop("strata", ()))
    sources = tuple(tuple(group) for group in given.pop("sources"))
    return Rate(strata=strata, sources=sources, **given)
