"""Token buckets on a clock that the test turns."""

from __future__ import annotations

import pytest

from praxis_gateway import limits
from praxis_gateway.limits import RateLimiter


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    limiter = RateLimiter(rate=2, burst=3, clock=clock)
    assert [limiter.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert limiter.take("b") == 0
    clock.now += 0.5
    assert [limiter.take("a"), limiter.take("a")] == [0, 0.5]
    clock.now += 3600
    assert [limiter.take("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_a_refused_call_takes_nothing() -> None:
    clock = Clock()
    limiter = RateLimiter(rate=1, burst=1, clock=clock)
    limiter.take("a")
    assert [limiter.take("a") for _ in range(50)] == [1.0] * 50
    clock.now += 1
    assert limiter.take("a") == 0


def test_buckets_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BUCKETS_MAX", 3)
    limiter = RateLimiter(rate=0.001, burst=1)
    for name in "abacd":
        limiter.take(name)
    assert len(limiter) == 3
    # The least recently used one went; the busy one did not get a fresh bucket.
    assert limiter.take("a") > 0
    assert limiter.take("b") == 0
