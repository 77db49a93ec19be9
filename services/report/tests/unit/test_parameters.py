"""A report's parameters and those of one run of it."""

import uuid
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct

from praxis.analytics.v1 import answer_pb2, catalogue_pb2
from praxis.report.v1 import report_pb2
from praxis_chassis.caller import Caller
from praxis_report.application.parameters import merged, period_of
from praxis_report.application.plans import Catalogue, ask_request, plan
from praxis_report.domain.report_types import REPORT_TYPES, ReportType

Parameters = report_pb2.ReportParameters


REVENUE = REPORT_TYPES["revenue"]


def struct(**values: Any) -> Struct:
    made = Struct()
    made.update(values)
    return made


@pytest.mark.parametrize(
    ("defaults", "given", "result"),
    [
        ({"relative_range": "today"}, {}, {"relative_range": "today"}),
        (
            {"start_date": "2025-01-01", "end_date": "2025-01-31"},
            {"relative_range": "this_year"},
            {"relative_range": "this_year"},
        ),
        (
            {"relative_range": "this_year", "group_by": ["provider"]},
            {"start_date": "2025-01-01", "end_date": "2025-01-31"},
            {"start_date": "2025-01-01", "end_date": "2025-01-31", "group_by": ["provider"]},
        ),
        (
            {"comparison_start_date": "2024-01-01", "comparison_end_date": "2024-01-31"},
            {"compare_to": "previous_period"},
            {"compare_to": "previous_period"},
        ),
        (
            {"compare_to": "previous_period"},
            {"comparison_start_date": "2024-01-01", "comparison_end_date": "2024-01-31"},
            {"comparison_start_date": "2024-01-01", "comparison_end_date": "2024-01-31"},
        ),
        ({"group_by": ["month"]}, {"group_by": ["day"]}, {"group_by": ["day"]}),
        (
            {"filters": struct(payer_class="medicare", provider="x")},
            {"filters": struct(payer_class="dual")},
            {"filters": struct(payer_class="dual")},
        ),
        ({"filters": struct(payer_class="medicare")}, {"filters": Struct()}, {"filters": Struct()}),
    ],
)
def test_a_run_replaces_what_it_names(
    defaults: dict[str, Any], given: dict[str, Any], result: dict[str, Any]
) -> None:
    assert merged(Parameters(**defaults), Parameters(**given)) == Parameters(**result)


def test_without_dates_the_previous_month_is_meant() -> None:
    assert period_of(Parameters()).relative_range == "previous_month"
    assert period_of(Parameters(start_date="2025-01-01")).relative_range == ""


OWNER = Caller(uuid.uuid4(), "ann", frozenset({"owner"}))
CLERK = Caller(uuid.uuid4(), "cy", frozenset({"front_desk"}))


def catalogue() -> Catalogue:
    """What the test's figures can be split by: all by payer class and month, some by provider."""
    metrics = {metric for kind in REPORT_TYPES.values() for metric in (*kind.cards, *kind.columns)}
    metrics |= {metric for kind in REPORT_TYPES.values() for s in kind.more for metric in s.metrics}
    splits = {one for kind in REPORT_TYPES.values() for one in kind.groupings}
    splits |= {one for kind in REPORT_TYPES.values() for s in kind.more for one in (s.by, s.across)}
    splits -= {""}
    message = catalogue_pb2.MetricCatalogue()
    for name in sorted(metrics):
        one = message.metrics.add(id=name, label=name, unit="money", by_time=True)
        one.permission = "read_financial" if "charges" in name else "read_operational"
        one.dimensions.extend(splits - ({"provider"} if name == "collection_rate" else set()))
    for name in sorted(splits):
        message.dimensions.add(id=name, label=name.capitalize())
    return Catalogue(message)


def test_a_filter_leaves_out_what_it_cannot_narrow() -> None:
    everything = plan(REVENUE, Parameters(), catalogue(), OWNER)
    assert everything.cards is not None
    assert everything.cards.metrics == REVENUE.cards
    assert everything.left_out == ()
    narrow = Parameters(filters=struct(provider=str(uuid.uuid4())))
    narrowed = plan(REVENUE, narrow, catalogue(), OWNER)
    assert narrowed.cards is not None
    assert set(REVENUE.cards) - set(narrowed.cards.metrics) == {"collection_rate"}
    assert narrowed.left_out == ("collection_rate",)
    for question in ask_request(narrowed, narrow, period_of(narrow)).questions:
        assert [one.dimension for one in question.filters] == ["provider"]
        assert "collection_rate" not in question.metrics


def test_what_a_role_may_not_see_is_not_asked() -> None:
    planned = plan(REVENUE, Parameters(), catalogue(), CLERK)
    asked = {metric for question in planned.questions for metric in question.metrics}
    assert asked
    assert not {metric for metric in asked if "charges" in metric}
    assert "total_charges" in planned.left_out


def test_names_are_not_split_a_second_time() -> None:
    for grouping in ("month", "provider", "payer_class"):
        planned = plan(REVENUE, Parameters(group_by=[grouping]), catalogue(), OWNER)
        by = [question.by for question in planned.questions if question.by]
        assert by.count((grouping,)) == 1
        assert len(planned.questions) <= 20


@pytest.mark.parametrize("kind", REPORT_TYPES.values(), ids=lambda kind: kind.name)
def test_every_type_asks_what_fits_in_one_request(kind: ReportType) -> None:
    for grouping in kind.groupings:
        planned = plan(kind, Parameters(group_by=[grouping]), catalogue(), OWNER)
        assert len(planned.questions) <= 20
        assert all(len(question.metrics) <= 50 for question in planned.questions)


def test_a_custom_report_is_what_its_parameters_say() -> None:
    given = Parameters(metrics=["visits", "wrvu"], group_by=["provider", "month"])
    planned = plan(REPORT_TYPES["custom"], given, catalogue(), OWNER)
    assert planned.main is not None
    assert (planned.main.metrics, planned.main.by) == (("visits", "wrvu"), ("provider", "month"))
    question = ask_request(planned, given, period_of(given)).questions[1]
    assert list(question.dimensions) == ["provider"]
    assert question.grain == answer_pb2.GRAIN_MONTH
