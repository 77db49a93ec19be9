"""What payers answer to claims: the insurance's payments and events of the claim.

With the demo overlay on they make nothing: it decides both.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from praxis_analytics.domain.facts import CLAIM_EVENT, LEDGER
from praxis_analytics.sources.context import Billed, Fact, Need
from praxis_analytics.sources.fhir.entry import Entry
from praxis_analytics.sources.fhir.mapping_claims import (
    coverage_of,
    encounter_of,
    kind_of,
    payer_of,
)
from praxis_analytics.sources.fhir.reading import Resource
from praxis_analytics.sources.fhir.values import Value, at, code, listed
from praxis_analytics.sources.problems import Skipped

_EPOCH = date(1970, 1, 1)
# Reasons that explain an amount without denying the service: deductible, coinsurance, copay,
# contractual and legislated reductions.
_NOT_DENYING = {"1", "2", "3", "45", "66", "237", "253"}
# An item this many days from the service contradicts it.
_CONTRADICTS_DAYS = 31


def response_needs(e: Entry) -> Iterator[Need]:
    """A ClaimResponse takes everything from its claim."""
    yield "claims", e.ref(e.get("request"), "claim")


def explanation_needs(e: Entry) -> Iterator[Need]:
    """An ExplanationOfBenefit takes most from its claim."""
    yield "claims", e.ref(e.get("claim"), "claim")
    yield "coverages", e.ref(coverage_of(e), "coverage")


def reconciliation_needs(e: Entry) -> Iterator[Need]:
    """A PaymentReconciliation pays for many claims."""
    for detail in listed(e.resource.get("detail")):
        yield "claims", e.ref(detail.get("request"), "claim")


def claim_response(e: Entry) -> Iterator[Fact]:
    """ClaimResponse → fact_claim_event."""
    kind_of(e)
    _no_overlay(e)
    claim_id = e.ref(e.get("request"), "claim")
    if claim_id is None:
        raise Skipped("answers no claim")
    yield from _event(e, claim_id)


def explanation_of_benefit(e: Entry) -> Iterator[Fact]:
    """ExplanationOfBenefit → the insurance's payment in fact_ledger, and fact_claim_event."""
    kind_of(e)
    claim_id = e.ref(e.get("claim"), "claim")
    bill = e.context.links.claims.get(claim_id) if claim_id else None
    _check_dates(e, bill)
    _no_overlay(e)
    if claim_id is not None and bill is None:
        e.warn("unknown_reference")
    created = e.context.day(e.need("created"))
    payment = e.get("payment")
    amount = e.money(at(payment, "amount"))
    if amount is not None:
        paid_on = e.context.day(at(payment, "date"))
        yield e.fact(
            LEDGER,
            entry_id=e.context.id("entry", e.source.resource),
            **_billed(e, claim_id, bill),
            entry="payment",
            reason="insurance",
            amount=amount,
            deposit_date=paid_on,
            posting_date=paid_on or created,
        )
    if claim_id is not None:
        yield from _event(e, claim_id)


def _no_overlay(e: Entry) -> None:
    if e.context.overlay:
        raise Skipped("is replaced by the demo overlay")


def _check_dates(e: Entry, bill: Billed | None) -> None:
    service = (bill and bill.service_date) or e.day("billablePeriod", "start")
    item = e.day("item", "servicedPeriod", "start") or e.day("item", "servicedDate")
    if service and item and abs((item - service).days) > _CONTRADICTS_DAYS:
        e.warn("item_date_contradicts_encounter")


def _billed(e: Entry, claim_id: uuid.UUID | None, bill: Billed | None) -> dict[str, object]:
    """What a posting takes from its claim, or from the answer itself when that is not loaded."""
    if bill is None:
        return {
            "claim_id": claim_id,
            "encounter_id": encounter_of(e),
            "patient_id": e.patient_id,
            "payer_id": payer_of(e),
        }
    return {
        "claim_id": claim_id,
        "encounter_id": bill.encounter_id,
        "patient_id": bill.patient_id or e.patient_id,
        "provider_id": bill.provider_id,
        "payer_id": bill.payer_id or payer_of(e),
        "service_date": bill.service_date,
    }


def _event(e: Entry, claim_id: uuid.UUID) -> Iterator[Fact]:
    outcome = e.need("outcome")
    if outcome == "queued":
        return
    created = e.context.day(e.need("created"))
    paid = e.money(e.get("payment", "amount"))
    if paid is None:
        paid = _total(e, "benefit")
    reasons = list(_reasons(e.resource))
    event, category = _decision(str(outcome), paid, reasons)
    yield e.fact(
        CLAIM_EVENT,
        claim_id=claim_id,
        seq=_sequence(created or _EPOCH, e.source.resource),
        event=event,
        occurred_on=created,
        x12_source="277CA" if event == "rejected" else "835",
        status_category=category,
        carc=list(dict.fromkeys(reasons)),
        rarc=[],
        amount=paid,
    )


def _decision(outcome: str, paid: Decimal | None, reasons: list[str]) -> tuple[str, str]:
    """Event and X12 status category of an outcome. Nothing paid is a denial only with a reason
    that denies."""
    if outcome == "error":
        return "rejected", "A3"
    if outcome == "partial":
        return "partially_paid", "F1"
    if not paid and not set(reasons) <= _NOT_DENYING:
        return "denied", "F2"
    return "paid", "F1"


def _sequence(on: date, resource: str) -> int:
    """A place among the claim's events that needs no other event: by day, then any fixed order."""
    return (on - _EPOCH).days * 65_536 + zlib.crc32(resource.encode()) % 65_536


def _total(e: Entry, category: str) -> Decimal | None:
    for total in listed(e.resource.get("total")):
        if code(total.get("category")) == category:
            return e.money(total.get("amount"))
    return None


def _reasons(answer: Resource) -> Iterator[str]:
    """The adjustment reason codes of an answer and its lines."""
    for adjudication in listed(answer.get("adjudication")):
        found = code(adjudication.get("reason"))
        if found:
            yield found
    for part in ("item", "addItem", "detail", "subDetail"):
        for line in listed(answer.get(part)):
            yield from _reasons(line)


def payment_reconciliation(e: Entry) -> Iterator[Fact]:
    """PaymentReconciliation → one payment per detail; those without a claim are unapplied.

    A detail that repeats the payment an explanation of benefit stated for its claim is left out.
    """
    _no_overlay(e)
    paid_on = e.day("paymentDate")
    for line, detail in enumerate(listed(e.resource.get("detail")), 1):
        fact = _reconciled(e, line, detail, paid_on)
        if fact is not None:
            yield fact


def _reconciled(e: Entry, line: int, detail: Resource, paid_on: date | None) -> Fact | None:
    amount = e.money(detail.get("amount"))
    if amount is None or code(detail.get("type")) not in ("payment", "advance"):
        e.warn("payment_detail_not_mapped")
        return None
    claim_id = e.ref(detail.get("request"), "claim")
    bill = e.context.links.claims.get(claim_id) if claim_id else None
    if bill is not None and amount in bill.posted:
        e.warn("payment_stated_twice")
        return None
    owner: dict[str, object] = _billed(e, claim_id, bill) if bill else {"claim_id": claim_id}
    on: Value = e.context.day(detail.get("date"))
    return e.fact(
        LEDGER,
        f"{e.id}|{line}",
        entry_id=e.context.id("entry", f"{e.source.resource}|{line}"),
        **owner,
        entry="payment",
        reason="insurance",
        amount=amount,
        deposit_date=paid_on,
        posting_date=on or paid_on,
    )
