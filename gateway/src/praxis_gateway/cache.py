"""Answers kept for a moment, for the same caller's same request while the facts stay as they are.

Only what its service calls keepable is kept. It goes when an event of the practice comes from
the service's log, or a command of the practice passes this gateway; everything goes when the
broker is out of reach, and nothing is kept until it is back.
"""

from __future__ import annotations

import time
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from praxis.analytics.v1 import read_pb2
from praxis_chassis.caller import Caller

# An event can be late; so long an answer may be shown without one.
LIFETIME_S = 10.0
ENTRIES_MOST, BYTES_MOST, BODY_MOST = 5_000, 32 * 1024 * 1024, 256 * 1024
_PRACTICES_MOST = 10_000
# At a quarter of an hour it may become midnight somewhere, and "today" another day.
_QUARTER_S = 900

Key = tuple[Caller, str, bytes]
"""Who asks, the method, the request."""


@dataclass(frozen=True)
class Answer:
    """A body as it was sent, what it showed, and from when until when (on the monotonic clock).

    `asked` is how many changes were known before it was asked for.
    """

    body: bytes
    shown: read_pb2.Shown
    asked: int
    made: float
    until: float


class Cache:
    """A bounded number of answers. Every change of a practice has a number in a common order."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._wall_clock = wall_clock
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._bytes = 0
        self._open = False
        self._changes = 0
        self._changed: OrderedDict[uuid.UUID, int] = OrderedDict()
        self._all_changed = 0

    @property
    def now(self) -> int:
        """How many changes there were; to be read before an answer is asked for."""
        return self._changes

    def open(self) -> None:
        """Changes are heard of from now on."""
        self.close()
        self._open = True

    def close(self) -> None:
        """Changes are not heard of: forgets everything, and keeps nothing."""
        self._open = False
        self._changes += 1
        self._all_changed = self._changes
        self._answers.clear()
        self._changed.clear()
        self._bytes = 0

    def touch(self, practice_id: uuid.UUID) -> None:
        """Something of a practice has changed: no answer asked for before is shown any more."""
        self._changes += 1
        self._changed.pop(practice_id, None)
        self._changed[practice_id] = self._changes
        if len(self._changed) > _PRACTICES_MOST:
            self._all_changed = self._changed.popitem(last=False)[1]

    def find(self, key: Key) -> Answer | None:
        """The answer kept for a request, or None."""
        found = self._answers.get(key)
        if found is None:
            return None
        if self._clock() >= found.until or self._changed_since(key, found.asked):
            self._drop(key)
            return None
        return found

    def _changed_since(self, key: Key, asked: int) -> bool:
        practice_id = key[0].practice_id
        return max(self._all_changed, self._changed.get(practice_id, 0)) > asked

    def keep(self, key: Key, asked: int, body: bytes, shown: read_pb2.Shown) -> None:
        """Keeps the answer to a request, `asked` being `now` as it was before it was asked."""
        if not self._open or self._changed_since(key, asked) or len(body) > BODY_MOST:
            return
        if key in self._answers:
            self._drop(key)
        made = self._clock()
        until = made + min(LIFETIME_S, _QUARTER_S - self._wall_clock() % _QUARTER_S)
        self._answers[key] = Answer(body, shown, asked, made, until)
        self._bytes += len(body)
        while len(self._answers) > ENTRIES_MOST or self._bytes > BYTES_MOST:
            self._drop(next(iter(self._answers)))

    def _drop(self, key: Key) -> None:
        self._bytes -= len(self._answers.pop(key).body)
