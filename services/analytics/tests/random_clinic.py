"""A clinic at random: facts, their corrections, voids and moves, and questions about them."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CHARGE,
    CLAIM,
    CLAIM_EVENT,
    ENCOUNTER,
    LEDGER,
    PATIENT,
    PAYER,
    PROVIDER,
    Batch,
    Kind,
)
from praxis_analytics.domain.periods import GRAINS, Range, previous
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.dimensions import dimensions_of
from praxis_analytics.domain.registry.model import Part
from praxis_analytics.domain.rollups import fact_name, rolled_facts, stored_as
from services.analytics.tests.book import Book, Entry

EVENTS = ("submitted", "rejected", "scrub_failed", "denied", "denied", "paid", "partially_paid")
START, DAYS = date(2025, 1, 1), 200
ZONE = "America/New_York"
FACTS = rolled_facts()


def is_rolled(part: Part) -> bool:
    """Whether roll-ups hold what a part counts, over its own time or another."""
    fact = FACTS.get(fact_name(part))
    return fact is not None and stored_as(fact, part) is not None


# Metrics that roll-ups have any part of.
METRIC_IDS = sorted(name for name, metric in METRICS.items() if any(map(is_rolled, metric.parts)))
# Those that follow from the events of claims as well.
_FOLLOWING = {part.id for fact in FACTS.values() if fact.follows for part in fact.sums}
STAGE_IDS = [n for n in METRIC_IDS if any(p.id in _FOLLOWING for p in METRICS[n].parts)]


class Clinic:
    """Random facts, their corrections, voids and moves to other days, and random questions."""

    def __init__(self, book: Book, seed: int) -> None:
        self.book = book
        self.random = random.Random(seed)
        self.version = 0

    def batch(self) -> Batch:
        batch = Batch()
        for _ in range(self.random.randint(1, 12)):
            kind = self.random.choice(
                (CHARGE, LEDGER, LEDGER, APPOINTMENT, APPOINTMENT, ENCOUNTER, CLAIM, PAYER, PATIENT,
                 CLAIM_EVENT, CLAIM_EVENT)
            )  # fmt: skip
            self.version += 1
            voided = self.random.random() < 0.1
            if kind is CLAIM_EVENT:
                entry = self.claim_event(voided)
            else:
                entry = self.book.entry(
                    kind,
                    str(self.random.randint(1, 4 if kind in (PAYER, PATIENT) else 25)),
                    version=self.version,
                    voided=voided,
                    synthetic=self.random.random() < 0.05,
                    **self.values(kind),
                )
            batch.add(entry.kind, entry.row)
        return batch

    def claim_event(self, voided: bool) -> Entry:
        """Of one of few claims, which may have more of them or not be known yet."""
        claim, seq = str(self.random.randint(1, 12)), self.random.randint(1, 4)
        row = CLAIM_EVENT.fact(
            self.book.source(f"event/{claim}/{seq}", self.version),
            f"{claim}/{seq}",
            claim_id=self.book.id(CLAIM, claim),
            seq=seq,
            voided=voided,
            event=self.random.choice(EVENTS),
            occurred_on=self.day(),
            carc=[self.random.choice(["16", "26", "45"])],
        )
        return Entry(CLAIM_EVENT, row)

    def day(self) -> date:
        return START + timedelta(self.random.randint(0, DAYS))

    def one_of(self, kind: Kind) -> object:
        number = self.random.randint(0, 4)
        return self.book.id(kind, str(number)) if number else None

    def instant(self) -> datetime:
        """Often about the midnight that two months meet at."""
        if self.random.random() < 0.4:
            midnight = datetime(2025, self.random.randint(1, 7), 1, tzinfo=ZoneInfo(ZONE))
            return midnight.astimezone(UTC) + timedelta(hours=self.random.randint(-15, 15))
        hours = self.random.randint(0, 24 * DAYS)
        return datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours)

    def values(self, kind: Kind) -> dict[str, object]:
        day = self.day()
        who = {
            "payer_id": self.one_of(PAYER),
            "provider_id": self.one_of(PROVIDER),
            "patient_id": self.one_of(PATIENT),
        }
        amount = Decimal(self.random.randint(-500, 5000)) / 100
        if kind is PAYER:
            return {"payer_class": self.random.choice(["medicare", "medicaid", "commercial"])}
        if kind is PATIENT:
            return {"sex": self.random.choice(["female", "male"])}
        if kind is APPOINTMENT:
            status = self.random.choice(["fulfilled", "noshow", "booked", "cancelled"])
            return {**who, "start_at": self.instant(), "status": status}
        if kind is ENCOUNTER:
            return {**who, "start_at": self.instant(), "status": "finished", "class": "AMB"}
        if kind is CLAIM:
            sent, answered = self.random.choice([(None, None), (day, None), (day, self.day())])
            return {
                **who,
                "created_on": day,
                "billed": abs(amount),
                "frequency_code": self.random.choice([None, 1, 1, 7]),
                "service_from": day,
                "first_submitted_on": sent,
                "first_adjudicated_on": answered,
                "first_pass_outcome": self.random.choice(["paid", "denied"]) if answered else None,
                "status": self.random.choice(["draft", "submitted", "paid", "denied"]),
            }
        posted = {**who, "posting_date": day, "service_date": day, "amount": amount}
        if kind is LEDGER:
            entry, reason = self.random.choice(
                [
                    *[("payment", "insurance"), ("payment", "recoupment"), ("refund", None)],
                    *[("adjustment", "contractual"), ("payment", "patient")],
                ]
            )
            method = self.random.choice([None, "check", "card"])
            posted |= {"entry": entry, "reason": reason, "method": method}
        return posted

    def question(self) -> Question:
        about = METRIC_IDS if self.random.random() < 0.6 else STAGE_IDS
        metrics = tuple(self.random.sample(about, self.random.randint(1, 4)))
        able = set.intersection(*(set(dimensions_of(METRICS[name])) for name in metrics))
        liked = sorted(able & {"payer", "payer_class", "provider", "method"}) or sorted(able)
        split = self.random.sample(liked, min(len(liked), self.random.choice([0, 0, 1, 1, 2])))
        start = START + timedelta(self.random.randint(-20, DAYS))
        if self.random.random() < 0.6:
            start = start.replace(day=1)
        period = Range(start, start + timedelta(self.random.choice([0, 27, 30, 58, 89, 180])))
        trends = all(METRICS[name].trendable for name in metrics)
        filters = self.filters(liked)
        filtered = [name for name, _ in filters]
        return Question(
            metrics=metrics,
            period=period,
            comparison=previous(period) if self.random.random() < 0.3 else None,
            today=START + timedelta(self.random.randint(30, 400)),
            time_zone=ZONE if self.random.random() < 0.9 else "Asia/Tokyo",
            # Charges, which accrual counts, have no method.
            accrual_basis=self.random.random() < 0.3 and "method" not in (*split, *filtered),
            dimensions=tuple(split),
            grain=self.random.choice(["", *GRAINS]) if trends else "",
            filters=filters,
        )

    def filters(self, able: list[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if not able or self.random.random() < 0.7:
            return ()
        name = self.random.choice(able)
        kinds = {"payer": PAYER, "provider": PROVIDER}
        if name in kinds:
            return ((name, (str(self.book.id(kinds[name], "1")), "")),)
        if name == "method":
            return ((name, ("check", "")),)
        return ((name, ("medicare", "")),)
