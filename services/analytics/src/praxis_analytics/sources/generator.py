"""A lively primary-care clinic as synthetic FHIR R4 files, the data of a first look at Praxis.

People register over time, come back at their own pace and sometimes leave; seasons, weekdays and
holidays thin their visits out. Every draw is a pure function of seed, purpose and key, so the same
arguments write the same bytes on every machine. Work and time grow with the number of patients,
memory with the length of the calendar only.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from praxis_analytics.sources import generator_fhir as fhir
from praxis_analytics.sources import generator_tables as tables
from praxis_analytics.sources.generator_fhir import Resource
from praxis_analytics.sources.generator_tables import Coding, Panel, VisitKind, When

T = TypeVar("T")

SLOT_MINUTES: Final = 20
SLOTS: Final = tuple(time(h, m) for h in (8, 9, 10, 11, 13, 14, 15, 16) for m in (0, 20, 40))
SATURDAY_SLOTS: Final = range(3, 12)  # 09:00 to noon
CLINIC_DAYS_A_YEAR: Final = 264
# One in so many patients has the last visit on the very last day, so that "today" is never empty.
LAST_DAY_EVERY: Final = 70


def generate(
    out: Path,
    *,
    until: date,
    patients: int = 200,
    months: int = 24,
    time_zone: str = "America/New_York",
    seed: str = "praxis",
) -> dict[str, int]:
    """Write the clinic's life as `<ResourceType>.ndjson` files into the folder `out`.

    Args:
        out: folder to write into; made if absent, files of the same names are replaced.
        until: last local day with data. It always has visits: by telemedicine if it is closed.
        patients: people who ever register, at least 1.
        months: calendar months with visits, the one of `until` included, at least 1.
        time_zone: IANA name of the clinic's zone.
        seed: another seed gives another clinic.

    Returns:
        Resources written per type.

    Raises:
        ValueError: `patients` or `months` below 1.
        zoneinfo.ZoneInfoNotFoundError: unknown time zone.
    """
    if patients < 1 or months < 1:
        raise ValueError("patients and months must be at least 1")
    dice = Dice(seed)
    clinic = Clinic(dice, until, months, ZoneInfo(time_zone))
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    counts = dict.fromkeys(fhir.KINDS, 0)
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        files = {
            kind: stack.enter_context(
                (out / f"{kind}.ndjson").open("w", encoding="utf-8", newline="\n")
            )
            for kind in fhir.KINDS
        }
        for resource in _resources(dice, clinic, patients):
            kind = resource["resourceType"]
            files[kind].write(encode(resource) + "\n")
            counts[kind] += 1
    return counts


def _resources(dice: "Dice", clinic: "Clinic", patients: int) -> Iterator[Resource]:
    yield from _staff(dice)
    for number in range(1, patients + 1):
        person = _person(dice, clinic, number)
        yield _patient(dice, person)
        for visit in _visits(dice, clinic, person):
            yield from _visit_resources(dice, clinic, visit)


@dataclass(frozen=True)
class Dice:
    """Draws that depend on seed, purpose and key alone, never on order, time or platform."""

    seed: str

    def share(self, purpose: str, key: str) -> float:
        """Draw a number in [0, 1)."""
        digest = sha256(f"{self.seed}|{purpose}|{key}".encode()).digest()
        return float(int.from_bytes(digest[:6], "big")) / 2.0**48

    def below(self, count: int, purpose: str, key: str) -> int:
        """Draw a whole number from 0 to `count` - 1."""
        return int(count * self.share(purpose, key))

    def pick(self, table: tuple[tuple[T, float], ...], purpose: str, key: str) -> T:
        """Draw a value of a table of (value, share)."""
        left = self.share(purpose, key)
        for value, share in table:
            left -= share
            if left < 0:
                return value
        return table[-1][0]

    def id(self, kind: str, key: str) -> str:
        """Make the id of the resource that `key` names."""
        return str(uuid5(_namespace(self.seed), f"{kind}|{key}"))


def _namespace(seed: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"https://praxis.example/synthetic/{seed}")


class Clinic:
    """The days the clinic sees people, how busy they are, and which slots are taken."""

    def __init__(self, dice: Dice, until: date, months: int, zone: ZoneInfo) -> None:
        month = until.year * 12 + until.month - months
        first = date(month // 12, month % 12 + 1, 1)
        calendar = (first + timedelta(n) for n in range((until - first).days + 1))
        self.days = [day for day in calendar if is_open(day) or day == until]
        self.id = dice.id("Organization", "clinic")
        self.until, self.zone = until, zone
        self._dice = dice
        self._taken: set[tuple[date, int, time]] = set()

    def comes(self, day: date, key: str) -> bool:
        """Tell whether a visit planned for `day` takes place, by season and weekday."""
        busy = tables.SEASON[day.month - 1] * tables.WEEKDAY[day.weekday()]
        return self._dice.share("comes", key) < busy

    def book(self, day: date, provider: int, key: str) -> datetime:
        """Take the provider's next free slot from a drawn one on; a full day is double-booked."""
        slots = [SLOTS[n] for n in SATURDAY_SLOTS] if day.weekday() == 5 else list(SLOTS)
        start = self._dice.below(len(slots), "slot", key)
        wishes = slots[start:] + slots[:start]
        slot = next((s for s in wishes if (day, provider, s) not in self._taken), wishes[0])
        self._taken.add((day, provider, slot))
        return datetime.combine(day, slot, self.zone)


def is_open(day: date) -> bool:
    """Tell whether the clinic is open: weekdays and a month's first Saturday, but no holiday."""
    if day.weekday() >= 5:
        return day.weekday() == 5 and day.day <= 7 and not _is_fixed_holiday(day)
    return not is_holiday(day)


def is_holiday(day: date) -> bool:
    """Tell whether a weekday is one of the six US holidays clinics keep, or its observed day."""
    weekday, month = day.weekday(), day.month
    return (
        _is_fixed_holiday(day)
        or (weekday == 0 and _is_fixed_holiday(day - timedelta(1)))
        or (weekday == 4 and _is_fixed_holiday(day + timedelta(1)))
        or (weekday == 0 and month == 5 and day.day > 24)  # Memorial Day
        or (weekday == 0 and month == 9 and day.day <= 7)  # Labor Day
        or (weekday == 3 and month == 11 and 22 <= day.day <= 28)  # Thanksgiving
    )


def _is_fixed_holiday(day: date) -> bool:
    return (day.month, day.day) in tables.FIXED_HOLIDAYS


@dataclass(frozen=True)
class Person:
    """A patient: when they joined (an index into the clinic's days), and what stays the same."""

    key: str
    number: int
    id: str
    first: int
    birth: date
    sex: str
    provider: int
    smoking: Coding
    chronic: tuple[Coding, ...]
    conditions: frozenset[str] = field(default=frozenset())

    def age(self, day: date) -> int:
        """Return completed years on `day`."""
        birthday_due = (day.month, day.day) < (self.birth.month, self.birth.day)
        return day.year - self.birth.year - birthday_due

    def band(self, day: date) -> int:
        """Return the age band of the tables: 0–17, 18–39, 40–64, 65+."""
        return bisect_right(tables.AGE_BANDS, self.age(day))


def _person(dice: Dice, clinic: Clinic, number: int) -> Person:
    key = str(number)
    first = _first_day(dice, len(clinic.days), key)
    youngest, oldest = dice.pick(tables.AGES, "age", key)
    years = youngest + (oldest + 1 - youngest) * dice.share("years", key)
    birth = clinic.days[first] - timedelta(int(years * 365.25))
    band = bisect_right(tables.AGE_BANDS, int(years))
    chronic = tuple(
        coding
        for coding, shares in tables.CHRONIC
        if dice.share(coding.code, key) < shares[band]
    )
    providers = tables.CHILD_PROVIDERS if band == 0 else tables.ADULT_PROVIDERS
    return Person(
        key=key,
        number=number,
        id=dice.id("Patient", key),
        first=first,
        birth=birth,
        sex=dice.pick(tables.SEXES, "sex", key),
        provider=dice.pick(providers, "provider", key),
        smoking=tables.SMOKING[0][0] if band == 0 else dice.pick(tables.SMOKING, "smoking", key),
        chronic=chronic,
        conditions=frozenset(coding.code for coding in chronic),
    )


def _first_day(dice: Dice, days: int, key: str) -> int:
    """Draw the day of registration: a founding panel in the first fifth, others all along."""
    span = days / 5 if dice.share("founding", key) < 0.4 else days
    return int(span * dice.share("first", key))


class Visit(NamedTuple):
    """One visit; `start` and `end` are in the clinic's zone."""

    key: str
    person: Person
    is_first: bool
    kind: VisitKind
    provider: int
    start: datetime
    end: datetime
    reason: Coding | None

    @property
    def is_acute(self) -> bool:
        """Whether the visit brings a passing condition of its own."""
        return self.reason is not None and self.reason not in self.person.chronic


def _visits(dice: Dice, clinic: Clinic, person: Person) -> Iterator[Visit]:
    for count, day in enumerate(_visit_days(dice, clinic, person)):
        key = f"{person.key}.{count}"
        kind = _visit_kind(dice, person, day, key, is_first=count == 0)
        provider = person.provider
        if dice.share("stand-in", key) < 0.12:
            by_age = tables.CHILD_PROVIDERS if person.band(day) == 0 else tables.ADULT_PROVIDERS
            provider = dice.pick(by_age, "provider", key)
        start = clinic.book(day, provider, key)
        yield Visit(
            key=key,
            person=person,
            is_first=count == 0,
            kind=kind,
            provider=provider,
            start=start,
            end=start + timedelta(minutes=kind.minutes),
            reason=_reason(dice, person, day, kind, key),
        )


def _visit_days(dice: Dice, clinic: Clinic, person: Person) -> list[date]:
    """Walk from the first visit to the person's last day, one drawn gap at a time."""
    stays = person.number % LAST_DAY_EVERY == 1
    end = len(clinic.days)
    if not stays and dice.share("leaves", person.key) < 0.22:
        end = person.first + int((end - person.first) * dice.share("left", person.key))
    a_year = tables.VISITS_A_YEAR[person.band(clinic.days[person.first])]
    a_year += tables.CHRONIC_VISITS_A_YEAR if person.chronic else 0
    at, days = float(person.first), [clinic.days[person.first]]
    for step in range(end):
        key = f"{person.key}.{step}"
        at += CLINIC_DAYS_A_YEAR / a_year * (0.35 + 1.3 * dice.share("gap", key))
        if at >= end:
            break
        day = clinic.days[int(at)]
        if clinic.comes(day, key):
            days.append(day)
    if stays:
        days[-1] = clinic.until
    return days


def _visit_kind(dice: Dice, person: Person, day: date, key: str, *, is_first: bool) -> VisitKind:
    if not is_open(day):
        return tables.TELEMEDICINE
    if is_first:
        return tables.NEW
    kinds = tables.CHRONIC_VISITS if person.chronic else tables.OTHER_VISITS
    return dice.pick(kinds, "kind", key)


def _reason(dice: Dice, person: Person, day: date, kind: VisitKind, key: str) -> Coding | None:
    if kind.reason == "none":
        return None
    if kind.reason == "chronic" and person.chronic:
        return person.chronic[dice.below(len(person.chronic), "reason", key)]
    table = tables.CHILD_ACUTE if person.band(day) == 0 else tables.ACUTE
    return dice.pick(table, "reason", key)


def _staff(dice: Dice) -> Iterator[Resource]:
    clinic_id = dice.id("Organization", "clinic")
    yield fhir.organization(clinic_id)
    for provider in tables.PROVIDERS:
        provider_id = dice.id("Practitioner", provider.npi)
        yield fhir.practitioner(provider_id, provider)
        role_id = dice.id("PractitionerRole", provider.npi)
        yield fhir.practitioner_role(role_id, provider, provider_id, clinic_id)


def _provider_id(dice: Dice, provider: int) -> str:
    return dice.id("Practitioner", tables.PROVIDERS[provider].npi)


def _patient(dice: Dice, person: Person) -> Resource:
    key = person.key
    families, given = tables.FAMILY_NAMES, tables.GIVEN_NAMES[person.sex]
    ethnicity = dice.pick(tables.ETHNICITIES, "ethnicity", key)
    hispanic = ethnicity == tables.HISPANIC
    return fhir.patient(
        person.id,
        number=person.number,
        name=(
            families[dice.below(len(families), "family", key)],
            given[dice.below(len(given), "given", key)],
        ),
        sex=person.sex,
        birth=person.birth,
        race=dice.pick(tables.RACES, "race", key),
        ethnicity=ethnicity,
        language=dice.pick(
            tables.HISPANIC_LANGUAGES if hispanic else tables.LANGUAGES, "language", key
        ),
        place=dice.pick(tables.PLACES, "place", key),
        provider_id=_provider_id(dice, person.provider),
        clinic_id=dice.id("Organization", "clinic"),
    )


def _visit_resources(dice: Dice, clinic: Clinic, visit: Visit) -> Iterator[Resource]:
    encounter_id = dice.id("Encounter", visit.key)
    yield fhir.encounter(
        encounter_id,
        kind=Coding(visit.kind.code, visit.kind.display),
        class_code=visit.kind.class_code,
        start=visit.start,
        end=visit.end,
        reason=visit.reason,
        patient_id=visit.person.id,
        provider_id=_provider_id(dice, visit.provider),
        clinic_id=clinic.id,
    )
    labs = [panel for panel in tables.LABS if _done(dice, visit, panel.when, panel.code)]
    yield from _billing(dice, clinic, visit, labs)
    yield from _conditions(dice, clinic, visit)
    yield from _vitals(dice, visit)
    for panel in labs:
        yield from _lab(dice, visit, panel)


def _done(dice: Dice, visit: Visit, when: When, purpose: str) -> bool:
    day, person = visit.start, visit.person
    return (
        visit.kind.code in (when.kinds or tables.IN_PERSON)
        and day.month in when.months
        and (when.condition is None or _has(visit, when.condition))
        and person.age(day.date()) >= when.min_age
        and dice.share(purpose, visit.key) < when.share
    )


def _has(visit: Visit, code: str) -> bool:
    return code in visit.person.conditions or (visit.reason is not None and visit.reason.code == code)
