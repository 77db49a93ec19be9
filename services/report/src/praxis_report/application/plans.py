"""From a type of report and its parameters to the questions that it asks, all at one revision.

The catalogue says what a metric can be split and filtered by and who may see it; what does not
fit is left out of the questions, and `left_out` names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from google.protobuf import json_format

from praxis.analytics.v1 import analytics_service_pb2, answer_pb2, catalogue_pb2
from praxis.report.v1 import report_pb2
from praxis_chassis.caller import Caller, may
from praxis_chassis.errors import InvalidInput
from praxis_report.domain.report_types import GRAINS, ReportType, Split
from praxis_report.domain.words import lowered, readable

Parameters = report_pb2.ReportParameters
_GRAINS = {name: answer_pb2.Grain.Value(f"GRAIN_{name.upper()}") for name in GRAINS}
_CUSTOM_ROWS = 1000
_GROUPS = 2000  # more of them are not added up


class Catalogue:
    """What can be asked, by id."""

    def __init__(self, message: catalogue_pb2.MetricCatalogue) -> None:
        self.metrics = {metric.id: metric for metric in message.metrics}
        self.dimensions = {dimension.id: dimension for dimension in message.dimensions}

    def splits(self, metric_id: str, by: str) -> bool:
        """Whether a metric can be split by a grain or dimension."""
        metric = self.metrics[metric_id]
        return metric.by_time if by in GRAINS else by in metric.dimensions

    def permission(self, metric_id: str) -> str:
        """What seeing a metric takes, by its name in the contract."""
        return f"PERMISSION_{self.metrics[metric_id].permission.upper()}"

    def label(self, by: str) -> str:
        """What people call a grain or dimension."""
        known = self.dimensions.get(by)
        return known.label if known else by.capitalize()

    def value(self, by: str, key: str, label: str = "") -> str:
        """What people call one value of a dimension."""
        if not key:
            return f"No {lowered(self.label(by))}"
        known = self.dimensions.get(by)
        names = {value.key: value.label for value in known.values} if known else {}
        return readable(by, label or names.get(key, key))


@dataclass(frozen=True)
class Asked:
    """One question: metrics, split by what, in which order, how many groups or rows of them."""

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    compare: bool = False
    limit: int = 0
    descending: bool = False
    rows: int = 0


@dataclass(frozen=True)
class Plan:
    """What a run asks: headline figures, the main table with its totals, and the other splits.

    `wholes` are the figures of no split that splits into many groups are part of.
    """

    kind: ReportType
    cards: Asked | None
    main: Asked | None
    totals: Asked | None
    splits: tuple[tuple[Split, Asked], ...]
    wholes: tuple[Asked, ...]
    sparklines: tuple[tuple[Split, Asked], ...]
    left_out: tuple[str, ...] = field(default=())

    @property
    def questions(self) -> tuple[Asked, ...]:
        """Every question once, in the order they are asked."""
        fixed = (self.cards, self.main, self.totals)
        more = (asked for _, asked in (*self.splits, *self.sparklines))
        every = (*fixed, *more, *self.wholes)
        return tuple(dict.fromkeys(one for one in every if one is not None))


def groupings_of(kind: ReportType, parameters: Parameters) -> tuple[str, ...]:
    """How the main table is grouped; without a choice, as its type says."""
    if kind.name == "custom":
        return tuple(parameters.group_by)
    return (parameters.group_by[0],) if parameters.group_by else kind.groupings[:1]


def filters_of(parameters: Parameters) -> list[tuple[str, list[str]]]:
    """Dimension and accepted values. Raises: InvalidInput for anything but text."""
    found = []
    for name, value in json_format.MessageToDict(parameters.filters).items():
        values = value if isinstance(value, list) else [value]
        if not values or not all(isinstance(item, str) for item in values):
            raise InvalidInput.of(f"parameters.filters.{name}", "takes a text or a list of texts")
        found.append((name, values))
    return sorted(found)


def filterable(kind: ReportType, catalogue: Catalogue) -> list[str]:
    """The dimensions that a type's figures can be filtered by."""
    metrics = kind.columns or kind.cards
    return [
        one
        for one in catalogue.dimensions
        if kind.name == "custom" or any(catalogue.splits(metric, one) for metric in metrics)
    ]


def tailored(kind: ReportType, parameters: Parameters) -> ReportType:
    """The type as it is asked for: a custom report takes its figures from its parameters."""
    if kind.name != "custom" or parameters.HasField("sql"):
        return kind
    metrics = tuple(parameters.metrics)
    groupings = tuple(parameters.group_by) or ("month",)
    return replace(kind, cards=metrics, columns=metrics, marks=metrics[:1], groupings=groupings)


def columns_of(kind: ReportType, parameters: Parameters) -> tuple[str, ...] | None:
    """The columns that a main table can have; None where only the database knows them."""
    if parameters.HasField("sql"):
        return None
    kind = tailored(kind, parameters)
    more = (f"group_{place}" for place in range(2, len(groupings_of(kind, parameters)) + 1))
    return ("group", *more, *kind.columns)


def plan(kind: ReportType, parameters: Parameters, catalogue: Catalogue, caller: Caller) -> Plan:
    """The questions of a run, for what its caller may see."""
    kind = tailored(kind, parameters)
    filters = [name for name, _ in filters_of(parameters)]
    by = groupings_of(kind, parameters)
    lost: dict[str, None] = {}

    def fitting(metrics: Iterable[str], *splits: str) -> tuple[str, ...]:
        found = tuple(m for m in metrics if _fits(catalogue, caller, m, (*filters, *splits)))
        lost.update(dict.fromkeys(m for m in metrics if m not in found))
        return found

    cards, columns = fitting(kind.cards), fitting(kind.columns, *by)
    splits, sparklines = [], []
    for split in kind.more:
        if split.by in by and not split.across and not split.sparkline:
            continue  # the main table shows it
        across = (split.across,) if split.across else ()
        metrics = fitting(split.metrics, split.by, *across)
        if not metrics:
            continue
        # All groups, so that those that are not shown are counted together.
        most = _GROUPS if split.limit else 0
        asked = Asked(metrics, (split.by, *across), descending=bool(most), rows=most)
        splits.append((split, asked))
        if split.sparkline and catalogue.splits(metrics[0], "month"):
            course = Asked(metrics[:1], (split.by, "month"))
            sparklines.append((split, course))
    groups = any(one not in GRAINS for one in by)
    custom = _CUSTOM_ROWS if kind.name == "custom" and groups else 0
    return Plan(
        kind,
        Asked(cards, compare=True) if cards else None,
        Asked(columns, by, limit=custom) if columns else None,
        Asked(columns) if columns else None,
        tuple(splits),
        tuple(Asked(asked.metrics) for split, asked in splits if split.limit),
        tuple(sparklines),
        tuple(catalogue.metrics[name].label for name in lost if name in catalogue.metrics),
    )


def _fits(catalogue: Catalogue, caller: Caller, metric: str, splits: Sequence[str]) -> bool:
    if metric not in catalogue.metrics or not may(caller, catalogue.permission(metric)):
        return False
    return all(catalogue.splits(metric, one) for one in splits)


def ask_request(
    planned: Plan, parameters: Parameters, period: answer_pb2.Period
) -> analytics_service_pb2.AskRequest:
    """The questions as analytics takes them."""
    request = analytics_service_pb2.AskRequest()
    if parameters.HasField("revision"):
        request.revision = parameters.revision
    if parameters.HasField("today"):
        request.today = parameters.today
    filters = filters_of(parameters)
    for asked in planned.questions:
        question = request.questions.add(**_question(asked))
        question.period.CopyFrom(period)
        for name, values in filters:
            question.filters.add(dimension=name, values=values)
    return request


def _question(asked: Asked) -> dict[str, Any]:
    grains = [one for one in asked.by if one in GRAINS]
    message: dict[str, Any] = {
        "metrics": asked.metrics,
        "compare": asked.compare,
        "dimensions": [one for one in asked.by if one not in GRAINS],
        "limit": asked.limit,
        "page_size": asked.rows,
    }
    if grains:
        message["grain"] = _GRAINS[grains[0]]
    if asked.descending:
        message["order"] = answer_pb2.Order(by=asked.metrics[0], descending=True)
    return message
