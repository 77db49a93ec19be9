"""What is rolled up by month: which parts, by which axes, and what a stored roll-up stands for.

A part can be rolled up when it follows from the columns of its fact alone: nothing that depends on
the day it is asked, or on other facts.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from praxis_analytics.domain.periods import Range, add_months
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.model import Part

# Deciding dates that apply marks, by table. A later one needs a migration that marks its past.
MARKED: Mapping[str, tuple[str, ...]] = {
    "fact_charge": ("posting_date", "service_date"),
    "fact_ledger": ("posting_date", "deposit_date", "service_date"),
    "fact_claim": ("created_on", "first_submitted_on", "first_adjudicated_on"),
    "fact_encounter": ("start_at",),
    "fact_appointment": ("start_at",),
    "fact_claim_event": ("occurred_on",),
}
# By each of these a claim's month, and what is counted there, follow from all that happened to it.
CLAIM_STAGES = tuple(
    f"fact_claim.{date}" for date in ("created_on", "first_sent_on", "first_answered_on")
)
# What follows from facts of the claim alone, so that marks of its stages cover it.
_FOLLOWED = ("claim_life", "claim_state")
AXES = ("payer_id", "provider_id", "method")
_PATIENTS = "count(distinct f.patient_id)"
_SUM = re.compile(r"-?sum\((f\.\w+|\(f\.\w+ - f\.\w+\))\)|count\(\*\)")
# Depends on the practice's zone, which a roll-up names, and on nothing else that is asked.
_ZONE = "%(zone)s"


@dataclass(frozen=True)
class RolledFact:
    """A kind of fact by one deciding date: parts in the order their sums are stored in, and those
    that count distinct patients. `added` names what derives further columns."""

    table: str
    date: str
    instant: bool
    columns: frozenset[str]
    added: tuple[str, ...]
    sums: tuple[Part, ...]
    patients: tuple[Part, ...]

    @property
    def name(self) -> str:
        """Its name in marks and roll-ups."""
        return f"{self.table}.{self.date}"

    @property
    def axes(self) -> tuple[str, ...]:
        """Columns of the fact that it is split by."""
        return tuple(axis for axis in AXES if axis in self.columns)

    @property
    def follows(self) -> bool:
        """Whether it holds the newest of what is known, and nothing as of an earlier day."""
        return bool(self.added)

    def definition(self, zone: str) -> str:
        """Identifies what its roll-ups hold: a changed formula or zone makes another."""
        parts = [(part.id, part.aggregate, part.where) for part in (*self.sums, *self.patients)]
        text = repr((zone if self.instant else "", self.axes, parts))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def marked(table: str, date: str) -> tuple[str, ...]:
    """The facts whose months a date of a changed row marks."""
    return CLAIM_STAGES if table.startswith("fact_claim") else (f"{table}.{date}",)


@functools.cache
def _rollable() -> frozenset[str]:
    return frozenset(
        name for table, dates in MARKED.items() for date in dates for name in marked(table, date)
    )


def _columns(part: Part) -> frozenset[str]:
    added_by = part.source.added_by
    return frozenset(name for name in part.source.types if added_by.get(name) in (None, *_FOLLOWED))


def _mentioned(part: Part) -> set[str]:
    text = f"{part.aggregate} {part.where} f.{part.date}".replace(_ZONE, "")
    return set(re.findall(r"\bf\.(\w+)", text))


def _added(parts: Iterable[Part]) -> tuple[str, ...]:
    found = {part.source.added_by.get(name) for part in parts for name in _mentioned(part)}
    return tuple(name for name in _FOLLOWED if name in found)


def fact_name(part: Part) -> str:
    """The name of a part's facts in marks and roll-ups."""
    return f"{part.source.kind.table}.{part.date}"


def is_days(part: Part) -> bool:
    """Whether a part counts local days: its months add up, the groups of a dimension do not."""
    return part.aggregate == f"count(distinct {_local_day(part)})"


def _local_day(part: Part) -> str:
    return f"(f.{part.date} at time zone {_ZONE})::date" if part.instant else f"f.{part.date}"


def counts_patients(part: Part) -> bool:
    """Whether it counts distinct patients, whose months do not add up."""
    return part.aggregate == _PATIENTS


@functools.cache
def can_roll(part: Part) -> bool:
    """Whether a part follows from its own facts' columns, by a date that is marked."""
    source = part.source
    if source.rows or source.moment or part.quantile:
        return False
    if fact_name(part) not in _rollable() or part.adds == "value":
        return False  # a roll-up holds sums: it cannot tell a 0 from nothing
    text = f"{part.aggregate} {part.where}".replace(_ZONE, "")
    own = _mentioned(part) <= _columns(part)
    closed = "%(" not in text and "select" not in text
    simple = _SUM.fullmatch(part.aggregate) is not None or is_days(part) or counts_patients(part)
    return own and closed and simple


def stored_as(fact: RolledFact, part: Part) -> Part | None:
    """The part whose roll-ups hold what a part counts, over whatever time it counts it."""
    counted = (part.aggregate, part.where, part.adds)
    stored = (*fact.sums, *fact.patients)
    return next((one for one in stored if (one.aggregate, one.where, one.adds) == counted), None)


def _all_parts() -> Iterable[Part]:
    for metric in METRICS.values():
        forms = [metric.used(), metric.used(accrual_basis=True)]
        forms += [metric.used(variant=variant.id) for variant in metric.variants]
        for form in forms:
            yield from (part for part in form.parts if part.since and not part.trailing)


@functools.cache
def rolled_facts() -> Mapping[str, RolledFact]:
    """Every fact that has a part to roll up, by name."""
    groups: dict[str, dict[str, Part]] = {}
    for part in _all_parts():
        if can_roll(part):
            groups.setdefault(fact_name(part), {})[part.id] = part
    facts = {}
    for name, parts in groups.items():
        ordered = [parts[part_id] for part_id in sorted(parts)]
        first = ordered[0]
        facts[name] = RolledFact(
            first.source.kind.table,
            first.date,
            first.instant,
            _columns(first),
            _added(ordered),
            tuple(part for part in ordered if not counts_patients(part)),
            tuple(part for part in ordered if counts_patients(part)),
        )
    return facts


@dataclass(frozen=True)
class Pieces:
    """Where a period's answer comes from: whole months, days of months, and facts of the rest."""

    months: tuple[date, ...]
    days: tuple[Range, ...]
    facts: tuple[Range, ...]


def split(period: Range, dirty: frozenset[date], *, by_month: bool, by_day: bool) -> Pieces:
    """Splits a period by the months that have no roll-up (`dirty`).

    `by_month` and `by_day` say whether months' and days' sums are of use at all.
    """
    months: list[date] = []
    days: list[Range] = []
    facts: list[Range] = []
    month = period.start.replace(day=1)
    while month <= period.end:
        following = add_months(month, 1)
        whole = Range(month, following - timedelta(1))
        part = Range(max(whole.start, period.start), min(whole.end, period.end))
        if month not in dirty and by_month and part == whole:
            months.append(month)
        elif month not in dirty and by_day:
            days.append(part)
        else:
            facts.append(part)
        month = following
    return Pieces(tuple(months), tuple(days), tuple(join_ranges(facts)))


def join_ranges(ranges: Iterable[Range]) -> list[Range]:
    """Ranges in order, those that follow each other without a gap made one."""
    joined: list[Range] = []
    for part in ranges:
        start = part.start
        if joined and joined[-1].end + timedelta(1) == start:
            start = joined.pop().start
        joined.append(Range(start, part.end))
    return joined
