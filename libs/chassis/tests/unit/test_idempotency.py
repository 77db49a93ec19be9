from __future__ import annotations

import uuid
from typing import Any

import pytest

from praxis.analytics.v1 import answer_pb2
from praxis_chassis.errors import InvalidInput, KeyReused
from praxis_chassis.idempotency import birth, mark_replayed

PRACTICE = uuid.uuid4()
REQUEST = answer_pb2.DateRange(start_date="2026-01-01", end_date="2026-01-31")


def test_the_same_create_again_is_the_same_resource(enter_caller: Any) -> None:
    enter_caller(PRACTICE, key="k-1")
    first = birth("CreateReport", REQUEST)
    enter_caller(PRACTICE, key="k-1")
    again = birth("CreateReport", REQUEST)
    assert first == again
    again.check(first.request_hash)


def test_practice_user_method_and_key_tell_resources_apart(enter_caller: Any) -> None:
    ids = set()
    for practice_id, user_id, method, key in (
        (PRACTICE, "a", "M", "k"),
        (uuid.uuid4(), "a", "M", "k"),
        (PRACTICE, "b", "M", "k"),
        (PRACTICE, "a", "N", "k"),
        (PRACTICE, "a", "M", "l"),
        # Parts that would run into each other if simply joined.
        (PRACTICE, "a|M|k", "M", "l"),
        (PRACTICE, "a", "M", "k|M|l"),
    ):
        enter_caller(practice_id, user_id=user_id, key=key)
        ids.add(birth(method, REQUEST).id)
    assert len(ids) == 7


def test_another_request_under_the_same_key_is_refused(enter_caller: Any) -> None:
    enter_caller(PRACTICE, key="k-1")
    stored = birth("CreateReport", REQUEST).request_hash
    other = birth("CreateReport", answer_pb2.DateRange(start_date="2026-01-02"))
    with pytest.raises(KeyReused):
        other.check(stored)


def test_without_a_key_each_create_is_its_own(enter_caller: Any) -> None:
    enter_caller(PRACTICE)
    first, second = birth("CreateReport", REQUEST), birth("CreateReport", REQUEST)
    assert first.id != second.id
    assert first.id.version == 7


@pytest.mark.parametrize("key", ["a b", "tab\t", "ümlaut", "x" * 256, "nul\x00", "\x7f"])
def test_malformed_keys(enter_caller: Any, key: str) -> None:
    enter_caller(PRACTICE, key=key)
    with pytest.raises(InvalidInput) as caught:
        birth("CreateReport", REQUEST)
    assert caught.value.violations[0].field == "Idempotency-Key"


@pytest.mark.parametrize("key", ["!", "~" * 255, "a|b,c;d=e"])
def test_well_formed_keys(enter_caller: Any, key: str) -> None:
    enter_caller(PRACTICE, key=key)
    assert birth("CreateReport", REQUEST).id.version == 5


def test_a_replay_is_told() -> None:
    class Context:
        trailers: tuple[tuple[str, str], ...] = ()

        def set_trailing_metadata(self, trailers: tuple[tuple[str, str], ...]) -> None:
            self.trailers = trailers

    context = Context()
    mark_replayed(context)
    assert context.trailers == (("idempotency-replayed", "true"),)
