"""What the types of reports say and take, made from their declarations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from praxis.report.v1 import report_pb2
from praxis.report.v1.report_type_pb2 import ReportTypeInfo
from praxis.report.v1.report_type_pb2 import ReportTypeParameter as Parameter
from praxis.report.v1.report_type_pb2 import ReportTypeSection as Section
from praxis_chassis.caller import current, may
from praxis_report.application.analytics import Analytics
from praxis_report.application.codes import format_number, type_number
from praxis_report.application.plans import Catalogue, filterable
from praxis_report.application.work import TITLES
from praxis_report.domain.report_types import GRAINS, REPORT_TYPES, SQL, ReportType, Split
from praxis_report.domain.words import lowered
from praxis_report.rendering import RENDERERS

_UNITS = ("week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year")
RANGES = (
    *("today", "yesterday"),
    *(f"{which}_{unit}" for unit in _UNITS for which in ("this", "previous")),
    *(f"{unit}_to_date" for unit in ("month", "quarter", "year", "fiscal_year")),
    "last_N_days",
)
_PERIOD: tuple[dict[str, Any], ...] = (
    {"name": "start_date", "type": "date", "description": "First day, with end_date."},
    {"name": "end_date", "type": "date", "description": "Last day, inclusive."},
    {
        "name": "relative_range",
        "type": "choice",
        "description": "Days relative to that of the run, in place of dates; N is 1 to 3650.",
        "default": "previous_month",
        "values": RANGES,
    },
    {
        "name": "comparison_start_date",
        "type": "date",
        "description": "First day to compare with, with comparison_end_date.",
    },
    {"name": "comparison_end_date", "type": "date", "description": "Last day to compare with."},
    {
        "name": "compare_to",
        "type": "choice",
        "description": "What the period is compared with, in place of dates.",
        "default": "previous_period",
        "values": ("previous_period", "same_period_last_year"),
    },
    {
        "name": "include_charts",
        "type": "boolean",
        "description": "Whether there are pictures beside the figures.",
        "default": "true",
    },
)


async def list_types(analytics: Analytics) -> list[ReportTypeInfo]:
    """Every type, with what the current caller may see. Raises: what analytics answers."""
    catalogue, caller = await analytics.catalogue(), current().caller
    return [
        ReportTypeInfo(
            report_type=type_number(kind.name),
            title=kind.title,
            description=kind.question,
            sections=_sections(kind, catalogue),
            parameters=_parameters(kind, catalogue),
            formats=map(format_number, RENDERERS),
            phi_levels=_levels(kind),
            permission=kind.permission.removeprefix("PERMISSION_").lower(),
            is_allowed=may(caller, kind.permission),
        )
        for kind in REPORT_TYPES.values()
    ]


def _sections(kind: ReportType, catalogue: Catalogue) -> Iterator[Section]:
    """The parts of a report as long as parameters do not change them, in their order."""
    by = kind.groupings[:1]
    chosen = kind.name == "custom"
    if kind.cards or chosen:
        yield Section(kind="cards", title="Summary", metrics=kind.cards)
    if kind.measures:
        yield Section(kind="measures", title="Measures", group_by=by)
    if kind.columns or chosen:
        yield Section(kind="chart", title="", metrics=kind.marks, group_by=by)
        yield Section(kind="table", title=_by(catalogue, by), metrics=kind.columns, group_by=by)
    for split in kind.more:
        yield from _split(split, catalogue)
    if kind.work:
        yield Section(kind="work_list", title=TITLES[kind.work])
    yield Section(kind="notes", title="Definitions")


def _split(split: Split, catalogue: Catalogue) -> Iterator[Section]:
    by = tuple(filter(None, (split.by, split.across)))
    title = split.title or _by(catalogue, by)
    if split.chart:
        yield Section(kind="chart", title=title, metrics=split.drawn, group_by=by)
    if split.table:
        yield Section(kind="table", title=title, metrics=split.metrics, group_by=by)


def _by(catalogue: Catalogue, by: Sequence[str]) -> str:
    return f"By {' and '.join(lowered(catalogue.label(one)) for one in by)}"


def _parameters(kind: ReportType, catalogue: Catalogue) -> Iterator[Parameter]:
    for one in _PERIOD:
        yield Parameter(**one)
    able = filterable(kind, catalogue)
    if able:
        yield Parameter(
            name="filters",
            type="filters",
            description="Dimension and the values that are counted.",
            values=able,
        )
    yield from _custom(catalogue) if kind.name == "custom" else _grouping(kind)
    if kind.name == "custom" and may(current().caller, SQL):
        yield Parameter(
            name="sql",
            type="sql",
            description="One SELECT over the views without identifiers, in place of metrics.",
        )
    if kind.work:
        levels = (report_pb2.PhiLevel.Name(level) for level in _levels(kind))
        yield Parameter(
            name="phi_level",
            type="choice",
            description="How much the file may say about single persons.",
            default="aggregate",
            values=(level.removeprefix("PHI_LEVEL_").lower() for level in levels),
        )
        yield Parameter(
            name="purpose",
            type="text",
            description="Why rows about patients are needed; required where there are any.",
        )


def _grouping(kind: ReportType) -> Iterator[Parameter]:
    if kind.columns:
        yield Parameter(
            name="group_by",
            type="choice",
            description="What the main table is split by.",
            default=kind.groupings[0],
            values=kind.groupings,
            is_list=True,
        )


def _custom(catalogue: Catalogue) -> Iterator[Parameter]:
    yield Parameter(
        name="metrics",
        type="choice",
        description="The figures to show; required without sql.",
        values=catalogue.metrics,
        is_list=True,
    )
    yield Parameter(
        name="group_by",
        type="choice",
        description="What they are split by: up to three, one of them a period of time.",
        values=(*GRAINS, *catalogue.dimensions),
        is_list=True,
    )


def _levels(kind: ReportType) -> list[report_pb2.PhiLevel]:
    every = [
        report_pb2.PHI_LEVEL_AGGREGATE,
        report_pb2.PHI_LEVEL_LIMITED,
        report_pb2.PHI_LEVEL_IDENTIFIED,
    ]
    return every if kind.work else every[:1]
