"""A report's parameters and those of one run of it."""

from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct

from praxis.report.v1 import report_pb2
from praxis_report.application.parameters import ask_request, merged, period_of
from praxis_report.domain.report_types import REVENUE

Parameters = report_pb2.ReportParameters


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


def test_a_filter_leaves_out_what_it_cannot_narrow() -> None:
    everything = ask_request(REVENUE, Parameters())
    assert tuple(everything.questions[0].metrics) == REVENUE.cards
    narrowed = ask_request(REVENUE, Parameters(filters=struct(payer_class="medicare")))
    assert set(REVENUE.cards) - set(narrowed.questions[0].metrics) == {
        "average_revenue_per_patient"
    }
    for question in narrowed.questions:
        assert [(one.dimension, list(one.values)) for one in question.filters] == [
            ("payer_class", ["medicare"])
        ]


def test_names_are_not_split_a_second_time() -> None:
    by_month = ask_request(REVENUE, Parameters(group_by=["month"]))
    by_provider = ask_request(REVENUE, Parameters(group_by=["provider"]))
    assert [question.dimension for question in by_month.questions] == ["", "", "", "payer_class"]
    assert [question.dimension for question in by_provider.questions] == ["", "provider", ""]
