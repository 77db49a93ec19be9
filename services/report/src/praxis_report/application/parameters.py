"""What a run's parameters mean: checked, merged, asked, and fixed once they are resolved."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from google.protobuf import json_format

from praxis.analytics.v1 import analytics_service_pb2, answer_pb2
from praxis.report.v1 import report_pb2
from praxis_chassis.caller import current, demand
from praxis_chassis.errors import InvalidInput, OutOfRange, Violation
from praxis_report.application.analytics import Analytics
from praxis_report.domain.report_types import GRAINS, PAYER_CLASSES, ReportType

DEFAULT_GROUPING = "month"
_DAYS_MOST = 1100
_VALUES_MOST = 100
_GRAINS = {
    "day": answer_pb2.GRAIN_DAY,
    "week": answer_pb2.GRAIN_WEEK,
    "month": answer_pb2.GRAIN_MONTH,
    "quarter": answer_pb2.GRAIN_QUARTER,
}
Parameters = report_pb2.ReportParameters


def grouping_of(parameters: Parameters) -> str:
    """How the main table is grouped."""
    return parameters.group_by[0] if parameters.group_by else DEFAULT_GROUPING


def filters_of(parameters: Parameters) -> list[tuple[str, list[str]]]:
    """Dimension and accepted values. Raises: InvalidInput for anything but text."""
    found = []
    for name, value in json_format.MessageToDict(parameters.filters).items():
        values = value if isinstance(value, list) else [value]
        if not values or not all(isinstance(item, str) for item in values):
            raise InvalidInput.of(f"parameters.filters.{name}", "takes a text or a list of texts")
        found.append((name, values))
    return sorted(found)


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
    _check_form(kind, parameters)
    try:
        resolved = await analytics.resolve(period_of(parameters))
    except InvalidInput as error:
        violations = [Violation(f"parameters.{v.field}", v.description) for v in error.violations]
        raise InvalidInput(f"parameters.{error.message}", violations) from error
    days = (_day("end_date", resolved.end_date) - _day("start_date", resolved.start_date)).days + 1
    if grouping_of(parameters) == "day" and days > _DAYS_MOST:
        raise InvalidInput.of("parameters.group_by[0]", "days work up to three years; take weeks")
    # ISO dates sort as text.
    if parameters.HasField("today") and parameters.today > resolved.today:
        text = f"is after the practice's today, {resolved.today}"
        raise InvalidInput.of("parameters.today", text)
    if parameters.HasField("revision"):
        newest = await analytics.newest_revision()
        if parameters.revision > newest:
            raise OutOfRange.of("parameters.revision", f"the newest is {newest}")


def _check_form(kind: ReportType, parameters: Parameters) -> None:
    grouping = grouping_of(parameters)
    if grouping not in kind.groupings:
        options = ", ".join(kind.groupings)
        raise InvalidInput.of("parameters.group_by[0]", f"{grouping!r}; it takes {options}")
    for name, values in filters_of(parameters):
        _check_filter(kind, name, values)
    if parameters.phi_level > report_pb2.PHI_LEVEL_AGGREGATE:
        raise InvalidInput.of("parameters.phi_level", "this report is aggregate only")
    if parameters.HasField("today"):
        _day("today", parameters.today)


def _check_filter(kind: ReportType, name: str, values: list[str]) -> None:
    field = f"parameters.filters.{name}"
    if name not in kind.filters:
        raise InvalidInput.of(field, f"is not known; {', '.join(kind.filters)} are")
    if len(values) > _VALUES_MOST:
        raise InvalidInput.of(field, f"takes at most {_VALUES_MOST} values")
    for value in values:
        # Empty text stands for facts without one.
        if name == "payer_class" and value not in ("", *PAYER_CLASSES):
            raise InvalidInput.of(field, f"{value[:40]!r} is not one of {', '.join(PAYER_CLASSES)}")
        if name == "provider" and value and not _is_id(value):
            raise InvalidInput.of(field, f"{value[:40]!r} is no id")


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput.of(f"parameters.{field}", f"{text!r} is no calendar date") from None


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
    result.MergeFrom(given)
    return result


def ask_request(kind: ReportType, parameters: Parameters) -> analytics_service_pb2.AskRequest:
    """Headline figures, the main table's rows and totals, and the mix, at one revision."""
    grouping = grouping_of(parameters)
    request = analytics_service_pb2.AskRequest()
    if parameters.HasField("revision"):
        request.revision = parameters.revision
    if parameters.HasField("today"):
        request.today = parameters.today
    cards = kind.cards_under(name for name, _ in filters_of(parameters))
    _add(request, cards, parameters, compare=True)
    _add(request, kind.columns, parameters, grouping=grouping)
    _add(request, kind.columns, parameters)
    if grouping in GRAINS and kind.mix:
        _add(request, kind.columns, parameters, grouping=kind.mix)
    return request


def _add(
    request: analytics_service_pb2.AskRequest,
    metrics: Iterable[str],
    parameters: Parameters,
    *,
    grouping: str = "",
    compare: bool = False,
) -> None:
    question = request.questions.add(metrics=metrics, compare=compare)
    question.period.CopyFrom(period_of(parameters))
    if grouping in GRAINS:
        question.grain = _GRAINS[grouping]
    elif grouping:
        question.dimension = grouping
    for name, values in filters_of(parameters):
        question.filters.add(dimension=name, values=values)


def resolved(parameters: Parameters, answer: answer_pb2.Answer) -> Parameters:
    """The parameters with every date fixed: what a rerun needs to be the same."""
    fixed = Parameters()
    fixed.CopyFrom(parameters)
    fixed.ClearField("relative_range")
    fixed.ClearField("compare_to")
    fixed.start_date, fixed.end_date = answer.start_date, answer.end_date
    fixed.comparison_start_date = answer.comparison_start_date
    fixed.comparison_end_date = answer.comparison_end_date
    fixed.revision, fixed.today = answer.as_of.revision, answer.today
    fixed.phi_level = report_pb2.PHI_LEVEL_AGGREGATE
    fixed.ClearField("group_by")
    fixed.group_by.append(grouping_of(parameters))
    return fixed
