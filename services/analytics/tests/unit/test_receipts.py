"""Receipts and canonical questions: short, signed, of one practice, and the same both ways."""

from __future__ import annotations

import base64
import json
import os
import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import HASH_BYTES, Question, from_canonical
from praxis_analytics.domain.receipts import PATH, Receipts
from praxis_analytics.domain.registry import METRICS

KEY = b"k" * 32
A, B = uuid.UUID(int=1), uuid.UUID(int=2)
DIGEST = bytes(range(HASH_BYTES))
RECEIPTS = Receipts(KEY)


@given(st.uuids(), st.binary(min_size=12, max_size=12), st.integers(0, 2**40 - 1))
def test_a_receipt_opens_to_what_it_was_issued_for(
    practice_id: uuid.UUID, digest: bytes, revision: int
) -> None:
    receipt = RECEIPTS.issue(practice_id, digest, revision)
    assert len(PATH + receipt) < 60
    assert RECEIPTS.open(practice_id, receipt) == (digest, revision)


def test_another_practice_or_key_does_not_open_it() -> None:
    receipt = RECEIPTS.issue(A, DIGEST, 7)
    assert RECEIPTS.open(A, receipt) == (DIGEST, 7)
    assert RECEIPTS.open(B, receipt) is None
    assert Receipts(b"j" * 32).open(A, receipt) is None


def test_no_other_text_opens() -> None:
    receipt = RECEIPTS.issue(A, DIGEST, 7)
    for cut in range(len(receipt)):
        assert RECEIPTS.open(A, receipt[:cut]) is None
    for extra in ("A", "AAAA", "=", "==", " ", "\n", "*", "ä"):
        assert RECEIPTS.open(A, receipt + extra) is None
        assert RECEIPTS.open(A, extra + receipt) is None
    middle = receipt[:9] + "*" + receipt[9:]
    assert RECEIPTS.open(A, middle) is None


def test_any_changed_bit_closes_it() -> None:
    raw = base64.urlsafe_b64decode(RECEIPTS.issue(A, DIGEST, 7))
    for bit in range(len(raw) * 8):
        forged = bytearray(raw)
        forged[bit // 8] ^= 1 << bit % 8
        assert RECEIPTS.open(A, base64.urlsafe_b64encode(forged).decode()) is None


@given(st.text(max_size=60))
def test_random_text_is_no_receipt(text: str) -> None:
    assert RECEIPTS.open(A, text) is None


def test_random_bytes_are_no_receipt() -> None:
    length = HASH_BYTES + 5 + 10
    for _ in range(1000):
        assert RECEIPTS.open(A, base64.urlsafe_b64encode(os.urandom(length)).decode()) is None


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Receipts(b"short")


# Canonical questions.

dates = st.dates(date(1990, 1, 1), date(2100, 1, 1))
spans = st.tuples(dates, dates).map(lambda pair: Range(min(pair), max(pair)))
questions = st.builds(
    Question,
    metrics=st.lists(st.sampled_from(sorted(METRICS)), min_size=1, max_size=5, unique=True).map(
        tuple
    ),
    period=spans,
    today=dates,
    time_zone=st.sampled_from(["UTC", "Asia/Kolkata", "America/New_York"]),
    accrual_basis=st.booleans(),
    comparison=st.none() | spans,
    dimensions=st.sampled_from([(), ("provider",), ("payer_class", "sex")]),
    grain=st.sampled_from(["", "day", "month"]),
    minimum_ranked=st.integers(0, 30),
    week_start=st.integers(0, 6),
    filters=st.lists(
        st.tuples(
            st.sampled_from(["provider", "payer_class"]), st.lists(st.text(max_size=9)).map(tuple)
        ),
        max_size=2,
    ).map(tuple),
)


@given(questions)
def test_a_canonical_question_is_read_back_as_it_was(question: Question) -> None:
    text = question.canonical()
    assert from_canonical(text) == question
    # The store keeps it as jsonb, which orders keys and spaces in its own way.
    assert from_canonical(json.dumps(json.loads(text), indent=1)) == question


QUESTION = Question(
    metrics=("total_revenue", "total_charges"),
    period=Range(date(2025, 1, 1), date(2025, 1, 31)),
    today=date(2025, 3, 1),
    time_zone="UTC",
    accrual_basis=False,
)


@pytest.mark.parametrize(
    "change",
    [
        {"metrics": ("total_charges", "total_revenue")},
        {"metrics": ("total_revenue",)},
        {"period": Range(date(2025, 1, 1), date(2025, 1, 30))},
        {"today": date(2025, 3, 2)},
        {"time_zone": "Asia/Kolkata"},
        {"accrual_basis": True},
        {"comparison": Range(date(2024, 12, 1), date(2024, 12, 31))},
        {"dimensions": ("provider",)},
        {"grain": "month"},
        {"filters": (("payer_class", ("medicare",)),)},
        {"week_start": 6},
        {"minimum_ranked": 30},
    ],
)
def test_everything_that_decides_an_answer_is_in_the_hash(change: dict[str, Any]) -> None:
    assert replace(QUESTION, **change).hash() != QUESTION.hash()


def test_a_question_without_later_settings_is_read() -> None:
    body = json.loads(QUESTION.canonical())
    del body["week_start"], body["minimum_ranked"]
    assert from_canonical(json.dumps(body)) == QUESTION


def test_the_definition_used_is_in_the_hash() -> None:
    assert '"total_revenue@1"' in QUESTION.canonical()
    assert len(QUESTION.hash()) == HASH_BYTES
