"""A Record is one row of a Synthea table on its way to facts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from praxis_analytics.domain.facts import Kind, Source
from praxis_analytics.sources.context import Context, Fact
from praxis_analytics.sources.money import cents
from praxis_analytics.sources.problems import Rejected

SNOMED = "http://snomed.info/sct"


@dataclass
class Payers:
    """What claims need to know of payers besides their ids.

    Both maps hold only claims with a second payer, a few in a hundred.
    """

    nobody: uuid.UUID | None = None
    """The payer that stands for having no insurance."""
    second: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    """The second payer of a claim."""
    turn: set[uuid.UUID] = field(default_factory=set)
    """Claims of whose line in hand the rest was transferred to the second payer."""


@dataclass
class Record:
    """One row: its table, what stands in its columns, and `key`, the columns that identify it."""

    table: str
    values: dict[str, str]
    key: tuple[str, ...]
    context: Context
    payers: Payers
    id: str = field(init=False)
    source: Source = field(init=False)

    def __post_init__(self) -> None:
        self.id = "|".join(self.text(name) or "" for name in self.key)
        if not self.text(self.key[0]):
            raise Rejected(f"has no {self.key[0]}")
        self.source = Source(self.context.ids.system, f"{self.table}/{self.id}")

    def text(self, name: str) -> str | None:
        """What stands in a column; None for nothing."""
        return self.values.get(name, "").strip() or None

    def need(self, name: str) -> str:
        """What stands in a column that may not be empty. Raises: Rejected."""
        text = self.text(name)
        if text is None:
            raise Rejected(f"has no {name}")
        return text

    def day(self, name: str) -> date | None:
        """A date, or an instant's local date."""
        return self.context.day(self.text(name))

    def instant(self, name: str) -> datetime | None:
        """An instant; a date stands for its local midnight."""
        return self.context.instant(self.text(name))

    def number(self, name: str) -> Decimal | None:
        """A number, exactly as written. Raises: Rejected."""
        text = self.text(name)
        if text is None:
            return None
        try:
            found = Decimal(text)
        except InvalidOperation:
            raise Rejected(f"holds a {name} that is no number") from None
        if not found.is_finite():
            raise Rejected(f"holds a {name} that is no number")
        return found

    def money(self, name: str) -> Decimal:
        """An amount in cents. Raises: Rejected, also for none."""
        self.need(name)
        try:
            return cents(self.number(name) or Decimal())
        except ValueError as error:
            raise Rejected(str(error)) from None

    def ref(self, kind: str, name: str) -> uuid.UUID | None:
        """Our id of the `kind` that a column names; 0 names nothing."""
        text = self.text(name)
        return self.context.id(kind, text) if text not in (None, "0") else None

    def own_id(self, kind: str) -> uuid.UUID:
        """The id of the fact of `kind` that this row is."""
        return self.context.id(kind, self.id)

    def fact(self, of: Kind, source_id: str | None = None, /, **values: object) -> Fact:
        """A fact of this row."""
        return of, of.fact(self.source, source_id or self.id, voided=False, **values)

    def overlay_task(self, kind: str, on: date) -> Fact:
        """The demo overlay's task that this row calls for on a day."""
        source = replace(self.source, synthetic=True)
        patient_id = self.ref("patient", "PATIENT")
        return self.context.overlay_task(source, patient_id, kind, self.id, on)

    def coded(self, system: str) -> dict[str, object]:
        """The columns of a fact that hold the row's code."""
        code = self.text("CODE")
        return {
            "code_system": system,
            "code": code,
            "codings": [f"{system}|{code}"] if code else [],
        }
