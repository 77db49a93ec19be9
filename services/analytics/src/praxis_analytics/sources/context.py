"""What mapping knows of the practice and of facts loaded before, whatever the source."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from praxis_analytics.domain.facts import PAYER, TASK, Ids, Kind, Row, Source
from praxis_analytics.sources import overlay_office
from praxis_analytics.sources.dates import first_day, instant
from praxis_analytics.sources.overlay import overlay_id
from praxis_analytics.sources.payers import payer_class

Fact = tuple[Kind, Row]
# A fact loaded before that mapping looks up: which of Links, and its id.
Need = tuple[str, uuid.UUID | None]
# An event of a claim: name, date, amount.
Answer = tuple[str, date, Decimal | None]


@dataclass(frozen=True)
class Visit:
    """What a claim takes from its encounter. `is_new` is None unless it is an office visit."""

    provider_id: uuid.UUID | None
    start: datetime | None
    type_code: str | None = None
    is_new: bool | None = None


@dataclass(frozen=True)
class Billed:
    """What an adjudication takes from its claim."""

    encounter_id: uuid.UUID | None
    patient_id: uuid.UUID | None
    provider_id: uuid.UUID | None
    payer_id: uuid.UUID | None
    service_date: date | None
    posted: frozenset[Decimal]
    """Amounts of its insurance payments that explanations of benefit stated."""


@dataclass
class Links:
    """Facts loaded before that the resources in hand refer to, by id."""

    visits: dict[uuid.UUID, Visit] = field(default_factory=dict)
    claims: dict[uuid.UUID, Billed] = field(default_factory=dict)
    coverages: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    """Payers of coverages."""
    events: dict[uuid.UUID, list[Answer]] = field(default_factory=dict)
    """What payers answered to claims, oldest first."""


@dataclass
class Context:
    """One practice's import: what mapping needs besides the resource."""

    ids: Ids
    zone: ZoneInfo
    currency: str
    overlay: bool
    today: date
    warn: Callable[[str, str], None]
    """Counts a warning: its kind, the resource."""
    links: Links = field(default_factory=Links)
    classes: dict[uuid.UUID, str] = field(default_factory=dict)
    """Classes of the payers known so far."""
    new_payers: list[Fact] = field(default_factory=list)
    """Payers met by name only, which no resource owns; whoever loads facts empties it."""
    identifiers: dict[str, str] = field(default_factory=dict)
    """`Type?identifier=system|value` → id, of people and places."""
    schedules: dict[str, tuple[uuid.UUID | None, uuid.UUID | None]] = field(default_factory=dict)
    """Provider and location of a schedule, by its id."""
    visit_payers: dict[uuid.UUID, tuple[str, uuid.UUID]] = field(default_factory=dict)
    """Claim and payer of an encounter, for whoever loads facts to take over; of several claims
    the one whose id comes first."""
    roles: dict[str, str] = field(default_factory=dict)
    """Practitioner of a PractitionerRole, by ids."""

    def __post_init__(self) -> None:
        self.id: Callable[[str, str], uuid.UUID] = functools.lru_cache(1 << 17)(self.ids.of)

    def payer(self, name: str) -> uuid.UUID:
        """The id of the payer that sources know by `name` only."""
        payer_id = self.id("payer", name)
        kind = payer_class(name)
        if self.classes.get(payer_id) != kind:
            self.classes[payer_id] = kind
            source = Source(self.ids.system, f"Payer/{name}")
            row = PAYER.fact(source, name, payer_id=payer_id, name=name, payer_class=kind)
            self.new_payers.append((PAYER, row))
        return payer_id

    def day(self, text: str | None) -> date | None:
        """A date, whole or partial (its first day), or an instant's local date."""
        if not text:
            return None
        if len(text) <= 10:
            return first_day(text)
        return instant(text, self.zone).astimezone(self.zone).date()

    def instant(self, text: str | None) -> datetime | None:
        """An instant; a date stands for its local midnight."""
        return instant(text, self.zone) if text else None

    def overlay_task(
        self, source: Source, patient_id: uuid.UUID | None, kind: str, source_key: str, on: date
    ) -> Fact:
        """The demo overlay's task for something that happened to a patient on a day."""
        made = overlay_office.task(kind, source_key, on, self.zone, self.today)
        return TASK, TASK.fact(
            source,
            made.key,
            task_id=overlay_id(self.ids.practice_id, "task", made.key),
            type=made.type,
            status=made.status,
            priority=made.priority,
            assignee_id=overlay_id(self.ids.practice_id, "user", str(made.assignee)),
            patient_id=patient_id,
            created_at=made.created_at,
            due_at=made.due_at,
            completed_at=made.completed_at,
        )
