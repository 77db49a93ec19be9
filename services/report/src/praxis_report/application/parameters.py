"""What a run's parameters mean: checked, merged, asked, and fixed once they are resolved."""

from __future__ import annotations

import difflib
import uuid
from collections.abc import Sequence
from datetime import date

from praxis.analytics.v1 import answer_pb2
from praxis.report.v1 import report_pb2
from praxis_chassis.caller import current, demand
from praxis_chassis.errors import InvalidInput, OutOfRange, Violation
from praxis_report.application.analytics import Analytics
from praxis_report.application.plans import Catalogue, filterable, filters_of, groupings_of
from praxis_report.domain.report_types import GRAINS, PATIENTS, SQL, ReportType

_DAYS_MOST = 1100
_VALUES_MOST = 100
_YEARS = (1900, 2199)
Parameters = report_pb2.ReportParameters


def period_of(parameters: Parameters) -> answer_pb2.Period:
    """The period to ask for; without any dates, the previous month."""
    period = answer_pb2.Period()
    for field in period.DESCRIPTOR.fields_by_name:
        if parameters.HasField(field):
            setattr(period, field, getattr(parameters, field))
    if not (period.start_date or period.end_date or period.relative_range):
        period.relative_range = "previous_month"
    return period


async def check_parameters(kind: ReportType, parameters: Parameters, analytics: Analytics) -> None:
    """What would fail when it runs is refused before it is queued.

    Raises: InvalidInput, OutOfRange naming the parameter; Forbidden when the type's figures are
    not the caller's to see.
    """
    demand(current().caller, kind.permission)
    catalogue = await analytics.catalogue()
    _check_form(kind, parameters, catalogue)
    if parameters.HasField("sql"):
        await analytics.check_sql(parameters.sql)
    try:
        resolved = await analytics.resolve(period_of(parameters))
    except InvalidInput as error:
        violations = [Violation(f"parameters.{v.field}", v.description) for v in error.violations]
        raise InvalidInput(f"parameters.{error.message}", violations) from error
    _check_comparison(parameters, resolved)
    days = (_day("end_date", resolved.end_date) - _day("start_date", resolved.start_date)).days + 1
    if "day" in groupings_of(kind, parameters) and days > _DAYS_MOST:
        raise InvalidInput.of("parameters.group_by[0]", "days work up to three years; take weeks")
    # ISO dates sort as text.
    if parameters.HasField("today") and parameters.today > resolved.today:
        text = f"is after the practice's today, {resolved.today}"
        raise InvalidInput.of("parameters.today", text)
    if parameters.HasField("revision"):
        newest = await analytics.newest_revision()
        if parameters.revision > newest:
            raise OutOfRange.of("parameters.revision", f"the newest is {newest}")


def _check_form(kind: ReportType, parameters: Parameters, catalogue: Catalogue) -> None:
    if kind.name == "custom":
        _check_custom(parameters, catalogue)
    else:
        _check_choice(kind, parameters)
    for name, values in filters_of(parameters):
        _check_filter(kind, name, values, catalogue)
    _check_privacy(kind, parameters)
    if parameters.HasField("today"):
        _day("today", parameters.today)


def _check_privacy(kind: ReportType, parameters: Parameters) -> None:
    """Rows about patients are for those who may see them, where a type has a list, and a reason."""
    if parameters.phi_level <= report_pb2.PHI_LEVEL_AGGREGATE:
        return
    if not kind.work:
        raise InvalidInput.of("parameters.phi_level", "this report is aggregate only")
    demand(current().caller, PATIENTS)
    if not parameters.purpose:
        raise InvalidInput.of("parameters.purpose", "say why rows about patients are needed")


def _check_choice(kind: ReportType, parameters: Parameters) -> None:
    """A type of report takes one of its groupings, and its own figures."""
    if len(parameters.group_by) > 1:
        raise InvalidInput.of("parameters.group_by", "takes one; a custom report takes three")
    for grouping in parameters.group_by:
        if grouping not in kind.groupings:
            options = ", ".join(kind.groupings)
            raise InvalidInput.of("parameters.group_by[0]", f"{grouping!r}; it takes {options}")
    for name in ("metrics", "sql"):
        if name in {field.name for field, _ in parameters.ListFields()}:
            raise InvalidInput.of(f"parameters.{name}", "is for custom reports")


def _check_custom(parameters: Parameters, catalogue: Catalogue) -> None:
    """A custom report asks for metrics of the catalogue, or runs SQL."""
    if parameters.HasField("sql"):
        demand(current().caller, SQL)
        if parameters.metrics or parameters.group_by or filters_of(parameters):
            text = "stands alone: without metrics, group_by and filters"
            raise InvalidInput.of("parameters.sql", text)
        return
    if not parameters.metrics:
        raise InvalidInput.of("parameters.metrics", "name at least one metric, or give sql")
    if len([one for one in parameters.group_by if one in GRAINS]) > 1:
        raise InvalidInput.of("parameters.group_by", "takes one of day, week, month and quarter")
    for index, metric in enumerate(parameters.metrics):
        if metric not in catalogue.metrics:
            near = ", ".join(difflib.get_close_matches(metric, catalogue.metrics, cutoff=0.4))
            raise InvalidInput.of(
                f"parameters.metrics[{index}]",
                f"{metric!r} is not known; near are {near or 'none'}",
            )
        demand(current().caller, catalogue.permission(metric))
    for index, by in enumerate(parameters.group_by):
        unable = [one for one in parameters.metrics if not catalogue.splits(one, by)]
        if unable:
            text = f"{unable[0]} cannot be split by {by!r}"
            raise InvalidInput.of(f"parameters.group_by[{index}]", text)


def _check_filter(kind: ReportType, name: str, values: list[str], catalogue: Catalogue) -> None:
    field = f"parameters.filters.{name}"
    able = filterable(kind, catalogue)
    if name not in able:
        raise InvalidInput.of(field, f"is not known; {', '.join(able)} are")
    if len(values) > _VALUES_MOST:
        raise InvalidInput.of(field, f"takes at most {_VALUES_MOST} values")
    known = [value.key for value in catalogue.dimensions[name].values]
    for value in values:
        # Empty text stands for facts without one.
        if value and known and value not in known:
            raise InvalidInput.of(field, f"{value[:40]!r} is not one of {', '.join(known)}")
        if name in _BY_ID and value and not _is_id(value):
            raise InvalidInput.of(field, f"{value[:40]!r} is no id")


_BY_ID = ("provider", "location", "payer", "user")


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _day(field: str, text: str) -> date:
    """A date in the years that questions can be about. Raises: InvalidInput."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput.of(f"parameters.{field}", f"{text!r} is no calendar date") from None
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise InvalidInput.of(f"parameters.{field}", "is not in the years {} to {}".format(*_YEARS))
    return day


def _check_comparison(parameters: Parameters, resolved: answer_pb2.ResolvedPeriod) -> None:
    """What the period is compared with, if not told, is worked out from the period: it is too
    early where that is."""
    given = parameters.HasField("comparison_start_date")
    for name in ("comparison_start_date", "comparison_end_date"):
        day = getattr(resolved, name)
        if day and not str(_YEARS[0]) <= day[:4] <= str(_YEARS[1]):
            field = name if given else "start_date"
            raise InvalidInput.of(
                f"parameters.{field}", f"it would be compared with {day}, which is out of range"
            )


def merged(defaults: Parameters, given: Parameters) -> Parameters:
    """The report's parameters with those of a run in place of the same names.

    Dates replace a relative range and the other way round; so do the two forms of comparison.
    """
    result = Parameters()
    result.CopyFrom(defaults)
    if given.HasField("relative_range"):
        result.ClearField("start_date")
        result.ClearField("end_date")
    if given.HasField("start_date") or given.HasField("end_date"):
        result.ClearField("relative_range")
    if given.HasField("compare_to"):
        result.ClearField("comparison_start_date")
        result.ClearField("comparison_end_date")
    if given.HasField("comparison_start_date") or given.HasField("comparison_end_date"):
        result.ClearField("compare_to")
    if given.group_by:
        result.ClearField("group_by")
    if given.HasField("filters"):
        result.ClearField("filters")
    if given.metrics or given.HasField("sql"):
        result.ClearField("metrics")
        result.ClearField("sql")
    result.MergeFrom(given)
    return result


def resolved(
    parameters: Parameters, period: answer_pb2.ResolvedPeriod, revision: int, by: Sequence[str]
) -> Parameters:
    """The parameters with every date fixed: what a rerun needs to be the same."""
    fixed = Parameters()
    fixed.CopyFrom(parameters)
    fixed.ClearField("relative_range")
    fixed.ClearField("compare_to")
    fixed.start_date, fixed.end_date = period.start_date, period.end_date
    fixed.comparison_start_date = period.comparison_start_date
    fixed.comparison_end_date = period.comparison_end_date
    fixed.revision, fixed.today = revision, period.today
    fixed.phi_level = max(parameters.phi_level, report_pb2.PHI_LEVEL_AGGREGATE)
    fixed.ClearField("group_by")
    fixed.group_by.extend(by)
    return fixed
