"""The work list in a report: rows about patients, for those who may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from praxis.analytics.v1 import insight_service_pb2
from praxis_report.domain.document import Column, Table

TITLES: Mapping[str, str] = {
    "denials": "Denials to work",
    "credit_balances": "Credit balances to settle",
    "unfilled_no_shows": "Missed visits to fill again",
    "unverified_appointments": "Appointments to verify",
}
_PATIENT = Column("patient", "Patient", "text")
_COLUMNS = (
    Column("due_date", "Act by", "date"),
    _PATIENT,
    Column("amount", "Amount", "money"),
    Column("reason", "Reason", "text"),
    Column("date", "Date", "date"),
    Column("provider", "Provider", "text"),
    Column("payer", "Payer", "text"),
)


def work_table(
    name: str, items: Sequence[insight_service_pb2.WorkItem], most: int, *, named: bool
) -> Table:
    """The rows of a work list, most urgent first; `most` is how many were asked for.

    `named`: with the names of patients, which are their only direct identifiers in it.
    """
    remark = "The list as it stood on the business date, with the facts of this document."
    if len(items) >= most:
        remark += f" Only the first {len(items):,} rows are shown."
    kept = [i for i, column in enumerate(_COLUMNS) if named or column is not _PATIENT]
    columns = tuple(_COLUMNS[i] for i in kept)
    rows = tuple(tuple(row[i] for i in kept) for row in map(_row, items))
    return Table("work_list", TITLES[name], columns, rows, remark=remark)


def _row(item: insight_service_pb2.WorkItem) -> tuple[date | str | Decimal | None, ...]:
    return (
        date.fromisoformat(item.due_date) if item.due_date else None,
        item.patient_name,
        Decimal(item.amount),
        item.reason,
        date.fromisoformat(item.date) if item.date else None,
        item.provider,
        item.payer,
    )
