"""Claims: those created in the period and where they stand today."""

from __future__ import annotations

from functools import partial

from praxis_analytics.domain.registry.model import Metric, Part, terms
from praxis_analytics.domain.registry.sources import CLAIMS


def _claim(
    part_id: str, description: str, where: str, aggregate: str = "count(*)", *, since: bool = True
) -> Part:
    where = f"coalesce(f.frequency_code, 1) = 1 and {where}"
    return Part(part_id, description, CLAIMS, "created_on", aggregate, where, since=since)


ALL_CLAIMS = _claim("claims", "claims created", "true")
DRAFTS = _claim("drafts", "claims never sent", "f.state = 'draft'")
ACCEPTED = _claim("accepted", "claims adjudicated and paid or allowed", "f.state = 'accepted'")
REJECTED = _claim("rejected", "claims rejected at the front end", "f.state = 'rejected'")
DENIED = _claim("denied", "claims whose last adjudication is a denial", "f.state = 'denied'")
PENDING = _claim("pending", "claims sent without a final answer", "f.state = 'pending'")
PENDING_NOW = _claim(
    "pending_now", "claims of any date without a final answer", "f.state = 'pending'", since=False
)
BILLED = _claim("billed", "amounts billed", "true", "sum(f.billed)")

_STATES = "X12 277 claim status categories"
_claims = partial(Metric, subject="claims", unit="count", source="Praxis")
_state = partial(_claims, source=_STATES)
METRICS = (
    _claims(
        "total_claims",
        "Claims",
        formula="original claims created in the period",
        numerator=terms(ALL_CLAIMS),
    ),
    _state(
        "submitted_claims",
        "Submitted",
        formula="of these, sent at least once: total − drafts",
        numerator=terms(ALL_CLAIMS, less=(DRAFTS,)),
    ),
    _state(
        "accepted_claims",
        "Accepted",
        formula="of these, adjudicated and paid or allowed",
        numerator=terms(ACCEPTED),
        polarity="higher",
    ),
    _state(
        "rejected_claims",
        "Rejected",
        formula="of these, last answered by a front-end rejection",
        numerator=terms(REJECTED),
        polarity="lower",
    ),
    _state(
        "denied_claims",
        "Denied",
        formula="of these, last adjudicated as denied",
        numerator=terms(DENIED),
        polarity="lower",
    ),
    _state(
        "pending_claims",
        "Pending",
        formula="of these, sent without a final answer",
        numerator=terms(PENDING),
    ),
    _claims(
        "acceptance_rate",
        "Acceptance rate",
        unit="percent",
        formula="100 × accepted / (accepted + rejected + denied)",
        numerator=terms(ACCEPTED),
        denominator=terms(ACCEPTED, REJECTED, DENIED),
        polarity="higher",
    ),
    _claims(
        "total_claim_value",
        "Claim value",
        unit="money",
        formula="sum billed on the claims created in the period",
        numerator=terms(BILLED),
    ),
    _claims(
        "average_claim_amount",
        "Average claim",
        unit="money",
        formula="sum billed / claims",
        numerator=terms(BILLED),
        denominator=terms(ALL_CLAIMS),
    ),
    _claims(
        "draft_claims",
        "Drafts",
        formula="of these, never sent",
        source=_STATES,
        numerator=terms(DRAFTS),
        polarity="lower",
    ),
    _claims(
        "claims_pending",
        "Claims pending",
        formula="claims of any date without a final answer",
        numerator=terms(PENDING_NOW),
        polarity="lower",
    ),
)
