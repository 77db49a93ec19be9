"""How claims fare from submission to payment, by the date of each stage."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from praxis_analytics.domain.registry.model import (
    Metric,
    Part,
    Variant,
    quantile,
    target,
    terms,
)
from praxis_analytics.domain.registry.revenue import NET_CHARGES
from praxis_analytics.domain.registry.sources import CLAIMS, LEDGER

_ORIGINAL = "coalesce(f.frequency_code, 1) = 1"
_DENIED = "f.first_answer = 'denied'"
# Reasons that the front office can keep from arising, and those of a missing coverage.
PREVENTABLE = "f.first_carc in ('16', '18', '27', '29', '197')"
ELIGIBILITY = "f.first_carc in ('26', '27')"


def _stage(
    part_id: str, description: str, date: str, where: str = "true", aggregate: str = "count(*)"
) -> Part:
    where = f"{_ORIGINAL} and {where}"
    return Part(part_id, description, CLAIMS, date, aggregate, where, subject="claim_events")


_sent = partial(_stage, date="first_sent_on")
_answered = partial(_stage, date="first_answered_on")
SENT = _sent("sent", "claims first submitted")
CLEAN = _sent(
    "clean",
    "of these, neither held by the scrubber nor rejected",
    where="not f.held and f.first_rejected_on is null",
)
ANSWERED = _answered("answered", "claims first adjudicated")
ANSWERED_BILLED = _answered("answered_billed", "amounts billed on these", aggregate="sum(f.billed)")
DENIALS = _answered("denials", "of these, denied", where=_DENIED)
DENIALS_BILLED = _answered(
    "denials_billed", "amounts billed on denied claims", where=_DENIED, aggregate="sum(f.billed)"
)
DENIALS_OF_SENT = _sent("denials_of_sent", "of these, denied at first", where=_DENIED)
FIRST_PASS = _answered(
    "first_pass",
    "of these, paid at once and never rejected",
    where="f.first_answer <> 'denied' and not f.held and f.first_rejected_on is null",
)
PREVENTABLE_DENIALS = _answered(
    "preventable_denials",
    "of the denied, for a reason that the front office can prevent",
    where=f"{_DENIED} and {PREVENTABLE}",
)
ELIGIBILITY_DENIALS = _answered(
    "eligibility_denials",
    "of the denied, for want of coverage",
    where=f"{_DENIED} and {ELIGIBILITY}",
)
RESOLVED = _answered(
    "resolved", "of the denied, paid or written off by now",
    where=f"{_DENIED} and f.resolved_on is not null",
)  # fmt: skip
OVERTURNED = _answered(
    "overturned", "of the denied, paid by now", where=f"{_DENIED} and f.resolution = 'paid'"
)
WRITTEN_OFF = Part(
    "denial_write_offs",
    "denied amounts written off",
    LEDGER,
    "posting_date",
    "sum(f.amount)",
    "f.entry = 'adjustment' and f.reason = 'denial_write_off'",
)

_claims = partial(Metric, subject="claims", source="Praxis")
_rate = partial(_claims, unit="percent")


def _days(
    metric_id: str, label: str, formula: str, date: str, value: str, where: str = "true"
) -> tuple[Metric, ...]:
    """Mean, median and ninth decile of the days between two stages."""
    where = f"{where} and {value} is not null"
    made = partial(_claims, unit="days", source="HFMA", polarity="lower")
    known = _stage(f"{metric_id}_known", "claims with both dates", date, where)
    days = _stage(f"{metric_id}_days", f"days: {formula}", date, where, f"sum({value})")
    shares = [
        quantile(
            f"{metric_id}_{name}", f"{words}: {formula}", CLAIMS, date, value, at,
            where=f"{_ORIGINAL} and {where}", subject="claim_events",
        )
        for name, words, at in (("p50", "median", "0.5"), ("p90", "ninth decile", "0.9"))
    ]  # fmt: skip
    return (
        made(metric_id, label, formula=f"mean of {formula}", numerator=terms(days),
             denominator=terms(known)),
        *(
            made(share.id, f"{label} ({name})", formula=f"{words} of {formula}",
                 numerator=terms(share))
            for share, name, words in zip(
                shares, ("p50", "p90"), ("median", "ninth decile"), strict=True
            )
        ),
    )  # fmt: skip


METRICS = (
    _rate(
        "clean_claim_rate",
        "Clean claims",
        formula="100 × claims first submitted in the period without scrubber hold or front-end "
        "rejection / claims first submitted",
        source="HFMA MAP, clean claim rate",
        numerator=terms(CLEAN),
        denominator=terms(SENT),
        polarity="higher",
        target=target("95", "90"),
        caveats=("Corrections by hand before submission are not recorded and count as clean.",),
    ),
    _claims(
        "initial_denials",
        "Denials",
        "count",
        "claims whose first adjudication, in the period, is a denial",
        source="X12 claim adjustment reason codes",
        numerator=terms(DENIALS),
        polarity="lower",
    ),
    _claims(
        "initial_denials_billed",
        "Denied amounts",
        "money",
        "amounts billed on claims whose first adjudication, in the period, is a denial",
        source="X12 claim adjustment reason codes",
        numerator=terms(DENIALS_BILLED),
        polarity="lower",
    ),
    _rate(
        "initial_denial_rate",
        "Denial rate",
        formula="100 × claims denied at their first adjudication / claims first adjudicated",
        source="HFMA claim integrity task force",
        numerator=terms(DENIALS),
        denominator=terms(ANSWERED),
        polarity="lower",
        target=target("5", "10"),
        variants=(
            Variant(
                "of_submitted",
                "Denial rate of submitted claims",
                "100 × claims first submitted in the period that were denied at first / claims "
                "first submitted",
                terms(DENIALS_OF_SENT),
                terms(SENT),
            ),
        ),
    ),
    _rate(
        "initial_denial_rate_billed",
        "Denial rate by amount",
        formula="100 × billed on claims denied at their first adjudication / billed on claims "
        "first adjudicated",
        source="HFMA claim integrity task force",
        numerator=terms(DENIALS_BILLED),
        denominator=terms(ANSWERED_BILLED),
        polarity="lower",
        target=target("5", "10"),
    ),
    _rate(
        "first_pass_resolution_rate",
        "Paid at first pass",
        formula="100 × claims paid at their first adjudication and never rejected / claims first "
        "adjudicated",
        source="MGMA",
        numerator=terms(FIRST_PASS),
        denominator=terms(ANSWERED),
        polarity="higher",
        target=target("90", "85"),
    ),
    _rate(
        "preventable_denial_share",
        "Preventable denials",
        formula="100 × denials for CARC 16, 18, 27, 29 or 197 / denials",
        source="X12 claim adjustment reason codes",
        numerator=terms(PREVENTABLE_DENIALS),
        denominator=terms(DENIALS),
        polarity="lower",
    ),
    _rate(
        "denial_overturn_rate",
        "Denials overturned",
        formula="100 × denials of the period paid by now / denials of the period paid or written "
        "off by now",
        source="HFMA",
        numerator=terms(OVERTURNED),
        denominator=terms(RESOLVED),
        polarity="higher",
        target=target("60", "50"),
        caveats=("Denials still open are in neither number; the newest periods keep moving.",),
    ),
    _rate(
        "denial_write_off_pct",
        "Denials written off",
        formula="100 × denied amounts written off in the period / (charges − contractual "
        "adjustments − self-pay discounts)",
        source="HFMA MAP AR-6",
        numerator=terms(WRITTEN_OFF),
        denominator=NET_CHARGES,
        polarity="lower",
        target=target("2", "4"),
    ),
    _claims(
        "eligibility_denials_per_1000",
        "Eligibility denials per 1,000 claims",
        "number",
        "1,000 × denials for CARC 26 or 27 / claims first adjudicated",
        source="X12 claim adjustment reason codes",
        numerator=terms(ELIGIBILITY_DENIALS),
        denominator=terms(ANSWERED),
        scale=Decimal(1000),
        polarity="lower",
    ),
    *_days(
        "days_to_submit",
        "Days to submit",
        "days from service to first submission, for claims first submitted in the period",
        "first_sent_on",
        "(f.first_sent_on - f.service_from)",
    ),
    *_days(
        "days_to_adjudicate",
        "Days to adjudicate",
        "days from first submission to first adjudication, for claims first adjudicated in the "
        "period",
        "first_answered_on",
        "(f.first_answered_on - f.first_sent_on)",
    ),
    *_days(
        "days_denial_to_resolution",
        "Days from denial to resolution",
        "days from a first denial to payment or write-off, for those resolved in the period",
        "resolved_on",
        "(f.resolved_on - f.first_answered_on)",
        _DENIED,
    ),
)
