"""The metric catalogue as a message: what the registry declares."""

from __future__ import annotations

from praxis.analytics.v1 import catalogue_pb2
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.dimensions import DIMENSIONS, Dimension, dimensions_of
from praxis_analytics.domain.registry.model import Metric


def catalogue() -> catalogue_pb2.MetricCatalogue:
    """Every metric and dimension."""
    return catalogue_pb2.MetricCatalogue(
        metrics=[_metric(metric) for metric in METRICS.values()],
        dimensions=[_dimension(dimension) for dimension in DIMENSIONS.values()],
    )


def _metric(metric: Metric) -> catalogue_pb2.MetricDefinition:
    limits = metric.target
    return catalogue_pb2.MetricDefinition(
        id=metric.id,
        version=metric.version,
        effective_date=metric.effective.isoformat(),
        label=metric.label,
        formula=metric.formula,
        unit=metric.unit,
        source=metric.source,
        subject=metric.subject,
        permission=metric.permission.removeprefix("PERMISSION_").lower(),
        polarity=metric.polarity,
        target=catalogue_pb2.TargetLimits(good=str(limits.good), warning=str(limits.warning))
        if limits
        else None,
        dimensions=dimensions_of(metric),
        by_time=metric.trendable,
        parts=[
            catalogue_pb2.PartDefinition(
                id=part.id,
                description=part.description,
                fact=part.source.name,
                deciding_date=part.date,
            )
            for part in metric.parts
        ],
        variants=[
            catalogue_pb2.VariantDefinition(id=one.id, label=one.label, formula=one.formula)
            for one in metric.variants
        ],
        caveats=metric.caveats,
    )


def _dimension(dimension: Dimension) -> catalogue_pb2.DimensionDefinition:
    return catalogue_pb2.DimensionDefinition(
        id=dimension.id,
        label=dimension.label,
        values=[
            catalogue_pb2.DimensionValue(key=key, label=name) for key, name in dimension.choices
        ],
        personal=dimension.personal,
    )
