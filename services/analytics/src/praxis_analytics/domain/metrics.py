"""The metric registry: every metric one declared object, made of sums and counts over facts.

A part is one aggregate over one kind of fact; a metric is a signed sum of parts or a ratio of
two. Adding a metric is one declaration here and its test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

# Kinds of fact that share their time of coverage: a period outside all of it has no data.
MONEY, VISITS, APPOINTMENTS = "money", "visits", "appointments"


@dataclass(frozen=True)
class Part:
    """One aggregate over one kind of fact.

    `aggregate` and `where` are SQL over the fact `f`; `date` the column that decides the period
    (an instant is taken in the practice's zone); `future` keeps facts dated after today.
    """

    id: str
    description: str
    table: str
    domain: str
    date: str
    aggregate: str
    where: str = "true"
    instant: bool = False
    future: bool = False
    snapshot: bool = False


def _ledger(part_id: str, description: str, where: str, sign: str = "") -> Part:
    return Part(
        part_id, description, "fact_ledger", MONEY, "posting_date", f"{sign}sum(f.amount)", where
    )


def _appointment(part_id: str, description: str, where: str, aggregate: str = "count(*)") -> Part:
    return Part(
        part_id,
        description,
        "fact_appointment",
        APPOINTMENTS,
        "start_at",
        aggregate,
        f"f.status <> 'entered-in-error' and ({where})",
        instant=True,
        future=True,
    )


CHARGES = Part("charges", "charges posted", "fact_charge", MONEY, "posting_date", "sum(f.amount)")
PAYMENTS = _ledger(
    "payments",
    "payments posted, insurance and patient",
    "f.entry = 'payment' and f.reason is distinct from 'recoupment'",
)
REFUNDS = _ledger(
    "refunds",
    "refunds and recoupments posted, as a positive amount",
    "f.entry = 'refund' or f.reason = 'recoupment'",
    "-",
)
ADJUSTMENTS = _ledger("adjustments", "adjustments posted", "f.entry = 'adjustment'")
CONTRACTUAL = _ledger(
    "contractual",
    "contractual adjustments and self-pay discounts posted",
    "f.entry = 'adjustment' and f.reason in ('contractual', 'self_pay_discount')",
)
OPEN_BALANCE = Part(
    "open_balance",
    "positive balances of claims and self-pay visits: charges less payments and adjustments",
    "fact_charge",
    MONEY,
    "posting_date",
    "sum(b.balance) filter (where b.balance > 0)",
    snapshot=True,
)
VISIT_PATIENTS = Part(
    "visit_patients",
    "distinct patients with an office, virtual or home visit",
    "fact_encounter",
    VISITS,
    "start_at",
    "count(distinct f.patient_id)",
    "f.status = 'finished' and f.class in ('AMB', 'VR', 'HH')"
    " and f.type_code is distinct from '308646001'",
    instant=True,
)
ALL_APPOINTMENTS = _appointment("appointments", "appointments by scheduled start", "true")
SCHEDULED = _appointment(
    "scheduled",
    "appointments still to come or under way",
    "f.status in ('proposed', 'pending', 'booked', 'arrived', 'checked-in', 'waitlist')",
)
FULFILLED = _appointment("fulfilled", "appointments that took place", "f.status = 'fulfilled'")
CANCELLED = _appointment("cancelled", "appointments cancelled", "f.status = 'cancelled'")
NO_SHOWS = _appointment("no_shows", "appointments missed", "f.status = 'noshow'")
APPOINTMENT_DAYS = _appointment(
    "appointment_days",
    "local dates with at least one appointment",
    "true",
    "count(distinct (f.start_at at time zone {zone})::date)",
)

Terms = tuple[tuple[int, Part], ...]


@dataclass(frozen=True)
class Metric:
    """What a figure means.

    `numerator` and `denominator` are signed sums of parts; without a denominator the metric is
    its numerator. `unit` is money, percent, count, number or days.
    """

    id: str
    label: str
    unit: str
    formula: str
    source: str
    numerator: Terms
    denominator: Terms = ()
    version: int = 1
    dimensions: tuple[str, ...] = ()
    accrual: Terms = ()

    def terms(self, accrual_basis: bool) -> Terms:
        """The numerator under the practice's accounting basis."""
        return self.accrual if accrual_basis and self.accrual else self.numerator

    def parts(self, accrual_basis: bool = False) -> tuple[Part, ...]:
        """Every part it needs, each once."""
        terms = (*self.terms(accrual_basis), *self.denominator)
        return tuple(dict.fromkeys(part for _, part in terms))

    @property
    def financial(self) -> bool:
        """Whether it shows money and so needs the right to see it."""
        return any(part.domain == MONEY for part in self.parts())

    @property
    def trendable(self) -> bool:
        """Whether it can be split by time; a balance at a moment cannot."""
        return not any(part.snapshot for part in self.parts())


_REVENUE: Terms = ((1, PAYMENTS), (-1, REFUNDS))
_ACCRUAL: Terms = ((1, CHARGES), (-1, CONTRACTUAL))
_BY_PAYER = ("payer_class", "provider")
_BY_PROVIDER = ("provider", "payer_class")


def _count(metric_id: str, label: str, formula: str, part: Part, source: str) -> Metric:
    return Metric(metric_id, label, "count", formula, source, ((1, part),), dimensions=_BY_PROVIDER)


METRICS: Mapping[str, Metric] = {
    metric.id: metric
    for metric in (
        Metric(
            "total_charges",
            "Charges",
            "money",
            "sum of charges posted in the period",
            "MGMA, gross fee-for-service charges",
            ((1, CHARGES),),
            dimensions=_BY_PAYER,
        ),
        Metric(
            "total_payments",
            "Payments",
            "money",
            "sum of payments posted in the period",
            "MGMA",
            ((1, PAYMENTS),),
            dimensions=_BY_PAYER,
        ),
        Metric(
            "refunds",
            "Refunds",
            "money",
            "refunds and recoupments posted in the period, shown positive",
            "X12 835 PLB, claim reversals",
            ((1, REFUNDS),),
            dimensions=_BY_PAYER,
        ),
        Metric(
            "total_adjustments",
            "Adjustments",
            "money",
            "sum of adjustments posted in the period",
            "X12 835 CAS",
            ((1, ADJUSTMENTS),),
            dimensions=_BY_PAYER,
        ),
        Metric(
            "total_revenue",
            "Revenue",
            "money",
            "payments − refunds (cash basis); charges − contractual adjustments − self-pay "
            "discounts (accrual basis)",
            "Cash receipts; HFMA net patient service revenue for accrual",
            _REVENUE,
            dimensions=_BY_PAYER,
            accrual=_ACCRUAL,
        ),
        Metric(
            "outstanding_balance",
            "Outstanding balance",
            "money",
            "sum of the positive balances of claims and self-pay visits at the end of the period "
            "or today, whichever is earlier; credit balances are not netted",
            "HFMA, gross accounts receivable",
            ((1, OPEN_BALANCE),),
            dimensions=_BY_PAYER,
        ),
        Metric(
            "collection_rate",
            "Collection rate (gross)",
            "percent",
            "100 × payments / charges",
            "MGMA, gross collection percentage",
            ((1, PAYMENTS),),
            ((1, CHARGES),),
            dimensions=_BY_PAYER,
        ),
        Metric(
            "net_collection_rate",
            "Collection rate (net)",
            "percent",
            "100 × payments / (charges − contractual adjustments − self-pay discounts)",
            "MGMA, adjusted (net) collection percentage",
            ((1, PAYMENTS),),
            _ACCRUAL,
            dimensions=_BY_PAYER,
        ),
        Metric(
            "average_revenue_per_patient",
            "Revenue per patient",
            "money",
            "revenue / distinct patients with a visit in the period",
            "Praxis",
            _REVENUE,
            ((1, VISIT_PATIENTS),),
            dimensions=("provider",),
            accrual=_ACCRUAL,
        ),
        _count(
            "total_appointments",
            "Appointments",
            "appointments whose scheduled start lies in the period",
            ALL_APPOINTMENTS,
            "Praxis",
        ),
        _count(
            "scheduled_appointments",
            "Scheduled",
            "of these, still to come or under way",
            SCHEDULED,
            "HL7 FHIR R4 appointment status",
        ),
        _count(
            "completed_appointments",
            "Completed",
            "of these, fulfilled",
            FULFILLED,
            "HL7 FHIR R4 appointment status",
        ),
        _count(
            "cancelled_appointments",
            "Cancelled",
            "of these, cancelled",
            CANCELLED,
            "HL7 FHIR R4 appointment status",
        ),
        _count(
            "no_show_appointments",
            "No-shows",
            "of these, missed by the patient",
            NO_SHOWS,
            "HL7 FHIR R4 appointment status",
        ),
        Metric(
            "completion_rate",
            "Completion rate",
            "percent",
            "100 × completed / all appointments",
            "MGMA",
            ((1, FULFILLED),),
            ((1, ALL_APPOINTMENTS),),
            dimensions=_BY_PROVIDER,
        ),
        Metric(
            "no_show_rate",
            "No-show rate",
            "percent",
            "100 × no-shows / (completed + no-shows)",
            "MGMA",
            ((1, NO_SHOWS),),
            ((1, FULFILLED), (1, NO_SHOWS)),
            dimensions=_BY_PROVIDER,
        ),
        Metric(
            "cancellation_rate",
            "Cancellation rate",
            "percent",
            "100 × cancelled / all appointments",
            "MGMA",
            ((1, CANCELLED),),
            ((1, ALL_APPOINTMENTS),),
            dimensions=_BY_PROVIDER,
        ),
        Metric(
            "average_appointments_per_day",
            "Appointments per day",
            "number",
            "all appointments / local dates with at least one",
            "Praxis",
            ((1, ALL_APPOINTMENTS),),
            ((1, APPOINTMENT_DAYS),),
            dimensions=_BY_PROVIDER,
        ),
    )
}


@dataclass(frozen=True)
class Computed:
    """A metric's figure: a value, or the reason there is none."""

    value: Decimal | None
    reason: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None


def compute(metric: Metric, sums: Mapping[str, Decimal | None], accrual_basis: bool) -> Computed:
    """The figure from the sums of its parts (part id → sum, None = no source data).

    Rounds once, half up: money, rates and means to two places, counts not at all.
    """
    numerator = _add(metric.terms(accrual_basis), sums)
    if numerator is None:
        return Computed(None, "no_source_data")
    if not metric.denominator:
        return Computed(_half_up(Fraction(numerator), _places(metric.unit)))
    denominator = _add(metric.denominator, sums)
    if denominator is None:
        return Computed(None, "no_source_data", numerator)
    if denominator == 0:
        return Computed(None, "zero_denominator", numerator, denominator)
    scale = 100 if metric.unit == "percent" else 1
    value = _half_up(scale * Fraction(numerator) / Fraction(denominator), _places(metric.unit))
    return Computed(value, "", numerator, denominator)


def _add(terms: Terms, sums: Mapping[str, Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for sign, part in terms:
        value = sums[part.id]
        if value is None:
            return None
        total = (_EXACT.add if sign > 0 else _EXACT.subtract)(total, value)
    return total


# More digits than any sum of cents has; the default context rounds at 28.
_EXACT = Context(prec=100)


def _places(unit: str) -> int:
    return 0 if unit == "count" else 2


def _half_up(value: Fraction, places: int) -> Decimal:
    """The nearest decimal of that many places; a half goes away from zero. Exact throughout."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(f"{whole if value >= 0 else -whole}e-{places}")


def change_percent(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    """100 × (value − before) / |before|, two places; None where either is absent or before is 0."""
    if value is None or before is None or before == 0:
        return None
    earlier = Fraction(before)
    return _half_up(100 * (Fraction(value) - earlier) / abs(earlier), 2)
