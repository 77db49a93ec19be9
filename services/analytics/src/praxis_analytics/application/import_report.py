"""What an import did: counts by resource type, rejections, warnings."""

from __future__ import annotations

from dataclasses import dataclass, field

from praxis_analytics.sources.problems import Rejection
from praxis_analytics.storage.apply import Applied

REJECTIONS_MOST = 100
WARNINGS_MOST = 20
# What lines are counted under that do not tell their resource type.
NO_TYPE = "unknown"


@dataclass
class Counts:
    """Resources of a type: those read are loaded (new), updated, unchanged, rejected or skipped."""

    read: int = 0
    loaded: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0


@dataclass
class Warned:
    """A doubtful thing that was loaded: how often, and some resources."""

    count: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass
class ImportResult:
    """The outcome of an import, in plain values; ids only, nothing about a person."""

    files: list[str] = field(default_factory=list)
    files_skipped: list[str] = field(default_factory=list)
    resources: dict[str, Counts] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    """Why resources were left out on purpose, and how many."""
    rejected: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    warnings: dict[str, Warned] = field(default_factory=dict)
    facts: dict[str, int] = field(default_factory=dict)
    """Rows written, by table."""
    inserted: int = 0
    changed: int = 0
    voided: int = 0
    revision: int | None = None
    """The newest revision this import made; None when it changed nothing."""
    seconds: float = 0.0

    def of(self, kind: str) -> Counts:
        """The counts of a resource type."""
        return self.resources.setdefault(kind, Counts())

    def reject(self, kind: str, rejection: Rejection) -> None:
        """Counts a line that is left out because it is wrong."""
        self.of(kind).rejected += 1
        self.rejected += 1
        if len(self.rejections) < REJECTIONS_MOST:
            self.rejections.append(rejection)

    def skip(self, kind: str, reason: str, count: int = 1) -> None:
        """Counts resources that are left out on purpose."""
        self.of(kind).skipped += count
        reason = f"{kind} {reason}"
        self.skipped[reason] = self.skipped.get(reason, 0) + count

    def warn(self, kind: str, resource: str) -> None:
        """Counts a warning about a resource."""
        warned = self.warnings.setdefault(kind, Warned())
        warned.count += 1
        if len(warned.examples) < WARNINGS_MOST:
            warned.examples.append(resource)

    def add(self, applied: Applied) -> None:
        """Adds what a batch did."""
        self.inserted += applied.inserted
        self.changed += applied.changed
        self.voided += applied.voided
        self.revision = applied.revision or self.revision
        for table, count in applied.by_table.items():
            self.facts[table] = self.facts.get(table, 0) + count
