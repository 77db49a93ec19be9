"""The grid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_dashboard.domain.layout import COLUMNS, LayoutError, Place, arrange

_SIZE = st.tuples(st.integers(1, COLUMNS), st.integers(1, 6))


@given(st.lists(_SIZE, max_size=20), st.integers(0, 5))
def test_everything_gets_a_place_of_its_own(sizes: list[tuple[int, int]], placed: int) -> None:
    named = {f"w{index}": size for index, size in enumerate(sizes)}
    given_places, y = [], 0
    for widget_id, (width, height) in list(named.items())[:placed]:
        given_places.append(Place(widget_id, COLUMNS - width, y, width, height))
        y += height
    places = arrange(named, given_places)
    assert [one.widget_id for one in places] == list(named)
    assert places[: len(given_places)] == given_places
    for index, one in enumerate(places):
        assert 0 <= one.x <= COLUMNS - one.width
        assert (one.width, one.height) == named[one.widget_id]
        assert not any(one.overlaps(other) for other in places[:index])


@pytest.mark.parametrize(
    ("places", "index", "field"),
    [
        pytest.param([Place("ghost", 0, 0, 1, 1)], 0, "widget_id", id="no such widget"),
        pytest.param([Place("a", 8, 0, 5, 1)], 0, "width", id="over the edge"),
        pytest.param([Place("a", 0, 0, 6, 2), Place("b", 5, 1, 6, 2)], 1, "x", id="on top"),
        pytest.param(
            [Place("a", 0, 0, 6, 2), Place("a", 6, 0, 6, 2)], 1, "widget_id", id="placed twice"
        ),
    ],
)
def test_places_that_cannot_be_are_named(places: list[Place], index: int, field: str) -> None:
    with pytest.raises(LayoutError) as caught:
        arrange({"a": (6, 2), "b": (6, 2)}, places)
    assert (caught.value.index, caught.value.field) == (index, field)
