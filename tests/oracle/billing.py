"""The life of claims: sent, answered, denied, won back.

Where the rules leave a choice, this reading was taken:

1.  A claim counts once in each of its stages: when it was first sent, first adjudicated (paid,
    partially paid or denied), first denied, and when that denial was resolved (paid, or its
    `denial_write_off` posted, whichever came first).
2.  Days to submit count from the date of service. All is seen at the end of today.
3.  A claim is clean without any scrubber failure or rejection up to today.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .exact import Figures, ratio, spread, total
from .practice import Practice
from .records import BilledClaim, ClaimEvent

PREVENTABLE = {"16", "18", "27", "29", "197"}
PAID, FINAL = {"paid", "partially_paid"}, {"paid", "partially_paid", "denied"}


@dataclass(frozen=True)
class Course:
    """What happened to one claim, up to today."""

    claim: BilledClaim
    sent_on: date | None
    clean: bool
    answer: ClaimEvent | None
    paid_later_on: date | None
    written_off_on: date | None

    @property
    def denied(self) -> bool:
        return self.answer is not None and self.answer.event == "denied"

    @property
    def resolved_on(self) -> date | None:
        days = [on for on in (self.paid_later_on, self.written_off_on) if on]
        return min(days) if days and self.denied else None


ANSWER = {"paid": "accepted", "partially_paid": "accepted", "rejected": "rejected",
          "denied": "denied"}  # fmt: skip


def states(made: Practice, start: date, end: date) -> Figures:
    """The claims created in a period by where they stand today."""
    last: dict[str, str] = {}
    for event in sorted(made.facts.claim_events, key=lambda event: event.occurred_on):
        if event.occurred_on <= made.today:
            last[event.claim_id] = ANSWER.get(event.event, "pending")
    cohort = [c for c in made.facts.claims if start <= c.created_on <= min(end, made.today)]
    unanswered = {True: "accepted", False: "pending", None: "draft"}
    count = Counter(last.get(c.claim_id, unanswered[c.closed]) for c in cohort)
    answered = count["accepted"] + count["rejected"] + count["denied"]
    value = sum((c.billed for c in cohort), Decimal("0.00"))
    return {
        "total_claims": len(cohort),
        "draft_claims": count["draft"],
        "submitted_claims": len(cohort) - count["draft"],
        "accepted_claims": count["accepted"],
        "rejected_claims": count["rejected"],
        "denied_claims": count["denied"],
        "pending_claims": count["pending"],
        "acceptance_rate": ratio(100, count["accepted"], answered),
        "total_claim_value": value,
        "average_claim_amount": ratio(1, value, len(cohort)),
    }


def courses(made: Practice) -> list[Course]:
    """One for every claim."""
    events: dict[str, list[ClaimEvent]] = defaultdict(list)
    for event in made.facts.claim_events:
        if event.occurred_on <= made.today:
            events[event.claim_id].append(event)
    off = {
        e.claim_id: e.posting_date
        for e in made.facts.ledger
        if e.reason == "denial_write_off" and e.posting_date <= made.today
    }
    return [_course(c, events[c.claim_id], off.get(c.claim_id)) for c in made.facts.claims]


def _course(claim: BilledClaim, events: list[ClaimEvent], off: date | None) -> Course:
    events = sorted(events, key=lambda event: event.occurred_on)
    sent = [e.occurred_on for e in events if e.event == "submitted"]
    final = [e for e in events if e.event in FINAL]
    later = [e.occurred_on for e in final[1:] if e.event in PAID]
    return Course(
        claim,
        sent[0] if sent else None,
        not any(e.event in ("rejected", "scrub_failed") for e in events),
        final[0] if final else None,
        later[0] if later else None,
        off,
    )


def claims(made: Practice, start: date, end: date) -> Figures:
    """How claims fared by the date of each stage."""
    last = min(end, made.today)

    def inside(on: date | None) -> bool:
        return on is not None and start <= on <= last

    every = courses(made)
    sent = [c for c in every if inside(c.sent_on)]
    answered = [c for c in every if c.answer and inside(c.answer.occurred_on)]
    denied = [c for c in answered if c.denied]
    carcs = [c.answer.carc for c in denied if c.answer]
    resolved = [c for c in denied if c.resolved_on]
    return {
        "clean_claim_rate": ratio(100, sum(c.clean for c in sent), len(sent)),
        "initial_denials": len(denied),
        "initial_denials_billed": sum((c.claim.billed for c in denied), Decimal("0.00")),
        "initial_denial_rate": ratio(100, len(denied), len(answered)),
        "initial_denial_rate_billed": ratio(
            100, total(c.claim.billed for c in denied), total(c.claim.billed for c in answered)
        ),
        "first_pass_resolution_rate": ratio(
            100, sum(c.clean and not c.denied for c in answered), len(answered)
        ),
        "preventable_denial_share": ratio(
            100, sum(carc in PREVENTABLE for carc in carcs), len(denied)
        ),
        "denial_overturn_rate": ratio(
            100, sum(c.paid_later_on is not None for c in resolved), len(resolved)
        ),
        "eligibility_denials_per_1000": ratio(
            1000, sum(carc in ("26", "27") for carc in carcs), len(answered)
        ),
        **_days(every, start, last),
    }


def write_offs(made: Practice, start: date, end: date) -> Figures:
    """What was given up of denied claims, by posting date."""
    last = min(end, made.today)

    def posted(*reasons: str) -> Decimal:
        return sum(
            (
                e.amount for e in made.facts.ledger
                if e.entry == "adjustment" and e.reason in reasons
                and start <= e.posting_date <= last
            ),
            Decimal(0),
        )  # fmt: skip

    charged = total(c.amount for c in made.facts.charges if start <= c.posting_date <= last)
    net = charged - total([posted("contractual", "self_pay_discount")])
    return {"denial_write_off_pct": ratio(100, posted("denial_write_off"), net)}


def _days(every: list[Course], start: date, last: date) -> Figures:
    def between(pairs: list[tuple[date | None, date | None]]) -> list[int]:
        return [(b - a).days for a, b in pairs if a and b and start <= b <= last]

    return {
        **spread("days_to_submit", between([(c.claim.service_date, c.sent_on) for c in every])),
        **spread(
            "days_to_adjudicate",
            between([(c.sent_on, c.answer.occurred_on if c.answer else None) for c in every]),
        ),
        **spread(
            "days_denial_to_resolution",
            between([(c.answer.occurred_on if c.answer else None, c.resolved_on) for c in every]),
        ),
    }
