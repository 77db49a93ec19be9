"""What becomes of each fire time that has come: every one gets exactly one outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from praxis_scheduler.domain.fire_times import FireTime

WINDOW = timedelta(days=7)
PUNCTUAL = timedelta(minutes=5)


@dataclass(frozen=True)
class Decision:
    """One fire time and its outcome: ran, coalesced or skipped, with the reason for the latter."""

    fire_time: FireTime
    outcome: str
    reason: str | None = None


def decide(
    come: Sequence[FireTime], now: datetime, catch_up: str, *, is_all: bool
) -> list[Decision]:
    """Outcomes of the fire times that have come, in order.

    Args:
        come: fire times up to `now` without an outcome, oldest first.
        catch_up: `latest`: the newest runs and older ones are coalesced into it. `none`: the
            newest runs if it is punctual, the rest is skipped.
        is_all: False when more have come than are given here; then none of these is the newest.
    """
    newest = come[-1] if come and is_all else None
    return [_outcome(one, one is newest, now, catch_up) for one in come]


def _outcome(one: FireTime, is_newest: bool, now: datetime, catch_up: str) -> Decision:
    late = now - one.at
    if late > WINDOW:
        return Decision(one, "skipped", "it was over seven days late")
    if catch_up == "none" and late > PUNCTUAL:
        return Decision(one, "skipped", "it was late, and missed runs are not made up for")
    if is_newest:
        return Decision(one, "ran")
    return Decision(one, "coalesced", "a newer fire time ran in its place")
