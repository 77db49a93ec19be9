"""Keys of broker users keep the form that the broker reads."""

from __future__ import annotations

import pytest

from praxis_chassis.nkeys import new_seed, public_key

SEED = b"SUAAAAICAMCAKBQHBAEQUCYMBUHA6EARCIJRIFIWC4MBSGQ3DQOR4H776Y"
PUBLIC = "UAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3RLKK"


def test_a_known_seed_has_its_known_public_key() -> None:
    """Made once with the broker's own tool."""
    assert public_key(SEED + b"\n") == PUBLIC


def test_a_new_seed_is_a_users_and_never_the_same() -> None:
    seeds = {new_seed() for _ in range(10)}
    assert len(seeds) == 10
    for seed in seeds:
        assert seed.startswith(b"SU")
        assert len(seed) == 58
        assert public_key(seed).startswith("U")


@pytest.mark.parametrize("spoil", [lambda s: s[:-1], lambda s: b"SA" + s[2:], lambda s: s[::-1]])
def test_a_spoilt_seed_is_refused(spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(ValueError):
        public_key(spoil(new_seed()))
