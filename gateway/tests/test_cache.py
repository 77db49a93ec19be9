"""Cached answers: for whom, until when, how many."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from praxis.analytics.v1 import read_pb2
from praxis_chassis.caller import Caller
from praxis_gateway import cache
from praxis_gateway.cache import Cache, Key

OURS, THEIRS = uuid.uuid4(), uuid.uuid4()
SHOWN = read_pb2.Shown(answers=[read_pb2.ShownAnswer(receipt="r")])
ANN = Caller(OURS, "ann", frozenset({"owner"}))


class Clocks:
    """Seconds since the start of a process, and those of the day."""

    now, day = 50.0, 1_800_000_000.0

    def cache(self) -> Cache:
        found = Cache(lambda: self.now, lambda: self.day)
        found.open()
        return found


def key(caller: Caller = ANN, request: bytes = b"q", method: str = "/Ask") -> Key:
    return (caller, method, request)


def bodies(answers: Cache, *keys: Key) -> list[bytes | None]:
    return [found.body if (found := answers.find(one)) else None for one in keys]


def test_an_answer_is_for_the_same_caller_and_request_only() -> None:
    answers = Clocks().cache()
    answers.keep(key(), answers.now, b"1", SHOWN)
    others = (
        replace(ANN, practice_id=THEIRS),
        replace(ANN, user_id="bob"),
        replace(ANN, roles=frozenset({"owner", "billing"})),
        replace(ANN, purpose="research"),
    )
    assert bodies(answers, key()) == [b"1"]
    assert bodies(answers, *map(key, others)) == [None] * 4
    assert bodies(answers, key(request=b"p"), key(method="/Trend")) == [None, None]
    assert answers.find(key()).shown == SHOWN  # type: ignore[union-attr]


def test_an_answer_goes_with_time_and_before_a_day_can_end() -> None:
    clocks = Clocks()
    answers = clocks.cache()
    answers.keep(key(), answers.now, b"1", SHOWN)
    clocks.now += cache.LIFETIME_S - 0.01
    assert bodies(answers, key()) == [b"1"]
    clocks.now += 0.01
    assert bodies(answers, key()) == [None]
    clocks.day += 900 - clocks.day % 900 - 2
    answers.keep(key(), answers.now, b"2", SHOWN)
    clocks.now += 1.9
    assert bodies(answers, key()) == [b"2"]
    clocks.now += 0.1
    assert bodies(answers, key()) == [None]


def test_a_change_ends_what_is_kept_and_what_is_on_its_way() -> None:
    answers = Clocks().cache()
    other = key(replace(ANN, practice_id=THEIRS))
    answers.keep(key(), answers.now, b"1", SHOWN)
    answers.keep(other, answers.now, b"2", SHOWN)
    asked = answers.now
    answers.touch(OURS)
    assert bodies(answers, key(), other) == [None, b"2"]
    answers.keep(key(), asked, b"old", SHOWN)
    assert bodies(answers, key()) == [None]
    answers.keep(key(), answers.now, b"new", SHOWN)
    assert bodies(answers, key()) == [b"new"]


def test_nothing_is_kept_while_changes_are_not_heard_of() -> None:
    answers = Clocks().cache()
    answers.keep(key(), answers.now, b"1", SHOWN)
    asked = answers.now
    answers.close()
    answers.keep(key(), answers.now, b"2", SHOWN)
    assert bodies(answers, key()) == [None]
    answers.open()
    answers.keep(key(), asked, b"asked before the break", SHOWN)
    assert bodies(answers, key()) == [None]
    answers.keep(key(), answers.now, b"3", SHOWN)
    assert bodies(answers, key()) == [b"3"]


def test_answers_and_changes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in (("ENTRIES_MOST", 3), ("BYTES_MOST", 8), ("BODY_MOST", 5)):
        monkeypatch.setattr(cache, name, most)
    monkeypatch.setattr(cache, "_PRACTICES_MOST", 2)
    answers = Clocks().cache()
    keys = [key(request=bytes([n])) for n in range(5)]
    answers.keep(keys[0], answers.now, b"123456", SHOWN)
    assert bodies(answers, keys[0]) == [None]
    for one in keys[:4]:
        answers.keep(one, answers.now, b"12", SHOWN)
    assert bodies(answers, *keys[:4]) == [None, b"12", b"12", b"12"]
    answers.keep(keys[4], answers.now, b"12345", SHOWN)
    assert bodies(answers, *keys) == [None, None, None, b"12", b"12345"]
    # A change that is not remembered any more counts for everybody.
    asked = answers.now
    for _ in range(3):
        answers.touch(uuid.uuid4())
    answers.keep(keys[0], asked, b"1", SHOWN)
    assert bodies(answers, keys[0], keys[4]) == [None, None]
