"""The reference page of metrics and dimensions, as Markdown, from the registry."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.dimensions import DIMENSIONS, Dimension, dimensions_of
from praxis_analytics.domain.registry.model import Metric, Part

_HEAD = """# Metrics

Generated from the metric registry by `./praxis generate`; do not edit. The same catalogue is
served at `GET /api/v1/reports/analytics/metrics`. A value in brackets after a metric names a
variant, as in `total_charges[service_date]`.
"""


def page() -> str:
    """The whole page."""
    lines = [_HEAD]
    for subject in dict.fromkeys(metric.subject for metric in METRICS.values()):
        lines.append(f"\n## {subject}\n")
        for metric in METRICS.values():
            if metric.subject == subject:
                lines += _metric(metric)
    lines += ["\n## Dimensions\n", "| id | what it is | values |", "|---|---|---|"]
    lines += [_dimension(dimension) for dimension in DIMENSIONS.values()]
    return "\n".join(lines) + "\n"


def _metric(metric: Metric) -> Iterator[str]:
    yield f"### {metric.id}\n"
    yield f"{metric.label} ({metric.unit}, version {metric.version} from {metric.effective}).\n"
    yield f"- Formula: {metric.formula}."
    for part in metric.parts:
        yield f"- Part `{part.id}`: {part.description}; {_date(part)}."
    for variant in metric.variants:
        yield f"- Variant `{variant.id}`, {variant.label}: {variant.formula}."
    yield f"- Source: {metric.source}."
    if metric.polarity != "neutral":
        yield f"- Better: {metric.polarity}."
    if metric.target:
        yield f"- Default target: good {metric.target.good}, warning {metric.target.warning}."
    if metric.absent:
        yield f"- No recorded fact tells it: always null, reason `{metric.absent}`."
    names = ", ".join(f"`{name}`" for name in dimensions_of(metric))
    yield f"- Dimensions: {names or 'none'}{'; by time' if metric.trendable else ''}."
    yield from (f"- Note: {caveat}" for caveat in metric.caveats)
    yield ""


def _date(part: Part) -> str:
    if not part.date:
        return f"{part.source.name} at the end of the period or today"
    until = "" if part.since else " up to the end of the period"
    trailing = f" in the {part.trailing} days up to the end of the period" if part.trailing else ""
    return f"{part.source.name} by {part.date}{until}{trailing}"


def _dimension(dimension: Dimension) -> str:
    values = ", ".join(f"`{key}`" for key, _ in dimension.choices)
    return f"| `{dimension.id}` | {dimension.label} | {values} |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
