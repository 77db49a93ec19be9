"""What figures can be split and filtered by, each one declared object."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from praxis_analytics.domain.facts import PAYER_CLASSES
from praxis_analytics.domain.registry.model import Metric, Part

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Dimension:
    """A way to split figures.

    `needs` is the column of the source that it starts from, and `table` a dimension table joined
    by that column, called `d`. `key` and `name` are SQL over `f` and `d` (`{f}` stands for the
    column's name in the source, `{day}` and `{instant}` for the deciding date), empty text for
    facts without a value. `choices` are all values there can be, in their order, with their
    names; `form` is what else a value looks like. `personal` ones describe patients.
    """

    id: str
    label: str
    needs: str
    key: str
    name: str = ""
    table: str = ""
    choices: Choices = ()
    form: Literal["text", "uuid"] = "text"
    personal: bool = False

    def offered_by(self, part: Part) -> bool:
        """Whether the source of a part knows it."""
        if self.needs == "day":
            return bool(part.date) and part.since
        if self.needs == "instant":
            return part.instant and part.since
        return part.source.column(self.needs) is not None

    def fault(self, value: str) -> str:
        """What is wrong with a value to filter by; empty when nothing is."""
        known = [key for key, _ in self.choices]
        if value and known and value not in known:
            return f"{value!r} is not known; there are {', '.join(known)}"
        if value and self.form == "uuid" and not _is_uuid(value):
            return f"{value!r} is no {self.label.lower()}'s id (UUID)"
        return "holds a character that no text has" if "\0" in value else ""

    def place(self, key: str | None, name: str) -> tuple[int, str, str]:
        """Where a value stands among others: by its choices, else by its name."""
        order = {known: index for index, (known, _) in enumerate(self.choices)}
        return order.get(key or "", -1 if self.choices and not key else len(order)), name, key or ""

    def called(self, key: str, name: str) -> str:
        """The name for people of a value."""
        return dict(self.choices).get(key, name)


def _is_uuid(value: str) -> bool:
    try:
        return str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


def _by_table(
    dimension_id: str, label: str, table: str, column: str, name: str, personal: bool = False
) -> Dimension:
    """A value that stands in a dimension table, without an id of its own."""
    return Dimension(dimension_id, label, column, f"d.{name}", table=table, personal=personal)


def _by_id(dimension_id: str, label: str, table: str, column: str, name: str) -> Dimension:
    """Something with an id and a name."""
    return Dimension(
        dimension_id, label, column, "f.{f}::text", f"d.{name}", table=table, form="uuid"
    )


def _by_column(dimension_id: str, label: str, column: str = "", name: str = "") -> Dimension:
    """A value that stands on the fact itself."""
    return Dimension(dimension_id, label, column or dimension_id, "f.{f}::text", name)


def _patient(dimension_id: str, label: str, column: str = "") -> Dimension:
    return _by_table(
        dimension_id, label, "dim_patient", "patient_id", column or dimension_id, personal=True
    )


AGE_BANDS = (
    (0, "0-17"), (18, "18-29"), (30, "30-39"), (40, "40-49"), (50, "50-64"), (65, "65-74"),
    (75, "75-84"), (85, "85-89"), (90, "90+"),
)  # fmt: skip
LEAD_BANDS = ((0, "0"), (1, "1-2"), (3, "3-7"), (8, "8-14"), (15, "15-30"), (31, "31+"))
AGING_BUCKETS = ((0, "0-30"), (31, "31-60"), (61, "61-90"), (91, "91-120"), (121, "120+"))
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _bands(value: str, bands: Iterable[tuple[int, str]]) -> str:
    """SQL of the band that a whole number falls in; below the first one it is the first."""
    downwards = sorted(bands, reverse=True)
    cases = " ".join(f"when {value} >= {least} then '{name}'" for least, name in downwards)
    return f"case {cases} when {value} is not null then '{downwards[-1][1]}' end"


def _same(*values: str) -> Choices:
    return tuple((value, value) for value in values)


_AGE = "extract(year from age(%(end_on)s::date, d.birth_date))"
_ALL = (
    _by_id("location", "Location", "dim_location", "location_id", "name"),
    _by_id("provider", "Provider", "dim_provider", "provider_id", "display_name"),
    _by_table("specialty", "Specialty", "dim_provider", "provider_id", "specialty"),
    _by_id("payer", "Payer", "dim_payer", "payer_id", "name"),
    Dimension(
        "payer_class",
        "Payer class",
        "payer_id",
        "d.payer_class",
        table="dim_payer",
        choices=_same(*PAYER_CLASSES),
    ),
    Dimension(
        "age_band",
        "Age",
        "patient_id",
        _bands(_AGE, AGE_BANDS),
        table="dim_patient",
        choices=_same(*(name for _, name in AGE_BANDS)),
        personal=True,
    ),
    _patient("sex", "Sex"),
    _patient("race", "Race"),
    _patient("ethnicity", "Ethnicity"),
    _patient("language", "Language"),
    Dimension(
        "postal_code3",
        "Postal area",
        "patient_id",
        "left(d.postal_code, 3)",
        table="dim_patient",
        personal=True,
    ),
    _by_column("visit_type", "Visit type"),
    Dimension(
        "new_or_established",
        "New or established",
        "is_new_patient",
        "case when f.{f} then 'new' when not f.{f} then 'established' end",
        choices=(("new", "New"), ("established", "Established")),
    ),
    _by_column("procedure", "Procedure code", "procedure_code"),
    Dimension(
        "diagnosis", "Diagnosis", "diagnosis_code", "f.{f}", "btrim(f.display)", personal=True
    ),
    _by_column("carc", "Adjustment reason code (CARC)"),
    _by_column("group_code", "Adjustment group"),
    _by_column("adjustment_reason", "Reason"),
    _by_column("method", "Method"),
    _by_id("user", "User", "dim_staff_user", "user_id", "display_name"),
    _by_column("task_type", "Task type"),
    _by_column("task_priority", "Priority"),
    _by_column("document_type", "Document type"),
    _by_column("verification_result", "Verification result"),
    Dimension(
        "weekday",
        "Weekday",
        "day",
        "extract(isodow from {day})::integer::text",
        choices=tuple((str(number), day) for number, day in enumerate(_DAYS, 1)),
    ),
    Dimension(
        "hour",
        "Hour",
        "instant",
        "extract(hour from {instant})::integer::text",
        choices=tuple((str(hour), f"{hour:02}:00") for hour in range(24)),
    ),
    Dimension(
        "lead_band",
        "Days ahead",
        "lead_days",
        _bands("f.{f}", LEAD_BANDS),
        choices=_same(*(name for _, name in LEAD_BANDS)),
    ),
    Dimension(
        "aging_bucket",
        "Age of balance in days",
        "balance_age",
        _bands("f.{f}", AGING_BUCKETS),
        choices=_same(*(name for _, name in AGING_BUCKETS)),
    ),
)
DIMENSIONS: Mapping[str, Dimension] = {one.id: one for one in _ALL}


def dimensions_of(metric: Metric) -> tuple[str, ...]:
    """What a metric can be split and filtered by: what every one of its parts knows."""
    return tuple(
        name
        for name, dimension in DIMENSIONS.items()
        if name not in metric.without and all(map(dimension.offered_by, metric.parts))
    )
