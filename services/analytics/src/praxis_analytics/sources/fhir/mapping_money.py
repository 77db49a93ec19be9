"""Claims and what payers answer: charges, claims, their events and the ledger.

With the demo overlay on, a claim's dates, events and ledger are the overlay's, and explanations
of benefit make nothing.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from praxis_analytics.domain.facts import CHARGE, CLAIM, CLAIM_EVENT, LEDGER
from praxis_analytics.sources import overlay
from praxis_analytics.sources.fhir.mapping_people import payer_of_coverage
from praxis_analytics.sources.fhir.reading import Resource
from praxis_analytics.sources.fhir.values import (
    Answer,
    Billed,
    Entry,
    Fact,
    Rejected,
    Skipped,
    Value,
    Visit,
    at,
    clean,
    code,
    label,
    listed,
    number,
)

_EPOCH = date(1970, 1, 1)
_STATUS = {"draft": "draft", "cancelled": "voided", "entered-in-error": "voided"}
# Reasons that explain an amount without denying the service: deductible, coinsurance, copay,
# contractual and legislated reductions.
_NOT_DENYING = {"1", "2", "3", "45", "66", "237", "253"}
# An item this many days from the service contradicts it.
_CONTRADICTS_DAYS = 31


def _kind(e: Entry) -> str:
    """professional, institutional … Raises: Skipped for what this importer leaves out."""
    if e.get("use") not in (None, "claim"):
        raise Skipped(f"is no claim but a {e.get('use')}")
    kind = label(e.get("type")) or ""
    if kind == "pharmacy":
        raise Skipped("is a pharmacy claim")
    return kind


def payer_of(e: Entry) -> uuid.UUID | None:
    """The payer of a claim or explanation of benefit: its coverage's, else by name, else the
    insurer."""
    insurances = listed(e.resource.get("insurance"))
    focal = [one for one in insurances if one.get("focal")] or insurances
    cover = at(focal, "coverage")
    coverage_id = e.ref(cover, "coverage")
    known = e.context.links.coverages.get(coverage_id) if coverage_id else None
    if known is not None:
        return known
    name = clean(at(cover, "display"))
    if name is None:
        inside = e.contained(cover)
        found = payer_of_coverage(e, inside) if inside else None
        if isinstance(found, uuid.UUID):
            return found
        name = e.text("insurer", "display")
    if name is not None:
        return e.context.payer(name)
    insurer = e.target(e.get("insurer"))
    return e.context.id("payer", f"Organization/{insurer[1]}") if insurer else None


def encounter_of(e: Entry) -> uuid.UUID | None:
    """The encounter that the first item with one names."""
    items = listed(e.resource.get("item"))
    named = next((item["encounter"] for item in items if item.get("encounter")), None)
    return e.ref(named, "encounter")


def claim(e: Entry) -> Iterator[Fact]:
    """Claim → fact_charge per line, fact_claim; with the overlay also its events and ledger."""
    kind = _kind(e)
    payer_id, encounter_id = payer_of(e), encounter_of(e)
    visit = e.context.links.visits.get(encounter_id) if encounter_id else None
    visit = visit or Visit(_performer(e), None)
    created = e.context.day(e.need("created"))
    service = _service_date(e, visit) or created
    if service is None or created is None:
        raise Rejected("has no date of service")
    e.voided = e.voided or e.get("status") == "cancelled"
    _note_payer(e, encounter_id, payer_id)
    lines = list(_lines(e))
    billed = e.money(e.get("total"))
    if billed is None:
        billed = sum((amount for _, amount in lines), Decimal("0.00"))
    same: dict[str, object] = {
        "claim_id": e.own_id("claim"),
        "encounter_id": encounter_id,
        "patient_id": e.patient_id,
        "provider_id": visit.provider_id,
        "payer_id": payer_id,
    }
    period = {
        "service_from": service,
        "service_to": max(service, e.day("billablePeriod", "end") or service),
    }
    order = at(e.get("insurance"), "sequence")
    filed = {"kind": kind, "frequency_code": 1, "claim_order": order, "billed": billed, **period}
    if e.context.overlay:
        yield from _overlaid(e, lines, same, filed)
        return
    for item, amount in lines:
        yield _charge(e, item, amount, same, service_date=service, posting_date=created)
    state = standing(e.context.links.events.get(e.own_id("claim"), []))
    state["status"] = _STATUS.get(str(e.get("status")), state["status"])
    yield e.fact(CLAIM, **same, **filed, created_on=created, **state)


def _note_payer(e: Entry, encounter_id: uuid.UUID | None, payer_id: uuid.UUID | None) -> None:
    """An encounter's payer is its claim's."""
    if encounter_id is None or payer_id is None or e.voided:
        return
    noted = e.context.visit_payers.get(encounter_id)
    if noted is None or e.id <= noted[0]:
        e.context.visit_payers[encounter_id] = (e.id, payer_id)


def _performer(e: Entry) -> uuid.UUID | None:
    return e.ref(e.get("provider"), "provider") or e.ref(e.get("careTeam", "provider"), "provider")


def _service_date(e: Entry, visit: Visit) -> date | None:
    if visit.start is not None:
        return visit.start.astimezone(e.context.zone).date()
    return (
        e.day("billablePeriod", "start")
        or e.day("item", "servicedDate")
        or e.day("item", "servicedPeriod", "start")
    )


def _lines(e: Entry) -> Iterator[tuple[Resource, Decimal]]:
    """The lines that are charged: those with a net amount, and first the visit line, which has
    none: it costs what the total leaves. Other lines without a net amount only explain."""
    items = listed(e.resource.get("item"))
    nets = [e.money(item.get("net")) for item in items]
    total = e.money(e.get("total"))
    if items and nets[0] is None and total is not None:
        yield items[0], total - sum((net for net in nets if net is not None), Decimal())
    for item, net in zip(items, nets, strict=True):
        if net is not None:
            yield item, net


def _charge(
    e: Entry, item: Resource, amount: Decimal, same: dict[str, object], **dates: object
) -> Fact:
    line = item["sequence"]
    source_id = f"{e.id}|{line}"
    concept = item.get("productOrService")
    return e.fact(
        CHARGE,
        source_id,
        charge_id=e.context.id("charge", source_id),
        line_no=line,
        **same,
        code_system=clean(at(concept, "coding", "system")),
        code=label(concept),
        modifiers=[found for one in listed(item.get("modifier")) if (found := code(one))],
        units=number(at(item, "quantity", "value")),
        amount=amount,
        **dates,
    )


# With the overlay.


def _overlaid(
    e: Entry,
    lines: list[tuple[Resource, Decimal]],
    same: dict[str, object],
    filed: dict[str, object],
) -> Iterator[Fact]:
    """The facts that O1 decides, as far as they have happened by today."""
    e.synthesize()
    payer_class = e.context.classes.get(same["payer_id"], "other")  # type: ignore[call-overload]
    billed, service, today = filed["billed"], filed["service_from"], e.context.today
    life = overlay.course(e.id, billed, payer_class, service).until(today)  # type: ignore[arg-type]
    if life.posted_on > today:
        raise Skipped("is posted after the date of the import")
    for item, amount in lines:
        yield _charge(
            e,
            item,
            amount,
            same,
            service_date=service,
            posting_date=life.posted_on,
            expected_allowed=overlay.expected_allowed(amount, payer_class),
        )
    for posting in life.postings:
        yield _overlay_entry(e, posting, same, service)
    if payer_class == "self_pay":
        return
    yield e.fact(CLAIM, **same, **filed, created_on=life.posted_on, **life.summary)
    for seq, event in enumerate(life.events, 1):
        yield e.fact(
            CLAIM_EVENT,
            f"{e.id}|{seq}",
            claim_id=same["claim_id"],
            seq=seq,
            event=event.event,
            occurred_on=event.on,
            x12_source=event.x12_source,
            status_category=event.status_category,
            group_code=event.group_code,
            carc=[event.carc] if event.carc else [],
            rarc=[],
            amount=event.amount,
        )


def _overlay_entry(
    e: Entry, posting: overlay.Posting, same: dict[str, object], service: object
) -> Fact:
    key = f"{e.id}:{posting.reason}"
    return e.fact(
        LEDGER,
        key,
        entry_id=overlay.overlay_id(e.context.ids.practice_id, "ledger", key),
        **same,
        entry=posting.entry,
        reason=posting.reason,
        group_code=posting.group_code,
        carc=posting.carc,
        amount=posting.amount,
        service_date=service,
        posting_date=posting.on,
    )


# What payers answer.


def claim_response(e: Entry) -> Iterator[Fact]:
    """ClaimResponse → fact_claim_event."""
    _kind(e)
    _no_overlay(e)
    claim_id = e.ref(e.get("request"), "claim")
    if claim_id is None:
        raise Skipped("answers no claim")
    yield from _event(e, claim_id)


def explanation_of_benefit(e: Entry) -> Iterator[Fact]:
    """ExplanationOfBenefit → the insurance's payment in fact_ledger, and fact_claim_event."""
    _kind(e)
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


def standing(events: list[Answer]) -> dict[str, object]:
    """The columns of fact_claim that follow from a claim's events, oldest first, when no overlay
    decides them."""
    final = [event for event in events if event[0] in ("paid", "partially_paid", "denied")]
    amounts = [amount for _, _, amount in final if amount is not None]
    return {
        "status": events[-1][0] if events else "submitted",
        "first_adjudicated_on": final[0][1] if final else None,
        "first_pass_outcome": final[0][0] if final else None,
        "paid": sum(amounts, Decimal("0.00")) if amounts else None,
    }


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
