"""The canonical question: everything that decides an answer besides the facts themselves.

Two questions with the same canonical text have the same answer at the same revision. Its hash
is the identity used by receipts, audit and caches.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.model import Metric

HASH_BYTES = 12


@dataclass(frozen=True)
class Order:
    """What rows are ordered by: a metric's figure, or without one their names."""

    metric: str = ""
    descending: bool = False


@dataclass(frozen=True)
class Question:
    """What is asked, with every date resolved and every setting that matters written out.

    `variants` name the reading of some of the metrics; `limit` keeps the first groups in the
    order (0: all). `active_months`, `week_start` (0: Monday), `minimum_answers` and
    `minimum_ranked` (of a provider among others) are the practice's settings.
    """

    metrics: tuple[str, ...]
    period: Range
    today: date
    time_zone: str
    accrual_basis: bool
    comparison: Range | None = None
    dimensions: tuple[str, ...] = ()
    grain: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    variants: tuple[tuple[str, str], ...] = ()
    order: Order = Order()
    limit: int = 0
    active_months: int = 24
    minimum_answers: int = 0
    minimum_ranked: int = 0
    week_start: int = 0

    @cached_property
    def uses(self) -> tuple[Metric, ...]:
        """The registry's metrics in the form that this question uses, in order."""
        variants = dict(self.variants)
        return tuple(
            METRICS[name].used(self.accrual_basis, variants.get(name, "")) for name in self.metrics
        )

    @property
    def answers_needed(self) -> int:
        """How many answers the figures of surveys need: more where they rank providers."""
        ranked = "provider" in self.dimensions and self.order.metric in METRICS
        if ranked and METRICS[self.order.metric].answers:
            return max(self.minimum_answers, self.minimum_ranked)
        return self.minimum_answers

    @property
    def subjects(self) -> frozenset[str]:
        """The subjects and tables whose time of coverage decides whether there is data."""
        parts = [part for metric in self.uses for part in metric.parts]
        return frozenset(part.covered_by for part in parts).union(*(p.source.needs for p in parts))

    def canonical(self) -> str:
        """The one JSON text of this question, metric versions included."""
        return self._canonical

    @cached_property
    def _canonical(self) -> str:
        body = {field.name: getattr(self, field.name) for field in fields(self)}
        body["metrics"] = [f"{metric.id}@{metric.version}" for metric in self.uses]
        return json.dumps(body, sort_keys=True, separators=(",", ":"), default=_plain)

    def hash(self) -> bytes:
        """Twelve bytes that identify the question inside a practice."""
        return hashlib.sha256(self.canonical().encode()).digest()[:HASH_BYTES]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else asdict(value)


def from_canonical(text: str) -> Question:
    """The question that `canonical` wrote. Raises: KeyError when a metric is not known any more."""
    body: dict[str, Any] = json.loads(text)

    def span(value: dict[str, str] | None) -> Range | None:
        if value is None:
            return None
        return Range(date.fromisoformat(value["start"]), date.fromisoformat(value["end"]))

    period = span(body["period"])
    if period is None:
        raise KeyError("period")
    return Question(
        metrics=tuple(name.split("@")[0] for name in body["metrics"]),
        period=period,
        today=date.fromisoformat(body["today"]),
        time_zone=body["time_zone"],
        accrual_basis=body["accrual_basis"],
        comparison=span(body["comparison"]),
        dimensions=tuple(body["dimensions"]),
        grain=body["grain"],
        filters=tuple((name, tuple(values)) for name, values in body["filters"]),
        variants=tuple((metric, variant) for metric, variant in body["variants"]),
        order=Order(**body["order"]),
        limit=body["limit"],
        active_months=body["active_months"],
        minimum_answers=body["minimum_answers"],
        minimum_ranked=body.get("minimum_ranked", 0),
        week_start=body.get("week_start", 0),
    )
