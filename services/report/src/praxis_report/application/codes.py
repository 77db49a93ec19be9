"""Values of the contract as they are stored: enum values in lower case, parameters as JSON."""

from __future__ import annotations

from typing import Any

from google.protobuf import json_format

from praxis.report.v1 import report_pb2


def name_of(enum: Any, prefix: str, number: int) -> str:
    """`payer_mix` for PREFIX_PAYER_MIX: how an enum value is stored."""
    return str(enum.Name(number)).removeprefix(prefix).lower()


def type_name(number: int) -> str:
    """A report type as it is stored."""
    return name_of(report_pb2.ReportType, "REPORT_TYPE_", number)


def format_name(number: int) -> str:
    """A format as it is stored."""
    return name_of(report_pb2.ReportFormat, "REPORT_FORMAT_", number)


def type_number(name: str) -> Any:
    """The report type that is stored by a name."""
    return report_pb2.ReportType.Value(f"REPORT_TYPE_{name.upper()}")


def format_number(name: str) -> Any:
    """The format that is stored by a name."""
    return report_pb2.ReportFormat.Value(f"REPORT_FORMAT_{name.upper()}")


def status_name(number: int) -> str:
    """A status as it is stored."""
    return name_of(report_pb2.ReportStatus, "REPORT_STATUS_", number)


def parameters_to_json(parameters: report_pb2.ReportParameters) -> dict[str, Any]:
    """Parameters as they are stored."""
    stored: dict[str, Any] = json_format.MessageToDict(parameters, preserving_proto_field_name=True)
    return stored


def parameters_from_json(stored: dict[str, Any]) -> report_pb2.ReportParameters:
    """Parameters as they were stored."""
    return json_format.ParseDict(stored, report_pb2.ReportParameters())
