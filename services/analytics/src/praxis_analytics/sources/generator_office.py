"""The synthetic clinic's desk: insurance of patients, messages between clinicians, free time."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Final

from praxis_analytics.sources import generator_fhir as fhir
from praxis_analytics.sources import generator_tables as tables
from praxis_analytics.sources.generator_clinic import (
    SATURDAY_SLOTS,
    SLOTS,
    Clinic,
    Dice,
    Person,
    Visit,
    is_open,
)
from praxis_analytics.sources.generator_fhir import Resource

SECONDARY: Final = "AARP"
# Slots are told for so many days before and after the last one.
SLOT_DAYS: Final = 28
SLOT_LENGTH: Final = timedelta(minutes=20)
# The share of slots booked already, for today and for the last day ahead.
BOOKED: Final = (0.97, 0.25)


def coverage(dice: Dice, person: Person, payers: Mapping[str, date]) -> Iterator[Resource]:
    """Yield a person's insurance; `payers` are who paid, each from its first day on."""
    insured = [payer for payer in payers if payer != tables.SELF_PAY]
    for payer, following in zip_longest(insured, insured[1:]):
        end = payers[following] - timedelta(1) if following else None
        yield _coverage(dice, person, payer, (payers[payer], end), 1)
        if payer == "medicare" and dice.share("secondary", person.key) < 0.4:
            yield _coverage(dice, person, SECONDARY, (payers[payer], end), 2)


def _coverage(
    dice: Dice, person: Person, payer: str, days: tuple[date, date | None], order: int
) -> Resource:
    period = {
        name: day.isoformat() for name, day in zip(("start", "end"), days, strict=True) if day
    }
    return fhir.resource(
        "Coverage",
        dice.id("Coverage", f"{person.key}.{payer}"),
        status="active",
        beneficiary=fhir.reference("Patient", person.id),
        payor=[{"display": payer}],
        order=order,
        period=period,
    )


def messages(dice: Dice, clinic: Clinic, visit: Visit) -> Iterator[Resource]:
    """Yield what a visit's clinician asks a colleague afterwards, and the answer; a message is
    read hours later, so that the newest are unread."""
    if dice.share("message", visit.key) >= 0.18:
        return
    others = [n for n in range(len(clinic.provider_ids)) if n != visit.provider]
    colleague = others[dice.below(len(others), "colleague", visit.key)]
    first = dice.id("Communication", visit.key)
    sent = visit.end + timedelta(minutes=5 + dice.below(50, "sent", visit.key))
    read = _read(dice, clinic, f"{visit.key}.1", sent)
    yield _message(clinic, visit, first, (visit.provider, colleague), (sent, read))
    if read is not None and dice.share("answer", visit.key) < 0.65:
        answered = read + timedelta(minutes=2 + dice.below(90, "answered", visit.key))
        if answered <= _closing(clinic):
            again = _read(dice, clinic, f"{visit.key}.2", answered)
            reply = dice.id("Communication", f"{visit.key}.2")
            who = (colleague, visit.provider)
            yield _message(clinic, visit, reply, who, (answered, again), first)


def _closing(clinic: Clinic) -> datetime:
    return datetime.combine(clinic.until, time(23, 59), clinic.zone)


def _read(dice: Dice, clinic: Clinic, key: str, sent: datetime) -> datetime | None:
    read = sent + timedelta(minutes=3 + dice.below(30 * 60, "read", key))
    return read if read <= _closing(clinic) and dice.share("never read", key) >= 0.02 else None


def _message(
    clinic: Clinic,
    visit: Visit,
    resource_id: str,
    who: tuple[int, int],
    when: tuple[datetime, datetime | None],
    answers: str = "",
) -> Resource:
    sender, recipient = (fhir.reference("Practitioner", clinic.provider_ids[n]) for n in who)
    fields: dict[str, object] = {"sent": fhir.instant(when[0])}
    if when[1] is not None:
        fields["received"] = fhir.instant(when[1])
    if answers:
        fields["inResponseTo"] = [fhir.reference("Communication", answers)]
    return fhir.resource(
        "Communication",
        resource_id,
        status="completed",
        subject=fhir.reference("Patient", visit.person.id),
        sender=sender,
        recipient=[recipient],
        **fields,
    )


def slots(dice: Dice, clinic: Clinic) -> Iterator[Resource]:
    """Yield the bookable time around the last day: kept slots are busy, others free."""
    for provider, provider_id in enumerate(clinic.provider_ids):
        schedule_id = dice.id("Schedule", provider_id)
        yield fhir.resource(
            "Schedule",
            schedule_id,
            active=True,
            actor=[fhir.reference("Practitioner", provider_id)],
        )
        for ahead in range(-SLOT_DAYS, SLOT_DAYS + 1):
            day = clinic.until + timedelta(ahead)
            if is_open(day):
                for start in SATURDAY_SLOTS if day.weekday() == 5 else SLOTS:
                    busy = _busy(dice, clinic, provider, day, start)
                    yield _slot(dice, clinic, schedule_id, datetime.combine(day, start), busy=busy)


def _busy(dice: Dice, clinic: Clinic, provider: int, day: date, start: time) -> bool:
    ahead = (day - clinic.until).days
    if ahead <= 0:
        return clinic.is_taken(day, provider, start)
    now, later = BOOKED
    key = f"{provider}.{day}.{start}"
    return dice.share("booked ahead", key) < now + (later - now) * ahead / SLOT_DAYS


def _slot(dice: Dice, clinic: Clinic, schedule_id: str, wall: datetime, *, busy: bool) -> Resource:
    start = wall.replace(tzinfo=clinic.zone)
    return fhir.resource(
        "Slot",
        dice.id("Slot", f"{schedule_id}.{wall.isoformat()}"),
        schedule=fhir.reference("Schedule", schedule_id),
        status="busy" if busy else "free",
        start=fhir.instant(start),
        end=fhir.instant(start + SLOT_LENGTH),
    )
