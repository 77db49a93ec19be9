"""One measured row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`reference` is the bare thing in the same unit and run; `holds` is None without a goal."""

    name: str
    value: float
    unit: str
    reference: float
    ratio: float
    goal: str
    holds: bool | None
