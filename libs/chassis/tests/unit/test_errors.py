"""Errors keep their kind on the way from one process to another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2

from praxis.type.v1 import error_pb2
from praxis_chassis import errors
from praxis_chassis.errors import Error, Violation, from_rpc, to_trailers


def _kinds(kind: type[Error] = Error) -> Iterator[type[Error]]:
    if kind.__module__ == errors.__name__:
        yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)


KINDS = list(_kinds())
VALUES = error_pb2.ErrorReason.DESCRIPTOR.values
ROOT = Path(__file__).parents[4]
# A reason's comment begins with its gRPC status.
_COMMENT = r"// ([A-Z_]+): (?:(?!ERROR_REASON_)[\s\S])*ERROR_REASON_{} = "


def _failed(
    code: grpc.StatusCode, trailers: tuple[tuple[str, bytes], ...] = (), details: str = ""
) -> grpc.aio.AioRpcError:
    metadata = grpc.aio.Metadata(*trailers)
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), metadata, details)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_round_trip(kind: type[Error]) -> None:
    sent = kind("es fehlt · 数", [Violation("period.end_date", "is before"), Violation("x", "")])
    got = from_rpc(_failed(sent.code, to_trailers(sent), sent.message))
    assert type(got) is kind
    assert (got.message, got.violations) == (sent.message, sent.violations)
    assert (got.code, got.reason) == (kind.code, kind.reason)


def test_reasons_are_those_of_the_contract() -> None:
    contract = {value.name.removeprefix("ERROR_REASON_") for value in VALUES}
    assert {kind.reason for kind in KINDS} == contract - {"UNSPECIFIED"}
    assert len({kind.reason for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_status_is_the_one_the_contract_names(kind: type[Error]) -> None:
    contract = (ROOT / "protos/praxis/type/v1/error.proto").read_text()
    told = re.search(_COMMENT.format(kind.reason), contract)
    assert told is not None
    assert told[1] == kind.code.name


def test_the_tree_at_the_top_shows_every_kind() -> None:
    drawn = re.findall(r"─ (\w+)", errors.__doc__ or "")
    assert sorted(drawn) == sorted(kind.__name__ for kind in KINDS if kind is not Error)


@pytest.mark.parametrize(
    ("code", "details", "kind"),
    [
        (grpc.StatusCode.UNAVAILABLE, "failed to connect", errors.DependencyDown),
        (grpc.StatusCode.CANCELLED, "", errors.DependencyDown),
        (grpc.StatusCode.DEADLINE_EXCEEDED, "", errors.TooSlow),
        (grpc.StatusCode.UNAUTHENTICATED, "", errors.NotAuthenticated),
        (grpc.StatusCode.UNIMPLEMENTED, "", errors.NotBuilt),
        (
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            "Concurrent RPC limit exceeded!",
            errors.LimitExceeded,
        ),
        (
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            "CLIENT: Received message larger than max (5000000 vs. 4194304)",
            errors.TooLarge,
        ),
        (grpc.StatusCode.UNKNOWN, "ValueError: Jane Doe", Error),
        (grpc.StatusCode.INTERNAL, "ValueError: Jane Doe", Error),
    ],
)
def test_answers_without_our_details(
    code: grpc.StatusCode, details: str, kind: type[Error]
) -> None:
    got = from_rpc(_failed(code, (), details))
    assert type(got) is kind
    # What another library says is not passed on.
    assert details == "" or details not in got.message
    assert got.message


def test_a_reason_of_a_newer_process_falls_back_to_its_status() -> None:
    status = status_pb2.Status(code=grpc.StatusCode.NOT_FOUND.value[0], message="no such thing")
    packed = any_pb2.Any()
    packed.Pack(error_details_pb2.ErrorInfo(reason="MOVED_AWAY", domain="praxis"))
    status.details.append(packed)
    trailers = (("grpc-status-details-bin", status.SerializeToString()),)
    got = from_rpc(_failed(grpc.StatusCode.NOT_FOUND, trailers))
    assert (type(got), got.message) == (errors.NotFound, "no such thing")


def test_many_and_long_violations_fit_into_a_trailer() -> None:
    many = [Violation("field" * 500, "text" * 500) for _ in range(1000)]
    trailers = to_trailers(errors.InvalidInput("m" * 100_000, many))
    assert sum(len(value) for _, value in trailers) < 6_000
    got = from_rpc(_failed(grpc.StatusCode.INVALID_ARGUMENT, trailers))
    assert len(got.violations) == 10
    assert got.message.endswith("…")


def test_a_field_error_names_its_field() -> None:
    error = errors.InvalidInput.of("end_date", "is before start_date")
    assert error.message == "end_date: is before start_date"
    assert error.violations == (Violation("end_date", "is before start_date"),)
    assert isinstance(errors.OutOfRange.of("revision", "is too new"), errors.OutOfRange)
