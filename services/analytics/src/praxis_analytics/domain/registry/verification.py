"""Whether coverage was checked before patients came, by appointment start."""

from __future__ import annotations

from functools import partial

from praxis_analytics.domain.registry.derived import CHECKS, INSURED_APPOINTMENTS
from praxis_analytics.domain.registry.model import Metric, Part, quantile, target, terms

_VERIFIED = "f.verified_result in ('active', 'inactive', 'not_found')"
_AHEAD = (
    "(f.start_at at time zone %(zone)s)::date - (f.verified_at at time zone %(zone)s)::date >= 2"
)


def _insured(part_id: str, description: str, where: str = "true") -> Part:
    return Part(part_id, description, INSURED_APPOINTMENTS, "start_at", where=where)


INSURED = _insured("insured", "appointments of insured patients")
VERIFIED = _insured("verified", "of these, with an answered check before their start", _VERIFIED)
AHEAD = _insured(
    "verified_ahead", "of these, answered two days ahead or more", f"{_VERIFIED} and {_AHEAD}"
)
ACTIVE = _insured(
    "verified_active", "of the checked, with active coverage", "f.verified_result = 'active'"
)
UNVERIFIED = _insured(
    "unverified",
    "appointments after today without an answered check",
    f"({_VERIFIED}) is not true and f.start_at >= %(now_at)s"
    " and f.status not in ('cancelled', 'waitlist')",
)
CHECKED = Part("checks", "eligibility checks", CHECKS, "appointment_at")
TURNAROUND = quantile(
    "turnaround", "middle of the seconds to the answer", CHECKS, "appointment_at",
    "extract(epoch from f.responded_at - f.requested_at)::numeric", "0.5",
)  # fmt: skip

_HFMA = "HFMA MAP, insurance verification rate"
_share = partial(
    Metric,
    subject="insurance_verification",
    unit="percent",
    source=_HFMA,
    polarity="higher",
)
_other = partial(
    Metric, subject="insurance_verification", unit="count", source="X12 271", polarity="lower"
)
METRICS = (
    _share(
        "verified_share",
        "Coverage verified",
        formula="100 × appointments of insured patients with an answered check before their start "
        "/ appointments of insured patients",
        numerator=terms(VERIFIED),
        denominator=terms(INSURED),
        target=target("98", "95"),
    ),
    _share(
        "verified_ahead_share",
        "Verified two days ahead",
        formula="100 × appointments of insured patients checked two local dates ahead or more / "
        "appointments of insured patients",
        numerator=terms(AHEAD),
        denominator=terms(INSURED),
    ),
    _share(
        "active_coverage_share",
        "Active coverage",
        formula="100 × appointments with active coverage / appointments with an answered check",
        numerator=terms(ACTIVE),
        denominator=terms(VERIFIED),
    ),
    _other(
        "verifications",
        "Eligibility checks",
        formula="checks for the appointments of the period",
        numerator=terms(CHECKED),
        polarity="neutral",
    ),
    _other(
        "verification_turnaround_seconds",
        "Seconds to an answer",
        unit="number",
        formula="median of the seconds from request to answer",
        numerator=terms(TURNAROUND),
    ),
    _other(
        "unverified_upcoming",
        "Appointments to verify",
        formula="appointments of insured patients after today, in the period, without an answered "
        "check",
        numerator=terms(UNVERIFIED),
    ),
)
