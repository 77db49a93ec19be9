"""Marks as small as a table cell, as SVG: the course of a figure, a rate beside its goal."""

from collections.abc import Sequence
from decimal import Decimal

from praxis_charts.model import Cell, number_of
from praxis_charts.tokens import tokens

_WIDTH, _HEIGHT, _EDGE = 88, 16, 2.5


def sparkline_svg(values: Sequence[Cell]) -> str:
    """A line through the figures, with a dot at the last; gaps where there are none."""
    color = tokens()["color"]["accent"]
    known = [(i, float(n)) for i, cell in enumerate(values) if (n := number_of(cell)) is not None]
    if not known:
        return _svg("")
    low, high = min(y for _, y in known), max(y for _, y in known)
    step = (_WIDTH - 2 * _EDGE) / max(len(values) - 1, 1)

    def place(i: int, y: float) -> tuple[str, str]:
        up = (y - low) / (high - low) if high > low else 0.5
        return f"{_EDGE + i * step:.1f}", f"{_HEIGHT - _EDGE - up * (_HEIGHT - 2 * _EDGE):.1f}"

    lines, before = "", None
    for i, y in known:
        lines += f"{'L' if before == i - 1 else 'M'}{' '.join(place(i, y))}"
        before = i
    x, y_last = place(*known[-1])
    return _svg(
        f'<path d="{lines}" fill="none" stroke="{color}" stroke-width="1.5" '
        f'stroke-linejoin="round"/><circle cx="{x}" cy="{y_last}" r="2" fill="{color}"/>'
    )


def rate_svg(rate: Cell, goal: Decimal | None) -> str:
    """A bar from 0 to 100 percent, filled up to the rate, with a stroke at the goal."""
    color = tokens()["color"]
    number = number_of(rate)
    full = _WIDTH - 2 * _EDGE
    bars = f'<rect x="{_EDGE}" y="5" width="{full}" height="6" fill="{color["line"]}"/>'
    if number is not None:
        width = full * min(max(float(number), 0.0), 100.0) / 100
        bars += f'<rect x="{_EDGE}" y="5" width="{width:.1f}" height="6" fill="{color["accent"]}"/>'
    if goal is not None:
        x = _EDGE + full * float(goal) / 100
        bars += f'<path d="M{x:.1f} 2V14" stroke="{color["ink"]}" stroke-width="1.5"/>'
    return _svg(bars)


def _svg(marks: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}">{marks}</svg>'
    )
