"""Who comes to the synthetic clinic, when and why: the draws behind the generator's files.

People register over time, come back at their own pace and sometimes leave; seasons, weekdays and
holidays thin their visits out.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import count
from math import sqrt
from typing import Final, NamedTuple, TypeVar
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from praxis_analytics.sources import generator_tables as tables
from praxis_analytics.sources.generator_tables import Coding, VisitKind, When

T = TypeVar("T")

SLOTS: Final = tuple(time(h, m) for h in (8, 9, 10, 11, 13, 14, 15, 16, 17) for m in (0, 20, 40))
SATURDAY_SLOTS: Final = SLOTS[3:12]  # 09:00 to noon
CLINIC_DAYS_A_YEAR: Final = 264
# One in so many patients has the last visit on the very last day, so that "today" is never empty.
LAST_DAY_EVERY: Final = 70


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
        return str(uuid5(NAMESPACE_URL, f"https://praxis.example/{self.seed}/{kind}/{key}"))


class Clinic:
    """The days the clinic sees people, how busy they are, and which slots are taken."""

    def __init__(self, dice: Dice, until: date, months: int, zone: ZoneInfo) -> None:
        month = until.year * 12 + until.month - months
        first = date(month // 12, month % 12 + 1, 1)
        calendar = (first + timedelta(n) for n in range((until - first).days + 1))
        self.days = [day for day in calendar if is_open(day) or day == until]
        self.id = dice.id("Organization", "clinic")
        self.provider_ids = [dice.id("Practitioner", each.npi) for each in tables.PROVIDERS]
        self.until, self.zone = until, zone
        self._dice = dice
        self._taken: set[tuple[date, int, time]] = set()

    def comes(self, day: date, key: str) -> bool:
        """Tell whether a visit planned for `day` takes place, by season and weekday."""
        busy = tables.SEASON[day.month - 1] * tables.WEEKDAY[day.weekday()]
        return self._dice.share("comes", key) < busy

    def is_taken(self, day: date, provider: int, slot: time) -> bool:
        """Tell whether somebody has the provider's slot."""
        return (day, provider, slot) in self._taken

    def book(self, day: date, provider: int, key: str) -> datetime:
        """Take the provider's next free slot from a drawn one on; a full day is double-booked."""
        slots = SATURDAY_SLOTS if day.weekday() == 5 else SLOTS
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

    def age(self, day: date) -> int:
        """Return completed years on `day`."""
        birthday_due = (day.month, day.day) < (self.birth.month, self.birth.day)
        return day.year - self.birth.year - birthday_due


def age_band(age: int) -> int:
    """Return the age band of the tables: 0–17, 18–39, 40–64, 65+."""
    return bisect_right(tables.AGE_BANDS, age)


def register(dice: Dice, clinic: Clinic, number: int) -> Person:
    """Draw the person with the running `number` (from 1)."""
    key = str(number)
    first = _first_day(dice, len(clinic.days), key)
    youngest, oldest = dice.pick(tables.AGES, "age", key)
    years = youngest + (oldest + 1 - youngest) * dice.share("years", key)
    birth = clinic.days[first] - timedelta(int(years * 365.25))
    band = age_band(int(years))
    chronic = tuple(
        coding for coding, shares in tables.CHRONIC if dice.share(coding.code, key) < shares[band]
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
    )


def _first_day(dice: Dice, days: int, key: str) -> int:
    """Draw the day of registration: a founding panel in a fading first wave, others all along."""
    when = dice.share("first", key)
    if dice.share("founding", key) < 0.4:
        when = 0.4 * (1 - sqrt(1 - when))
    return int(days * when)


class Visit(NamedTuple):
    """One visit; `start` and `end` are in the clinic's zone."""

    key: str
    person: Person
    age: int
    is_first: bool
    kind: VisitKind
    provider: int
    start: datetime
    end: datetime
    reason: Coding | None


def done(dice: Dice, visit: Visit, when: When, purpose: str) -> bool:
    """Tell whether something is done at a visit."""
    person = visit.person
    return (
        visit.kind in (when.kinds or tables.IN_PERSON)
        and visit.start.month in when.months
        and (
            when.condition is None
            or when.condition == visit.reason
            or when.condition in person.chronic
        )
        and when.min_age <= visit.age <= when.max_age
        and when.sex in (None, person.sex)
        and dice.share(purpose, visit.key) < when.share
    )


def payer_of(dice: Dice, visit: Visit) -> str:
    """Draw who pays for a visit: the same for a person, until age brings another."""
    return dice.pick(tables.PAYERS_BY_AGE[age_band(visit.age)], "payer", visit.person.key)


def visits(dice: Dice, clinic: Clinic, person: Person) -> Iterator[Visit]:
    """Yield the person's visits, earliest first, and book their slots."""
    for nth, day in enumerate(_visit_days(dice, clinic, person)):
        key = f"{person.key}.{nth}"
        kind = _visit_kind(dice, person, day, key, is_first=nth == 0)
        age = person.age(day)
        provider = person.provider
        if dice.share("stand-in", key) < 0.12:
            by_age = tables.CHILD_PROVIDERS if age < 18 else tables.ADULT_PROVIDERS
            provider = dice.pick(by_age, "provider", key)
        start = clinic.book(day, provider, key)
        yield Visit(
            key=key,
            person=person,
            age=age,
            is_first=nth == 0,
            kind=kind,
            provider=provider,
            start=start,
            end=start + timedelta(minutes=kind.minutes),
            reason=_reason(dice, person, age, kind, key),
        )


def _visit_days(dice: Dice, clinic: Clinic, person: Person) -> list[date]:
    """Walk from the first visit to the person's last day, one drawn gap at a time."""
    stays = person.number % LAST_DAY_EVERY == 1
    end = len(clinic.days)
    if not stays and dice.share("leaves", person.key) < 0.22:
        end = person.first + int((end - person.first) * dice.share("left", person.key))
    a_year = tables.VISITS_A_YEAR[age_band(person.age(clinic.days[person.first]))]
    a_year += tables.CHRONIC_VISITS_A_YEAR if person.chronic else 0
    at, days = float(person.first), [clinic.days[person.first]]
    for step in count():
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


def _reason(dice: Dice, person: Person, age: int, kind: VisitKind, key: str) -> Coding | None:
    if kind.reason == "none":
        return None
    if kind.reason == "chronic" and person.chronic:
        return person.chronic[dice.below(len(person.chronic), "reason", key)]
    table = tables.CHILD_ACUTE if age < 18 else tables.ACUTE
    return dice.pick(table, "reason", key)
