from __future__ import annotations

import time
import uuid

from praxis_chassis.ids import uuid7


def test_version_variant_and_time() -> None:
    before = time.time_ns() // 1_000_000
    made = [uuid7() for _ in range(1000)]
    after = time.time_ns() // 1_000_000
    assert len(set(made)) == 1000
    for one in made:
        assert one.version == 7
        assert one.variant == uuid.RFC_4122
        assert before <= one.int >> 80 <= after


def test_later_sorts_later() -> None:
    made = []
    for _ in range(5):
        made.append(uuid7())
        time.sleep(0.002)
    assert made == sorted(made)
    assert [str(one) for one in made] == sorted(str(one) for one in made)


def test_every_random_bit_is_used() -> None:
    ones = zeros = 0
    for _ in range(300):
        value = uuid7().int
        ones, zeros = ones | value, zeros | ~value
    free = ((1 << 80) - 1) & ~(0xF << 76) & ~(0x3 << 62)
    assert ones & free == zeros & free == free
