"""Every figure of a practice and a period, by the name of its metric.

`metric@variant` is another lawful reading of a metric. A figure whose kind of fact the practice
does not have at all is None, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from . import billing, clinical, figures, money, visits, work
from .exact import Figures
from .practice import Practice

Of = Callable[[Practice, date, date], Figures]


def _revenue(made: Practice, start: date, end: date) -> Figures:
    return figures.revenue(made.facts, start, end, made.today)


def _balances(made: Practice, start: date, end: date) -> Figures:
    return money.receivables(made, end)


def _missed(made: Practice, start: date, end: date) -> Figures:
    return {"cost_of_no_shows": visits.cost_of_no_shows(made, start, end)}


# Each group of figures with the kind of fact that it cannot do without.
GROUPS: Mapping[str, tuple[Of, Callable[[Practice], object]]] = {
    "revenue": (_revenue, lambda made: made.facts.charges),
    "revenue of visits": (money.revenue, lambda made: made.facts.charges),
    "matched": (money.matched_rate, lambda made: made.facts.charges),
    "payments": (money.payments, lambda made: made.facts.ledger),
    "receivables": (_balances, lambda made: made.facts.charges),
    "collections": (money.collections, lambda made: made.facts.ledger),
    "claims": (billing.states, lambda made: made.facts.claims),
    "write-offs": (billing.write_offs, lambda made: made.facts.ledger),
    "claim stages": (billing.claims, lambda made: made.facts.claim_events),
    "patients": (visits.patients, lambda made: made.stays),
    "appointments": (visits.appointments, lambda made: made.facts.appointments),
    "no-shows": (_missed, lambda made: made.facts.appointments),
    "providers": (visits.providers, lambda made: made.facts.visits),
    "tasks": (work.tasks, lambda made: made.tasks),
    "staff": (work.staff, lambda made: made.tasks),
    "documents": (work.documents, lambda made: made.documents),
    "verification": (work.verification, lambda made: made.checks),
    "satisfaction": (work.satisfaction, lambda made: made.surveys),
    "diagnoses": (clinical.diagnoses, lambda made: made.diagnoses),
    "outcomes": (clinical.outcomes, lambda made: made.results),
    "hospital": (clinical.hospital, lambda made: made.stays),
}


def every_figure(
    made: Practice, start: date, end: date, whole: Practice | None = None
) -> dict[str, Figures]:
    """The figures of every group. `whole` is the practice that `made` is a part of."""
    found = {}
    for name, (of, needs) in GROUPS.items():
        group = of(made, start, end)
        found[name] = group if needs(whole or made) else dict.fromkeys(group)
    return found
