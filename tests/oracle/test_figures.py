"""Revenue, receivable and appointment figures over tiny facts worked by hand."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from . import fhir615 as oracle
from .records import Appointment, Charge, Facts, LedgerEntry, Visit

LAST_DAY = date(2021, 3, 31)


def day(text: str) -> date:
    return date.fromisoformat(f"2019-{text}")


def charge(key: str, amount: str, posted: date, served: date | None = None) -> Charge:
    return Charge(key, 1, "e", "p", "dr", "commercial", Decimal(amount), served or posted, posted)


def entry(key: str, reason: str, amount: str, posted: date, kind: str = "payment") -> LedgerEntry:
    return LedgerEntry(key, kind, reason, "commercial", "dr", Decimal(amount), posted, posted)


def test_the_worked_collection_example() -> None:
    june = day("06-10")
    facts = Facts(
        visits=[Visit("e", "p", day("05-31"), True)],
        charges=[charge("c", "1000.00", day("05-31"))],
        ledger=[
            entry("c", "contractual", "350.00", june, "adjustment"),
            entry("c", "insurance", "500.00", june),
            entry("c", "patient", "60.00", day("06-30")),
            entry("c", "bad_debt", "40.00", june, "adjustment"),
        ],
    )
    today = day("12-31")
    in_may = oracle.revenue(facts, day("05-01"), day("05-31"), today)
    in_june = oracle.revenue(facts, day("06-01"), day("06-30"), today)
    both = oracle.revenue(facts, day("05-01"), day("06-30"), today)
    assert in_may["collection_rate"] == Decimal("0.00")
    assert in_may["outstanding_balance"] == Decimal(1000)
    assert in_june["collection_rate"] is None
    assert in_june["average_revenue_per_patient"] is None
    assert both == {
        "total_charges": Decimal(1000),
        "total_payments": Decimal(560),
        "refunds": Decimal(0),
        "total_adjustments": Decimal(390),
        "total_revenue": Decimal(560),
        "outstanding_balance": Decimal(50),
        "collection_rate": Decimal("56.00"),
        "net_collection_rate": Decimal("86.15"),
        "average_revenue_per_patient": Decimal("560.00"),
    }
    # On the 29th the patient's payment is not there yet, whatever the period asked for.
    earlier = oracle.revenue(facts, day("05-01"), day("06-30"), day("06-29"))
    assert (earlier["outstanding_balance"], earlier["total_payments"]) == (
        Decimal(110),
        Decimal(500),
    )


def test_credit_balances_stay_apart_and_refunds_lower_revenue() -> None:
    facts = Facts(
        charges=[charge("open", "80.00", day("01-10")), charge("credit", "10.00", day("01-10"))],
        ledger=[
            entry("credit", "insurance", "30.00", day("01-20")),
            entry("credit", "insurance", "-25.00", day("02-20"), "refund"),
        ],
    )
    january = oracle.revenue(facts, day("01-01"), day("01-31"), LAST_DAY)
    assert january["outstanding_balance"] == Decimal(80)
    assert oracle.credit_balances(facts, day("01-31")) == {"count": 1, "amount": Decimal(20)}
    february = oracle.revenue(facts, day("02-01"), day("02-28"), LAST_DAY)
    assert (february["refunds"], february["total_revenue"]) == (Decimal(25), Decimal(-25))
    assert february["outstanding_balance"] == Decimal(85)
    assert oracle.revenue_by_month(facts, date(2018, 12, 15), day("02-28")) == {
        "2018-12": Decimal(0),
        "2019-01": Decimal(30),
        "2019-02": Decimal(-25),
    }
    assert oracle.payments_by_payer_class(facts, day("01-01"), day("02-28")) == {
        "commercial": Decimal(30)
    }


def test_aging_counts_days_from_the_service_date() -> None:
    today = day("12-31")
    ages = [0, 30, 31, 60, 61, 90, 91, 120, 121, 400]
    facts = Facts(
        charges=[charge(f"c{age}", "1.00", today, served=today - timedelta(age)) for age in ages]
    )
    expected = {name: Decimal(2) for name in ("0-30", "31-60", "61-90", "91-120", "120+")}
    assert oracle.aging(facts, today) == expected


def test_appointment_figures_by_local_start() -> None:
    def at(status: str, text: str) -> Appointment:
        start = datetime.fromisoformat(text)
        return Appointment(text, "e", "p", None, status, start, 15, start.date(), None)

    facts = Facts(
        appointments=[
            at("fulfilled", "2019-03-10T23:30"),
            at("fulfilled", "2019-03-10T09:00"),
            at("noshow", "2019-03-09T09:00"),
            at("cancelled", "2019-03-08T09:00"),
            at("booked", "2019-03-08T09:15"),
            at("fulfilled", "2019-03-11T00:00"),
        ]
    )
    figures = oracle.appointments(facts, day("03-08"), day("03-10"))
    assert list(figures.values()) == [
        *(5, 1, 2, 1, 1),
        *(Decimal(x) for x in ("40.00", "33.33", "20.00", "1.67")),
    ]
    empty_week = oracle.appointments(facts, day("05-01"), day("05-07"))
    assert (empty_week["total_appointments"], empty_week["no_show_rate"]) == (0, None)


def test_an_empty_practice_has_no_figures() -> None:
    assert set(oracle.revenue(Facts(), day("01-01"), LAST_DAY, LAST_DAY).values()) == {None}
    assert set(oracle.appointments(Facts(), day("01-01"), LAST_DAY).values()) == {None}
