"""An Entry is one resource on its way to facts; it knows the practice through its Context."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from praxis_analytics.domain.facts import Kind, Source
from praxis_analytics.sources.context import Context, Fact
from praxis_analytics.sources.fhir.reading import Resource
from praxis_analytics.sources.fhir.values import (
    Value,
    at,
    clean,
    first,
    listed,
    number,
    split_reference,
)
from praxis_analytics.sources.fhir.versions import foreign_version
from praxis_analytics.sources.money import cents
from praxis_analytics.sources.problems import OtherCurrency, Rejected

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

    def overlay_task(self, kind: str, on: date) -> Fact:
        """The demo overlay's task that this resource calls for on a day."""
        source = replace(self.source, synthetic=True)
        return self.context.overlay_task(source, self.patient_id, kind, self.id, on)

    def synthesize(self) -> None:
        """Marks the facts to come as made, or dated, by the demo overlay."""
        self.source = replace(self.source, synthetic=True)

    def warn(self, kind: str) -> None:
        """Counts a warning about this resource."""
        self.context.warn(kind, self.source.resource)
