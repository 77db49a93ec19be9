"""What a check of a practice's figures says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that must hold, whether it does, and the figures."""

    name: str
    holds: bool
    detail: str
