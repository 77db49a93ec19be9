"""How often somebody may call: token buckets, bounded in number."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

BUCKETS_MAX = 10_000


class RateLimiter:
    """A bucket per key that holds `burst` tokens and regains `rate` of them a second."""

    def __init__(
        self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        # Least recently used first. A bucket left alone fills up, and a full one is like none.
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, key: Hashable) -> float:
        """Takes a token. Returns: 0, or the seconds until there is one."""
        now = self._clock()
        tokens, at = self._buckets.pop(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - at) * self._rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self._rate
        self._buckets[key] = (tokens if wait else tokens - 1, now)
        if len(self._buckets) > BUCKETS_MAX:
            self._buckets.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._buckets)
