"""An Entry is one resource on its way to facts; it knows the practice through its Context."""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from praxis_analytics.domain.facts import PAYER, Ids, Kind, Row, Source
from praxis_analytics.sources.fhir.reading import Resource
from praxis_analytics.sources.fhir.values import (
    OtherCurrency,
    Rejected,
    Value,
    at,
    clean,
    first,
    first_day,
    instant,
    listed,
    number,
    split_reference,
)
from praxis_analytics.sources.fhir.versions import foreign_version
from praxis_analytics.sources.money import cents
from praxis_analytics.sources.payers import payer_class

Fact = tuple[Kind, Row]
# A fact loaded before that mapping looks up: which of Links, and its id.
Need = tuple[str, uuid.UUID | None]
# An event of a claim: name, date, amount.
Answer = tuple[str, date, Decimal | None]

# The resource types whose ids name each kind of ours.
_TYPE_OF = {
    "patient": "Patient",
    "provider": "Practitioner",
    "encounter": "Encounter",
    "location": "Location",
    "organization": "Organization",
    "claim": "Claim",
    "coverage": "Coverage",
    "verification": "CoverageEligibilityRequest",
}
_KIND_OF = {name: kind for kind, name in _TYPE_OF.items()}


@dataclass(frozen=True)
class Visit:
    """What a claim takes from its encounter."""

    provider_id: uuid.UUID | None
    start: datetime | None


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


@dataclass
class Entry:
    """One resource on its way to facts."""

    resource: Resource
    context: Context
    kind: str = ""
    id: str = ""
    source: Source = field(init=False)
    voided: bool = field(init=False)

    def __post_init__(self) -> None:
        self.kind, self.id = self.resource["resourceType"], self.resource.get("id", "")
        if not isinstance(self.id, str) or not self.id.strip():
            raise Rejected("has no id")
        version = foreign_version(self.resource)
        if version is not None:
            raise Rejected(f"is FHIR {version}")
        self.source = Source(self.context.ids.system, f"{self.kind}/{self.id}", self._version())
        self.voided = self.resource.get("status") == "entered-in-error"

    def _version(self) -> int:
        """Microseconds of meta.lastUpdated, else a numeric meta.versionId, else 0.

        The instant comes first: it orders copies across servers, where version numbers restart.
        """
        meta = self.resource.get("meta")
        if not isinstance(meta, dict):
            return 0
        updated = self.context.instant(meta.get("lastUpdated"))
        if updated is not None:
            return int(updated.timestamp() * 1_000_000)
        text = meta.get("versionId")
        return int(text) if isinstance(text, str) and re.fullmatch(r"\d{1,18}", text) else 0

    # Values of the resource.

    def get(self, *path: str) -> Value:
        """The value at a path of elements, of lists the first."""
        return at(self.resource, *path)

    def text(self, *path: str) -> str | None:
        """A text, cleaned."""
        return clean(self.get(*path))

    def day(self, *path: str) -> date | None:
        """A local date."""
        return self.context.day(self.get(*path))

    def instant(self, *path: str) -> datetime | None:
        """An instant."""
        return self.context.instant(self.get(*path))

    def need(self, element: str) -> Value:
        """An element that the resource may not lack. Raises: Rejected."""
        value = self.resource.get(element)
        if value is None or value == []:
            raise Rejected(f"has no {element}")
        return value

    def money(self, amount: Value) -> Decimal | None:
        """A Money in cents. Raises: OtherCurrency, Rejected."""
        if amount is None:
            return None
        currency = amount.get("currency")
        if currency is not None and currency != self.context.currency:
            raise OtherCurrency("holds money in another currency than the practice's")
        value = number(amount.get("value"))
        try:
            return None if value is None else cents(value)
        except ValueError as error:
            raise Rejected(str(error)) from None

    # References.

    def target(self, reference: Value) -> tuple[str | None, str] | None:
        """Type, if told, and id of what a Reference means; None when it means nothing we know."""
        text = reference.get("reference") if isinstance(reference, dict) else None
        if not isinstance(text, str) or not text or text.startswith("#"):
            return None
        if "?" not in text:
            return split_reference(text)
        found = self.context.identifiers.get(text)
        if found is None:
            self.warn("unknown_reference")
            return None
        return text.partition("?")[0], found

    def ref(self, reference: Value, kind: str) -> uuid.UUID | None:
        """Our id of the `kind` that a Reference means; None for anything else."""
        found = self.target(first(reference))
        if found is None:
            return None
        type_name, source_id = found
        if kind == "provider" and type_name == "PractitionerRole":
            type_name, source_id = "Practitioner", self.context.roles.get(source_id, "")
        if type_name not in (None, _TYPE_OF[kind]) or not source_id:
            return None
        return self.context.id(kind, source_id)

    def anyone(self, reference: Value) -> uuid.UUID | None:
        """Our id of whoever a Reference means: patient, practitioner or organization."""
        found = self.target(first(reference))
        kind = _KIND_OF.get(found[0] or "") if found else None
        return self.ref(reference, kind) if kind else None

    def contained(self, reference: Value) -> Resource | None:
        """The contained resource that a Reference `#id` means."""
        text = reference.get("reference") if isinstance(reference, dict) else None
        if not isinstance(text, str) or not text.startswith("#"):
            return None
        inside = listed(self.resource.get("contained"))
        return next((one for one in inside if one.get("id") == text[1:]), None)

    @property
    def patient_id(self) -> uuid.UUID | None:
        """Whom it is about."""
        about = self.resource.get("subject") or self.resource.get("patient")
        return self.ref(about, "patient")

    @property
    def encounter_id(self) -> uuid.UUID | None:
        """The encounter it belongs to."""
        return self.ref(self.resource.get("encounter"), "encounter")

    # Facts.

    def own_id(self, kind: str) -> uuid.UUID:
        """The id of the fact of `kind` that this resource is."""
        return self.context.id(kind, self.id)

    def fact(self, of: Kind, source_id: str | None = None, /, **values: object) -> Fact:
        """A fact of this resource."""
        return of, of.fact(self.source, source_id or self.id, voided=self.voided, **values)

    def synthesize(self) -> None:
        """Marks the facts to come as made, or dated, by the demo overlay."""
        self.source = replace(self.source, synthetic=True)

    def warn(self, kind: str) -> None:
        """Counts a warning about this resource."""
        self.context.warn(kind, self.source.resource)
