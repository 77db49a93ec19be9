"""The grid: 12 columns, nothing on top of anything else, and a place for everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

COLUMNS = 12
Size = tuple[int, int]


class LayoutError(ValueError):
    """A placement that cannot be; `index` and `field` name it."""

    def __init__(self, index: int, field: str, message: str) -> None:
        super().__init__(message)
        self.index, self.field, self.message = index, field, message


@dataclass(frozen=True)
class Place:
    """Where a widget stands, in columns and rows from the top left."""

    widget_id: str
    x: int
    y: int
    width: int
    height: int

    def overlaps(self, other: Place) -> bool:
        """Whether they share a cell."""
        apart = (
            self.x + self.width <= other.x
            or other.x + other.width <= self.x
            or self.y + self.height <= other.y
            or other.y + other.height <= self.y
        )
        return not apart


def arrange(sizes: Mapping[str, Size], placed: Sequence[Place]) -> list[Place]:
    """A place for every widget: the given ones, then the others below them, row by row.

    Args: sizes: widget id → default width and height, in reading order.
    Raises: LayoutError.
    """
    _check(sizes, placed)
    places, x, row_end = list(placed), 0, 0
    y = row_end = max((one.y + one.height for one in placed), default=0)
    known = {one.widget_id for one in placed}
    for widget_id, (width, height) in sizes.items():
        if widget_id in known:
            continue
        if x + width > COLUMNS:
            x, y = 0, row_end
        places.append(Place(widget_id, x, y, width, height))
        x, row_end = x + width, max(row_end, y + height)
    return places


def _check(sizes: Mapping[str, Size], placed: Sequence[Place]) -> None:
    for index, one in enumerate(placed):
        if one.widget_id not in sizes:
            raise LayoutError(index, "widget_id", f"there is no widget {one.widget_id!r}")
        if one.x + one.width > COLUMNS:
            raise LayoutError(index, "width", f"reaches over column {COLUMNS}")
        for earlier in placed[:index]:
            if earlier.widget_id == one.widget_id:
                raise LayoutError(index, "widget_id", f"{one.widget_id!r} is placed twice")
            if one.overlaps(earlier):
                raise LayoutError(index, "x", f"lies on top of {earlier.widget_id!r}")
