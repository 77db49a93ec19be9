"""The metric registry: every metric one declared object, made of sums and counts over facts.

A part is one aggregate over one kind of fact; a metric is a signed sum of parts or a ratio of
two. Adding a metric is one declaration here and its test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_05UP, ROUND_HALF_UP, Context, Decimal

# Kinds of fact that share their time of coverage: a period outside all of it has no data.
MONEY, VISITS, APPOINTMENTS = "money", "visits", "appointments"
CLAIMS, PATIENTS, TASKS = "claims", "patients", "tasks"


@dataclass(frozen=True)
class Part:
    """One aggregate over one kind of fact.

    `aggregate` and `where` are SQL over the fact `f`; `date` the column that decides the period
    (an instant is taken in the practice's zone); `future` keeps facts dated after today; `since`
    is False for a state at the period's end, which counts everything dated up to then.
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
    since: bool = True


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


def _payment(part_id: str, description: str, where: str, aggregate: str = "sum(f.amount)") -> Part:
    where = f"f.entry = 'payment' and f.reason is distinct from 'recoupment' and {where}"
    return Part(part_id, description, "fact_ledger", MONEY, "posting_date", aggregate, where)


PAYMENT_COUNT = _payment("payment_count", "payments posted, counted", "true", "count(*)")
INSURANCE = _payment("insurance", "payments from payers", "f.reason = 'insurance'")
PATIENT_MONEY = _payment("patient_money", "payments from patients", "f.reason = 'patient'")


def _claim(
    part_id: str, description: str, where: str, aggregate: str = "count(*)", *, since: bool = True
) -> Part:
    where = f"coalesce(f.frequency_code, 1) = 1 and {where}"
    return Part(
        part_id, description, "fact_claim", CLAIMS, "created_on", aggregate, where, since=since
    )


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


def _patient(part_id: str, description: str, where: str, aggregate: str = "count(*)") -> Part:
    return Part(
        part_id,
        description,
        "dim_patient",
        PATIENTS,
        "registered_on",
        aggregate,
        f"(f.deceased_at is null or f.deceased_at >= %(end_at)s) and {where}",
        since=False,
    )


LIVING = _patient("living", "living patients registered by the end of the period", "true")
ACTIVE = _patient("active", "of these, with a visit in the 24 months up to it", "f.active")
AGED = _patient("aged", "of these, with a known birth date", "f.birth_date is not null")
AGES = _patient(
    "ages",
    "completed years of age on the last day",
    "f.birth_date is not null",
    "sum(greatest(0, extract(year from age(%(end_on)s::date, f.birth_date))))",
)
NEW_PATIENTS = Part(
    "new_patients",
    "distinct patients with a new visit",
    "fact_encounter",
    VISITS,
    "start_at",
    "count(distinct f.patient_id)",
    "f.is_new_patient",
    instant=True,
)


def _task(
    part_id: str, description: str, where: str, aggregate: str = "count(*)", *, since: bool = True
) -> Part:
    return Part(
        part_id,
        description,
        "fact_task",
        TASKS,
        "created_at",
        aggregate,
        where,
        instant=True,
        since=since,
    )


_DONE = "(f.completed_at < %(now_at)s or f.completed_at is null and f.status = 'completed')"
_STOPPED = "(f.cancelled_at < %(now_at)s or f.cancelled_at is null and f.status = 'cancelled')"
_OPEN = f"{_DONE} is not true and {_STOPPED} is not true"
_LATE = f"{_OPEN} and f.due_at < %(now_at)s"
ALL_TASKS = _task("tasks", "tasks created", "true")
DONE_TASKS = _task("done", "of these, completed", f"{_DONE} is true")
STOPPED_TASKS = _task("stopped", "of these, cancelled", f"{_STOPPED} is true")
OPEN_TASKS = _task("open", "of these, neither completed nor cancelled", _OPEN)
LATE_TASKS = _task("late", "of these, open and past their due time", _LATE)
OPEN_NOW = _task("open_now", "open tasks of any date", _OPEN, since=False)
LATE_NOW = _task("late_now", "open tasks of any date past their due time", _LATE, since=False)
TIMED_TASKS = _task("timed", "completed tasks with both times", "f.completed_at < %(now_at)s")
TASK_HOURS = _task(
    "task_hours",
    "hours from creation to completion",
    "f.completed_at < %(now_at)s",
    "sum(extract(epoch from f.completed_at - f.created_at)::numeric / 3600)",
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
        """Whether it shows money or claims and so needs the right to see them."""
        return any(part.domain in (MONEY, CLAIMS) for part in self.parts())

    @property
    def trendable(self) -> bool:
        """Whether it can be split by time; a balance or count at a moment cannot."""
        return not any(part.snapshot or not part.since for part in self.parts())


_REVENUE: Terms = ((1, PAYMENTS), (-1, REFUNDS))
_ACCRUAL: Terms = ((1, CHARGES), (-1, CONTRACTUAL))
_BY_PAYER = ("payer_class", "provider")
_BY_PROVIDER = ("provider", "payer_class")


def _count(metric_id: str, label: str, formula: str, part: Part, source: str) -> Metric:
    return Metric(metric_id, label, "count", formula, source, ((1, part),), dimensions=_BY_PROVIDER)


def _of(
    metric_id: str,
    label: str,
    formula: str,
    numerator: Terms,
    denominator: Terms = (),
    *,
    unit: str = "count",
    source: str = "Praxis",
    dimensions: tuple[str, ...] = (),
) -> Metric:
    return Metric(
        metric_id, label, unit, formula, source, numerator, denominator, dimensions=dimensions
    )


_CLAIM_STATES = "X12 277 claim status categories"
_BY_TASK = ("task_type", "task_priority")
_BY_PATIENT = ("sex", "payer_class")
_MORE = (
    _of(
        "total_amount",
        "Payments",
        "sum of payments posted in the period",
        ((1, PAYMENTS),),
        unit="money",
        dimensions=("payer_class", "provider", "method"),
    ),
    _of(
        "payment_count",
        "Number of payments",
        "payments posted in the period",
        ((1, PAYMENT_COUNT),),
        dimensions=("payer_class", "provider", "method"),
    ),
    _of(
        "insurance_payments",
        "Insurance payments",
        "payments from payers posted in the period",
        ((1, INSURANCE),),
        unit="money",
        dimensions=_BY_PAYER,
    ),
    _of(
        "patient_payments",
        "Patient payments",
        "payments from patients posted in the period",
        ((1, PATIENT_MONEY),),
        unit="money",
        dimensions=_BY_PAYER,
    ),
    _of(
        "average_payment_amount",
        "Average payment",
        "sum of payments / number of payments",
        ((1, PAYMENTS),),
        ((1, PAYMENT_COUNT),),
        unit="money",
        dimensions=_BY_PAYER,
    ),
    _of(
        "total_claims",
        "Claims",
        "original claims created in the period",
        ((1, ALL_CLAIMS),),
        dimensions=_BY_PAYER,
    ),
    _of(
        "submitted_claims",
        "Submitted",
        "of these, sent at least once: total − drafts",
        ((1, ALL_CLAIMS), (-1, DRAFTS)),
        source=_CLAIM_STATES,
        dimensions=_BY_PAYER,
    ),
    *(
        _of(
            f"{name}_claims",
            label,
            formula,
            ((1, part),),
            source=_CLAIM_STATES,
            dimensions=_BY_PAYER,
        )
        for name, label, formula, part in (
            ("accepted", "Accepted", "of these, adjudicated and paid or allowed", ACCEPTED),
            ("rejected", "Rejected", "of these, last answered by a front-end rejection", REJECTED),
            ("denied", "Denied", "of these, last adjudicated as denied", DENIED),
            ("pending", "Pending", "of these, sent without a final answer", PENDING),
        )
    ),
    _of(
        "acceptance_rate",
        "Acceptance rate",
        "100 × accepted / (accepted + rejected + denied)",
        ((1, ACCEPTED),),
        ((1, ACCEPTED), (1, REJECTED), (1, DENIED)),
        unit="percent",
        dimensions=_BY_PAYER,
    ),
    _of(
        "total_claim_value",
        "Claim value",
        "sum billed on the claims created in the period",
        ((1, BILLED),),
        unit="money",
        dimensions=_BY_PAYER,
    ),
    _of(
        "average_claim_amount",
        "Average claim",
        "sum billed / claims",
        ((1, BILLED),),
        ((1, ALL_CLAIMS),),
        unit="money",
        dimensions=_BY_PAYER,
    ),
    _of(
        "total_patients",
        "Patients",
        "living, registered on or before the end of the period",
        ((1, LIVING),),
        dimensions=_BY_PATIENT,
    ),
    _of(
        "new_patients",
        "New patients",
        "distinct patients with a new visit (none in the three years before it) in the period",
        ((1, NEW_PATIENTS),),
        source="CPT three-year rule",
        dimensions=("provider",),
    ),
    _of(
        "active_patients",
        "Active patients",
        "living, with a visit in the 24 months up to the end of the period",
        ((1, ACTIVE),),
        dimensions=_BY_PATIENT,
    ),
    _of(
        "inactive_patients",
        "Inactive patients",
        "patients − active patients",
        ((1, LIVING), (-1, ACTIVE)),
        dimensions=_BY_PATIENT,
    ),
    _of(
        "average_age",
        "Average age",
        "mean of completed years on the last day of the period",
        ((1, AGES),),
        ((1, AGED),),
        unit="number",
        dimensions=_BY_PATIENT,
    ),
    *(
        _of(f"{name}_tasks", label, formula, ((1, part),), dimensions=_BY_TASK)
        for name, label, formula, part in (
            ("total", "Tasks", "tasks created in the period", ALL_TASKS),
            ("completed", "Completed", "of these, completed", DONE_TASKS),
            ("pending", "Pending", "of these, neither completed nor cancelled", OPEN_TASKS),
            ("overdue", "Overdue", "of these, open and past their due time", LATE_TASKS),
        )
    ),
    _of(
        "task_completion_rate",
        "Task completion",
        "100 × completed / (tasks − cancelled)",
        ((1, DONE_TASKS),),
        ((1, ALL_TASKS), (-1, STOPPED_TASKS)),
        unit="percent",
        dimensions=_BY_TASK,
    ),
    _of(
        "average_completion_time_hours",
        "Hours to complete a task",
        "mean elapsed hours from creation to completion",
        ((1, TASK_HOURS),),
        ((1, TIMED_TASKS),),
        unit="number",
        dimensions=_BY_TASK,
    ),
    _of("open_tasks", "Open tasks", "tasks neither completed nor cancelled", ((1, OPEN_NOW),)),
    _of("late_tasks", "Late tasks", "open tasks past their due time", ((1, LATE_NOW),)),
    _of("claims_pending", "Claims pending", "claims without a final answer", ((1, PENDING_NOW),)),
    _of(
        "kept_appointments",
        "Appointments not cancelled",
        "appointments by scheduled start − cancelled",
        ((1, ALL_APPOINTMENTS), (-1, CANCELLED)),
    ),
)

METRICS: Mapping[str, Metric] = {
    metric.id: metric
    for metric in (
        *_MORE,
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
        return Computed(_half_up(numerator, metric.unit))
    denominator = _add(metric.denominator, sums)
    if denominator is None:
        return Computed(None, "no_source_data", numerator)
    if denominator == 0:
        return Computed(None, "zero_denominator", numerator, denominator)
    share = _EXACT.divide(numerator, denominator)
    if metric.unit == "percent":
        share = share.scaleb(2, _EXACT)
    return Computed(_half_up(share, metric.unit), "", numerator, denominator)


def _add(terms: Terms, sums: Mapping[str, Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for sign, part in terms:
        value = sums[part.id]
        if value is None:
            return None
        total = (_EXACT.add if sign > 0 else _EXACT.subtract)(total, value)
    return total


# More digits than any sum of cents has (the default context has 28), and a rounding after which
# rounding again to fewer places gives what rounding once would have given.
_EXACT = Context(prec=100, rounding=ROUND_05UP)
_CENT, _ONE = Decimal("0.01"), Decimal(1)


def _half_up(value: Decimal, unit: str) -> Decimal:
    """The nearest cent or hundredth, of a count the nearest whole; a half goes away from zero."""
    rounded = value.quantize(_ONE if unit == "count" else _CENT, ROUND_HALF_UP, _EXACT)
    return _EXACT.add(rounded, Decimal(0))  # there is no minus zero


def change_percent(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    """100 × (value − before) / |before|, two places; None where either is absent or before is 0."""
    if value is None or before is None or before == 0:
        return None
    share = _EXACT.divide(_EXACT.subtract(value, before), _EXACT.abs(before))
    return _half_up(share.scaleb(2, _EXACT), "percent")
