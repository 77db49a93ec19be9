"""The lists of work that recover money: what is on them, and how long there is to act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Days from the service within which a payer of a class takes a claim.
FILING_DAYS: Mapping[str, int] = {
    "commercial": 180, "medicare": 365, "medicaid": 180, "dual": 365, "tricare": 365,
    "workers_comp": 365, "other": 180,
}  # fmt: skip
# Days within which an overpayment is given back.
REFUND_DAYS = 60
# How far back and ahead the lists look, and over which days recoveries are counted.
NO_SHOW_DAYS, UPCOMING_DAYS, UNBILLED_DAYS, RECOVERED_DAYS = 30, 14, 365, 90
# A claim may wait this long before it counts as left behind.
GRACE_DAYS = 2


@dataclass(frozen=True)
class WorkList:
    """One list. Its SQL stands in `queries/work_lists.py` under the same id."""

    id: str
    title: str
    description: str
    next_step: str


WORK_LISTS: Mapping[str, WorkList] = {
    one.id: one
    for one in (
        WorkList(
            "denials",
            "Denied claims",
            "Claims whose last answer is a denial and that have a balance, by the days left "
            "to the payer's filing limit.",
            "Correct what the reason names and send the claim again, or appeal.",
        ),
        WorkList(
            "unsubmitted_charges",
            "Visits not billed",
            "Finished visits without a charge, and claims that were never sent. A visit without a "
            "charge counts with the practice's mean charge per visit.",
            "Post the charge, or send the claim.",
        ),
        WorkList(
            "credit_balances",
            "Credit balances",
            "Accounts that were paid more than was charged.",
            "Find out who paid too much and refund or move the amount.",
        ),
        WorkList(
            "unverified_appointments",
            "Coverage not verified",
            f"Insured patients' appointments of the next {UPCOMING_DAYS} days without an answered "
            "verification, each with the allowed amount expected of a visit.",
            "Ask the payer before the visit.",
        ),
        WorkList(
            "unfilled_no_shows",
            "Missed and not rebooked",
            f"Appointments of the last {NO_SHOW_DAYS} days that were missed, whose patients have "
            "no later one, each with the allowed amount expected of a visit.",
            "Call the patient and offer a new time.",
        ),
    )
}
