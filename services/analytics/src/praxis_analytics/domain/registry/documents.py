"""Documents received in the period and how their review stands."""

from __future__ import annotations

from functools import partial

from praxis_analytics.domain.registry.model import Metric, Part, quantile, target, terms
from praxis_analytics.domain.registry.sources import DOCUMENTS

_WAITS = "(f.status = 'pending_review' or f.reviewed_at >= %(now_at)s)"
_SEEN = "f.reviewed_at < %(now_at)s"
_HOURS = "(extract(epoch from f.reviewed_at - f.received_at)::numeric / 3600)"


def _document(
    part_id: str, description: str, where: str = "true", aggregate: str = "count(*)"
) -> Part:
    return Part(part_id, description, DOCUMENTS, "received_at", aggregate, where)


ALL_DOCUMENTS = _document("documents", "documents received")
PENDING = _document("documents_pending", "of these, waiting for review", _WAITS)
STATES = {
    status: _document(
        f"documents_{status}", f"of these, {status}", f"f.status = '{status}' and not {_WAITS}"
    )
    for status in ("reviewed", "approved", "rejected")
}
SEEN = _document("documents_seen", "of these, with a time of review", _SEEN)
HOURS = _document("review_hours", "hours from receipt to review", _SEEN, f"sum({_HOURS})")
HOURS_P50 = quantile(
    "review_p50", "middle of these hours", DOCUMENTS, "received_at", _HOURS, "0.5", where=_SEEN
)
HOURS_P90 = quantile(
    "review_p90", "ninth decile of these hours", DOCUMENTS, "received_at", _HOURS, "0.9",
    where=_SEEN,
)  # fmt: skip
OLD = _document(
    "documents_old", "of these, waiting for more than 72 hours",
    f"{_WAITS} and f.received_at < %(now_at)s::timestamptz - interval '72 hours'",
)  # fmt: skip
OLDEST = Part(
    "oldest_pending", "days that the oldest of them waits", DOCUMENTS, "received_at",
    "max(%(tomorrow)s::date - 1 - (f.received_at at time zone %(zone)s)::date)", _WAITS,
    adds="value",
)  # fmt: skip
NOTES = _document("notes", "clinical notes received", "f.type = 'clinical_note'")
NOTES_IN_TIME = _document(
    "notes_in_time",
    "of these, finalised within 72 hours",
    "f.type = 'clinical_note' and f.finalised_at <= f.received_at + interval '72 hours'",
)

_documents = partial(Metric, subject="document_status", unit="count", source="Praxis")
_hours = partial(_documents, unit="hours", polarity="lower")
METRICS = (
    _documents(
        "total_documents",
        "Documents",
        formula="documents received in the period",
        numerator=terms(ALL_DOCUMENTS),
    ),
    _documents(
        "pending_review",
        "Waiting for review",
        formula="of these, not reviewed by now",
        numerator=terms(PENDING),
        polarity="lower",
    ),
    *(
        _documents(
            f"{status}_documents",
            status.capitalize(),
            formula=f"of these, {status}",
            numerator=terms(part),
        )
        for status, part in STATES.items()
    ),
    _hours(
        "average_review_time_hours",
        "Hours to review",
        formula="mean hours from receipt to review",
        numerator=terms(HOURS),
        denominator=terms(SEEN),
        target=target("24", "72"),
    ),
    _hours(
        "average_review_time_hours_p50",
        "Hours to review (p50)",
        formula="median hours from receipt to review",
        numerator=terms(HOURS_P50),
    ),
    _hours(
        "average_review_time_hours_p90",
        "Hours to review (p90)",
        formula="ninth decile of the hours from receipt to review",
        numerator=terms(HOURS_P90),
    ),
    _documents(
        "documents_over_72h",
        "Waiting over 72 hours",
        formula="documents of the period that wait for review for more than 72 hours",
        numerator=terms(OLD),
        polarity="lower",
    ),
    _documents(
        "oldest_pending_days",
        "Oldest document waiting",
        unit="days",
        formula="days since the oldest document waiting for review was received",
        numerator=terms(OLDEST),
        polarity="lower",
    ),
)
