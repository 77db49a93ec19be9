"""What providers do: visits, patients, money and work values."""

from __future__ import annotations

from functools import partial

from praxis_analytics.domain.registry.derived import PROVIDERS, VISIT_CHARGES, WORKED_VISITS
from praxis_analytics.domain.registry.documents import NOTES, NOTES_IN_TIME
from praxis_analytics.domain.registry.model import Metric, Part, terms
from praxis_analytics.domain.registry.revenue import PAYMENTS, VISIT, VISIT_PATIENTS, VISITS
from praxis_analytics.domain.registry.sources import ENCOUNTERS, PROVIDER_LIST

LISTED = Part("listed_providers", "providers of the practice", PROVIDER_LIST, "")
VISIT_DAYS = Part(
    "visit_days", "local dates with a visit", ENCOUNTERS, "start_at",
    "count(distinct (f.start_at at time zone %(zone)s)::date)", VISIT, adds="distinct",
)  # fmt: skip
NEW_VISITS = Part(
    "new_visits", "of these, new", ENCOUNTERS, "start_at", where=f"{VISIT} and f.is_new_patient"
)
WORK = Part(
    "work", "work values of charges", VISIT_CHARGES, "service_date", "sum(f.wrvu)", adds="value"
)
UNMAPPED = Part(
    "unmapped_visits", "visits without a work value", WORKED_VISITS, "start_at",
    where=f"{VISIT} and not f.has_work",
)  # fmt: skip
FTE = Part("fte", "full-time equivalents", PROVIDERS, "", "sum(f.fte)", adds="value")
CODED = Part(
    "coded_visits", "charges of office visit codes 99202-99205 and 99211-99215", VISIT_CHARGES,
    "service_date", where="f.code ~ '^99(20[2-5]|21[1-5])$'",
)  # fmt: skip

_FEES = "CMS physician fee schedule, work RVU"
_count = partial(
    Metric, subject="provider_productivity", unit="count", source="Praxis", polarity="higher"
)
_number = partial(_count, unit="number")
METRICS = (
    _count(
        "provider_count",
        "Providers",
        formula="providers of the practice",
        numerator=terms(LISTED),
        polarity="neutral",
    ),
    _count(
        "visits",
        "Visits",
        formula="finished office, virtual and home visits in the period",
        numerator=terms(VISITS),
    ),
    _count(
        "unique_patients",
        "Patients seen",
        formula="distinct patients with a visit in the period",
        numerator=terms(VISIT_PATIENTS),
    ),
    _count(
        "new_visit_share",
        "New visits",
        unit="percent",
        formula="100 × new visits / visits",
        source="CPT three-year rule",
        numerator=terms(NEW_VISITS),
        denominator=terms(VISITS),
    ),
    _number(
        "visits_per_day",
        "Visits per day",
        formula="visits / local dates with a visit",
        source="MGMA",
        numerator=terms(VISITS),
        denominator=terms(VISIT_DAYS),
    ),
    _count(
        "revenue_generated",
        "Revenue generated",
        unit="money",
        formula="payments posted on the provider's charges in the period",
        numerator=terms(PAYMENTS),
    ),
    _number(
        "wrvu",
        "Work RVUs",
        formula="sum of the work values of services of the period",
        source=_FEES,
        numerator=terms(WORK),
        caveats=("Codes without a work value count nothing; see the unmapped share.",),
    ),
    _number(
        "wrvu_per_visit",
        "Work RVUs per visit",
        formula="work RVUs / visits",
        source=_FEES,
        numerator=terms(WORK),
        denominator=terms(VISITS),
    ),
    _number(
        "wrvu_per_fte",
        "Work RVUs per FTE",
        formula="work RVUs of the period / full-time equivalents of the providers",
        source=_FEES,
        numerator=terms(WORK),
        denominator=terms(FTE),
        caveats=("Not annualised: compare periods of the same length.",),
    ),
    _count(
        "wrvu_unmapped_share",
        "Visits without work RVUs",
        unit="percent",
        formula="100 × visits without any work value / visits",
        source=_FEES,
        numerator=terms(UNMAPPED),
        denominator=terms(VISITS),
        polarity="lower",
    ),
    _count(
        "coded_visits",
        "Office visit codes",
        formula="charges of the codes 99202-99205 and 99211-99215; by procedure: the coding mix",
        source="CPT evaluation and management",
        numerator=terms(CODED),
        polarity="neutral",
    ),
    _count(
        "notes_in_72h_share",
        "Notes closed in 72 hours",
        unit="percent",
        formula="100 × clinical notes finalised within 72 hours / clinical notes",
        numerator=terms(NOTES_IN_TIME),
        denominator=terms(NOTES),
    ),
)
