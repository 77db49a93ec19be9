"""Claims: charges and the claim itself; with the demo overlay also its events and ledger.

The overlay decides a claim's dates, events and ledger when it is on.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from praxis_analytics.domain.facts import CHARGE, CLAIM, CLAIM_EVENT, LEDGER
from praxis_analytics.sources import overlay, overlay_office
from praxis_analytics.sources.context import Answer, Fact, Need, Visit
from praxis_analytics.sources.fhir.entry import Entry
from praxis_analytics.sources.fhir.mapping_people import payer_of_coverage
from praxis_analytics.sources.fhir.reading import Resource
from praxis_analytics.sources.fhir.values import Value, at, clean, code, label, listed, number
from praxis_analytics.sources.problems import Rejected, Skipped

_STATUS = {"draft": "draft", "cancelled": "voided", "entered-in-error": "voided"}


def kind_of(e: Entry) -> str:
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
    cover = coverage_of(e)
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


def coverage_of(e: Entry) -> Value:
    """The reference to the coverage that counts: the focal one, else the first."""
    insurances = listed(e.resource.get("insurance"))
    focal = [one for one in insurances if one.get("focal")] or insurances
    return at(focal, "coverage")


def claim_needs(e: Entry) -> Iterator[Need]:
    """A claim takes provider and date from its encounter, its state from its events."""
    yield "visits", encounter_of(e)
    yield "coverages", e.ref(coverage_of(e), "coverage")
    yield "filed", e.own_id("claim")


def claim(e: Entry) -> Iterator[Fact]:
    """Claim → fact_charge per line, fact_claim; with the overlay also its events and ledger."""
    kind = kind_of(e)
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
        yield from _overlaid(e, visit, lines, same, filed)
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
    visit: Visit,
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
            wrvu=_work_value(visit, item),
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
        if event.event == "denied":
            yield e.overlay_task("billing_followup", event.on)


def _work_value(visit: Visit, item: Resource) -> Decimal | None:
    """The work value of the line that charges the visit itself."""
    if visit.is_new is None or label(item.get("productOrService")) != visit.type_code:
        return None
    return overlay_office.work_value(visit.type_code, visit.is_new)


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
