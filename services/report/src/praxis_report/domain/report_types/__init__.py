"""Report types as data: which figures, how split, drawn how. One declaration each.

What a metric can be split and filtered by, its name and its unit are the catalogue's to say; a
figure that cannot be shown under the chosen grouping or filter is left out, and the report says
so.
"""

from __future__ import annotations

from collections.abc import Mapping

from praxis_report.domain.report_types import care, money, visits, work
from praxis_report.domain.report_types.model import (
    GRAINS,
    MONEY,
    OFFICE,
    PATIENTS,
    SQL,
    ReportType,
    Split,
)

__all__ = [
    "GRAINS",
    "MONEY",
    "OFFICE",
    "PATIENTS",
    "REPORT_TYPES",
    "SQL",
    "ReportType",
    "Split",
]

_ALL = (*money.TYPES, *visits.TYPES, *work.TYPES, *care.TYPES)
REPORT_TYPES: Mapping[str, ReportType] = {kind.name: kind for kind in _ALL}
"""Every type by name, in the order in which people are shown them."""
