"""Every fire time that has come gets one outcome, whatever was missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_scheduler.domain.fire_times import FireTime
from praxis_scheduler.domain.misfires import PUNCTUAL, WINDOW, decide

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def _times(*ages: timedelta) -> list[FireTime]:
    local = ZoneInfo("America/New_York")
    return [FireTime(NOW - age, (NOW - age).astimezone(local).isoformat()) for age in ages]


def _outcomes(*days: float, catch_up: str = "latest", is_all: bool = True) -> list[str]:
    come = _times(*(timedelta(days=age) for age in days))
    return [one.outcome for one in decide(come, NOW, catch_up, is_all=is_all)]


@pytest.mark.parametrize(
    ("ages", "outcomes"),
    [
        ((0,), ["ran"]),
        ((3,), ["ran"]),
        ((2, 1, 0.1), ["coalesced", "coalesced", "ran"]),
        ((9, 8, 7, 1), ["skipped", "skipped", "coalesced", "ran"]),
        ((30, 8), ["skipped", "skipped"]),
        ((), []),
    ],
)
def test_the_newest_runs_and_older_ones_are_part_of_it(
    ages: tuple[float, ...], outcomes: list[str]
) -> None:
    assert _outcomes(*ages) == outcomes


def test_without_catching_up_only_a_punctual_one_runs() -> None:
    assert _outcomes(1, 0, catch_up="none") == ["skipped", "ran"]
    assert _outcomes(2, 1, catch_up="none") == ["skipped", "skipped"]


def test_of_a_part_none_is_the_newest() -> None:
    assert _outcomes(9, 1, is_all=False) == ["skipped", "coalesced"]


@given(
    st.lists(st.integers(0, 60 * 24 * 20), unique=True).map(sorted),
    st.sampled_from(("latest", "none")),
)
def test_one_outcome_each_at_most_one_run_and_a_reason_for_the_rest(
    minutes: list[int], catch_up: str
) -> None:
    come = _times(*(timedelta(minutes=age) for age in reversed(minutes)))
    decisions = decide(come, NOW, catch_up, is_all=True)
    assert [one.fire_time for one in decisions] == come
    ran = [one for one in decisions if one.outcome == "ran"]
    limit = PUNCTUAL if catch_up == "none" else WINDOW
    assert ran == ([decisions[-1]] if come and NOW - come[-1].at <= limit else [])
    assert all((one.reason is None) == (one.outcome == "ran") for one in decisions)
