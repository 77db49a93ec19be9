"""Claims and the ledger of their transactions.

A claim's rows carry the money; transfers only say whose turn it is to pay. FROMDATE is the date
of service and of posting: TODATE may lie a year later, the end of a supply.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

from praxis_analytics.domain.facts import CHARGE, CLAIM, LEDGER
from praxis_analytics.sources.context import Billed, Fact
from praxis_analytics.sources.problems import Rejected
from praxis_analytics.sources.synthea.record import Record

_KINDS = {"1": "professional", "2": "institutional"}
# How patients pay; payers pay electronically.
_METHODS = {"COPAY": "copay", "CASH": "cash", "CHECK": "check", "CC": "card"}


def claim(r: Record) -> Iterator[Fact]:
    """claims → fact_claim; what it bills and was paid comes from its transactions."""
    claim_id = r.own_id("claim")
    service = r.day("SERVICEDATE")
    if service is None:
        raise Rejected("has no SERVICEDATE")
    second = r.ref("payer", "SECONDARYPATIENTINSURANCEID")
    if second is not None:
        r.payers.second[claim_id] = second
    states = {r.text(name) for name in ("STATUS1", "STATUS2", "STATUSP")}
    yield r.fact(
        CLAIM,
        claim_id=claim_id,
        encounter_id=r.ref("encounter", "APPOINTMENTID"),
        patient_id=r.ref("patient", "PATIENTID"),
        provider_id=r.ref("provider", "PROVIDERID"),
        payer_id=r.ref("payer", "PRIMARYPATIENTINSURANCEID") or r.payers.nobody,
        claim_order=1,
        kind=_KINDS.get(r.text("HEALTHCARECLAIMTYPEID1") or ""),
        frequency_code=1,
        service_from=service,
        service_to=service,
        created_on=service,
        status="submitted" if "BILLED" in states else "closed",
    )


def claim_of(r: Record) -> uuid.UUID:
    """The claim that a transaction belongs to. Raises: Rejected."""
    return r.context.id("claim", r.need("CLAIMID"))


def transaction(r: Record) -> Iterator[Fact]:
    """claims_transactions → fact_charge or fact_ledger."""
    kind = r.need("TYPE")
    if kind not in _TRANSACTIONS:
        raise Rejected("is of an unknown TYPE")
    claim_id, on = claim_of(r), r.day("FROMDATE")
    if on is None:
        raise Rejected("has no FROMDATE")
    # Of a claim that was not loaded the row's own columns tell whose it is.
    billed = r.context.links.claims.get(claim_id) or Billed(
        r.ref("encounter", "APPOINTMENTID"),
        r.ref("patient", "PATIENTID"),
        r.ref("provider", "PROVIDERID"),
        None,
        on,
        frozenset(),
    )
    same: dict[str, object] = {
        "claim_id": claim_id,
        "encounter_id": billed.encounter_id,
        "patient_id": billed.patient_id,
        "provider_id": billed.provider_id,
        "payer_id": billed.payer_id,
        "service_date": on,
        "posting_date": on,
    }
    yield _TRANSACTIONS[kind](r, claim_id, same)


def _charge(r: Record, claim_id: uuid.UUID, same: dict[str, object]) -> Fact:
    r.payers.turn.discard(claim_id)  # each line of a claim begins with the first payer
    return r.fact(
        CHARGE,
        charge_id=r.own_id("charge"),
        **same,
        code=r.text("PROCEDURECODE"),
        modifiers=[found for name in ("MODIFIER1", "MODIFIER2") if (found := r.text(name))],
        units=r.number("UNITS"),
        amount=r.money("AMOUNT"),
    )


def _payment(r: Record, claim_id: uuid.UUID, same: dict[str, object]) -> Fact:
    method = r.need("METHOD")
    if method == "ECHECK":
        if claim_id in r.payers.turn:
            same["payer_id"] = r.payers.second[claim_id]
        return _entry(r, same, "payment", "insurance", "PAYMENTS", method="eft")
    return _entry(r, same, "payment", "patient", "PAYMENTS", method=_METHODS.get(method, "other"))


def _adjustment(r: Record, claim_id: uuid.UUID, same: dict[str, object]) -> Fact:
    return _entry(r, same, "adjustment", "contractual", "ADJUSTMENTS")


def _transfer_out(r: Record, claim_id: uuid.UUID, same: dict[str, object]) -> Fact:
    return _entry(r, same, "transfer", "transfer_out", "TRANSFERS")


def _transfer_in(r: Record, claim_id: uuid.UUID, same: dict[str, object]) -> Fact:
    if r.text("TRANSFERTYPE") == "2" and claim_id in r.payers.second:
        r.payers.turn.add(claim_id)
    else:
        r.payers.turn.discard(claim_id)
    return _entry(r, same, "transfer", "transfer_in", "TRANSFERS", sign=-1)


def _entry(
    r: Record,
    same: dict[str, object],
    entry: str,
    reason: str,
    column: str,
    *,
    sign: int = 1,
    method: str | None = None,
) -> Fact:
    return r.fact(
        LEDGER,
        entry_id=r.own_id("ledger"),
        **same,
        entry=entry,
        reason=reason,
        method=method,
        amount=sign * r.money(column),
    )


_TRANSACTIONS: dict[str, Callable[[Record, uuid.UUID, dict[str, object]], Fact]] = {
    "CHARGE": _charge,
    "PAYMENT": _payment,
    "ADJUSTMENT": _adjustment,
    "TRANSFEROUT": _transfer_out,
    "TRANSFERIN": _transfer_in,
}
