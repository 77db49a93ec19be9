"""Rows of work with their amounts, from the facts of one revision.

A name in braces stands for a table's facts, or for facts with what is derived of them.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from praxis_analytics.domain.registry.model import Source
from praxis_analytics.domain.registry.sources import APPOINTMENTS, CLAIMS
from praxis_analytics.domain.work_lists import (
    FILING_DAYS,
    GRACE_DAYS,
    NO_SHOW_DAYS,
    RECOVERED_DAYS,
    REFUND_DAYS,
    UNBILLED_DAYS,
    UPCOMING_DAYS,
    WORK_LISTS,
)
from praxis_analytics.queries.sources import facts_as_of, from_source
from praxis_analytics.storage.practices import Practice
from praxis_chassis.database import Connection

_CHARGES, _LEDGER, _VISITS = "{fact_charge}", "{fact_ledger}", "{fact_encounter}"
_APPOINTMENTS, _EVENTS, _PAYERS = "{fact_appointment}", "{fact_claim_event}", "{dim_payer}"
_TABLES = (
    *("fact_charge", "fact_ledger", "fact_encounter", "fact_appointment", "fact_claim_event"),
    *("dim_payer", "dim_provider", "dim_patient"),
)
_DERIVED: dict[str, tuple[Source, str]] = {
    "denied": (CLAIMS, "f.state f.first_carc"),
    "drafts": (CLAIMS, "f.state"),
    "sent": (CLAIMS, "f.first_sent_on"),
    "insured": (APPOINTMENTS, "f.insured f.verified_at"),
    "checked": (APPOINTMENTS, "f.insured f.verified_at f.verified_result"),
}


@functools.cache
def _bound(sql: str, newest: bool) -> bytes:
    """SQL with its names in braces put in, for the newest revision or for `%(revision)s`."""
    facts = {table: facts_as_of(table, newest) for table in _TABLES}
    derived = {
        name: from_source(source, (columns,), newest)
        for name, (source, columns) in _DERIVED.items()
    }
    return sql.format(**facts, **derived).encode()


_LIMITS = " ".join(f"when '{name}' then {days}" for name, days in FILING_DAYS.items())
_LIMIT = f"case y.payer_class {_LIMITS} else 180 end"

# What a visit of the last year is expected to be allowed, and what it was charged.
_PER_VISIT = f"""(
    select round(sum({{amount}}) / nullif(count(distinct c.encounter_id), 0), 2) from {_CHARGES} c
    where c.service_date > %(today)s::date - 365 and c.service_date <= %(today)s)"""
_EXPECTED = _PER_VISIT.replace("{amount}", "coalesce(c.expected_allowed, c.amount)")
_CHARGED = _PER_VISIT.replace("{amount}", "c.amount")

_CLAIM_BALANCE = f"""(
    coalesce((select sum(c.amount) from {_CHARGES} c
        where c.claim_id = f.claim_id and c.posting_date <= %(today)s), 0)
    - coalesce((select sum(l.amount) from {_LEDGER} l
        where l.claim_id = f.claim_id and l.posting_date <= %(today)s
          and l.entry is distinct from 'transfer'), 0))"""

_DENIALS = f"""
    select f.claim_id as id, f.source_id, {_CLAIM_BALANCE} as amount,
        'Denied' || coalesce(' with reason ' || f.first_carc, '') as reason,
        f.service_from + {_LIMIT} as due_on, f.service_from as day,
        f.provider_id, f.payer_id, f.patient_id
    from {{denied}}
    left join {_PAYERS} y on y.payer_id = f.payer_id
    where f.state = 'denied' and coalesce(f.frequency_code, 1) = 1
      and f.created_on <= %(today)s and {_CLAIM_BALANCE} > 0"""

_UNSUBMITTED = f"""
    select f.claim_id as id, f.source_id, coalesce(f.billed, 0) as amount,
        'Claim never sent' as reason, f.service_from + {_LIMIT} as due_on,
        f.service_from as day, f.provider_id, f.payer_id, f.patient_id
    from {{drafts}}
    left join {_PAYERS} y on y.payer_id = f.payer_id
    where f.state = 'draft' and coalesce(f.frequency_code, 1) = 1
      and f.created_on <= %(today)s::date - {GRACE_DAYS} and f.billed > 0
    union all
    select v.encounter_id, v.source_id, {_CHARGED}, 'Visit without a charge',
        (v.start_at at time zone %(zone)s)::date + {_LIMIT},
        (v.start_at at time zone %(zone)s)::date, v.provider_id, v.payer_id, v.patient_id
    from {_VISITS} v left join {_PAYERS} y on y.payer_id = v.payer_id
    where v.is_new_patient is not null
      and v.start_at >= %(midnight)s - interval '{UNBILLED_DAYS} days'
      and v.start_at < %(midnight)s - interval '{GRACE_DAYS} days'
      and not exists (select from {_CHARGES} c where c.encounter_id = v.encounter_id)
      and exists (select from {_CHARGES} c where c.service_date > %(today)s::date - 365)"""

_CREDITS = f"""
    select account as id, '' as source_id, -sum(amount) as amount,
        'Paid more than charged' as reason, max(posting_date) + {REFUND_DAYS} as due_on,
        max(posting_date) as day, (min(provider_id::text))::uuid as provider_id,
        (min(payer_id::text))::uuid as payer_id, (min(patient_id::text))::uuid as patient_id
    from (
        select coalesce(claim_id, encounter_id, charge_id) as account, amount, posting_date,
            provider_id, payer_id, patient_id from {_CHARGES} c
        union all
        select coalesce(claim_id, encounter_id, charge_id, entry_id), -amount, posting_date,
            provider_id, payer_id, patient_id from {_LEDGER} l
        where entry is distinct from 'transfer') movement
    where posting_date <= %(today)s group by account having sum(amount) < 0"""

# The last day before an appointment on which the practice is not closed.
_LAST_OPEN_DAY = """(
    select (f.start_at at time zone %(zone)s)::date - coalesce(min(n), 1)
    from generate_series(1, 31) n
    where (f.start_at at time zone %(zone)s)::date - n <> all(%(holidays)s::date[]))"""
_UNVERIFIED = f"""
    select f.appointment_id as id, f.source_id, {_EXPECTED} as amount,
        'No answered verification' as reason, {_LAST_OPEN_DAY} as due_on,
        (f.start_at at time zone %(zone)s)::date as day, f.provider_id, f.payer_id, f.patient_id
    from {{insured}}
    where f.status in ('proposed', 'pending', 'booked')
      and f.start_at >= %(midnight)s
      and f.start_at < %(midnight)s + interval '{UPCOMING_DAYS} days'
      and f.insured and f.verified_at is null"""

_NO_SHOWS = f"""
    select f.appointment_id as id, f.source_id, {_EXPECTED} as amount,
        'Missed, no later appointment' as reason, null::date as due_on,
        (f.start_at at time zone %(zone)s)::date as day, f.provider_id, f.payer_id, f.patient_id
    from {_APPOINTMENTS} f
    where f.status = 'noshow' and f.start_at < %(midnight)s
      and f.start_at >= %(midnight)s - interval '{NO_SHOW_DAYS} days'
      and not exists (select from {_APPOINTMENTS} a where a.patient_id = f.patient_id
          and a.start_at > f.start_at and a.status not in ('cancelled', 'noshow'))"""

_ROWS = {
    "denials": _DENIALS,
    "unsubmitted_charges": _UNSUBMITTED,
    "credit_balances": _CREDITS,
    "unverified_appointments": _UNVERIFIED,
    "unfilled_no_shows": _NO_SHOWS,
}
_SINCE = f"%(today)s::date - {RECOVERED_DAYS}"
_PAID = f"""
    select coalesce(sum(l.amount), 0) from {_LEDGER} l
    where l.entry = 'payment' and l.posting_date > {_SINCE} and l.posting_date <= %(today)s"""
# Kept visits count with what is expected of one, as they did while they were on the list.
_KEPT = f"""
    select count(*) * coalesce({_EXPECTED}, 0) from {{facts}}
    where f.status = 'fulfilled' and f.start_at < %(midnight)s
      and f.start_at >= %(midnight)s - interval '{RECOVERED_DAYS} days'"""
_CHECKED = "{checked}"
_LATE = f"from {_CHARGES} c where c.posting_date > c.service_date + {GRACE_DAYS}"
# What such rows brought in lately.
_RECOVERED = {
    "denials": f"""{_PAID}
      and exists (select from {_EVENTS} e where e.claim_id = l.claim_id
          and e.event = 'denied' and e.occurred_on < l.posting_date)""",
    "credit_balances": f"""
    select coalesce(-sum(l.amount), 0) from {_LEDGER} l
    where l.entry = 'refund' and l.posting_date > {_SINCE} and l.posting_date <= %(today)s""",
    # Of claims that were sent, and visits that were charged, after they had been on the list.
    "unsubmitted_charges": f"""{_PAID}
      and (l.claim_id in (
              select f.claim_id from {{sent}}
              where f.first_sent_on > f.created_on + {GRACE_DAYS}
              union all select c.claim_id {_LATE} and c.claim_id is not null)
          or l.claim_id is null and l.encounter_id in (
              select c.encounter_id {_LATE} and c.encounter_id is not null))""",
    # Kept visits whose coverage was found active while they were on the list.
    "unverified_appointments": f"""{_KEPT.replace("{facts}", _CHECKED)}
      and f.insured and f.verified_result = 'active'
      and f.verified_at >= f.start_at - interval '{UPCOMING_DAYS} days'""",
    # Kept visits that were booked after a missed one had been on the list.
    "unfilled_no_shows": f"""{_KEPT.replace("{facts}", f"{_APPOINTMENTS} f")}
      and exists (select from {_APPOINTMENTS} n where n.patient_id = f.patient_id
          and n.status = 'noshow' and n.start_at < f.booked_at
          and n.start_at >= f.booked_at - interval '{NO_SHOW_DAYS} days')""",
}


@dataclass(frozen=True)
class Summary:
    """What a list holds together."""

    items: int
    amount: Decimal
    recovered: Decimal


@dataclass(frozen=True)
class Item:
    """One row of work."""

    id: uuid.UUID
    source_id: str
    amount: Decimal
    reason: str
    due_on: date | None
    day: date
    provider: str
    payer: str
    patient_id: uuid.UUID | None
    patient: str


def _parameters(practice: Practice) -> dict[str, Any]:
    tomorrow = practice.today + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time.min, ZoneInfo(practice.time_zone))
    return {
        "practice": practice.practice_id,
        "revision": practice.revision,
        "today": practice.today,
        "tomorrow": tomorrow,
        "end_on": practice.today,
        "zone": practice.time_zone,
        "midnight": midnight,
        "holidays": list(practice.holidays),
    }


async def summaries(connection: Connection, practice: Practice) -> Mapping[str, Summary]:
    """Every list's rows, their sum, and what was recovered, in the caller's read transaction."""
    found = {}
    parameters = _parameters(practice)
    for name in WORK_LISTS:
        columns = f"count(*), coalesce(sum(w.amount), 0), ({_RECOVERED[name]})"
        sql = f"select {columns} from ({_ROWS[name]}) w"
        cursor = await connection.execute(_bound(sql, newest=True), parameters)
        ((items, amount, back),) = await cursor.fetchall()
        found[name] = Summary(items, Decimal(amount), Decimal(back))
    return found


async def items(
    connection: Connection,
    practice: Practice,
    name: str,
    limit: int,
    offset: int,
    revision: int | None = None,
) -> Sequence[Item]:
    """Rows of a list, the most urgent first, in the caller's read transaction.

    They are those of `practice.today`, from the facts of `revision` (None: the newest).
    """
    newest = revision is None or revision == practice.revision
    joins = "".join(
        f" left join {{dim_{who}}} {who} on {who}.{who}_id = w.{who}_id"
        for who in ("provider", "payer", "patient")
    )
    sql = (
        "select w.id, w.source_id, coalesce(w.amount, 0), w.reason, w.due_on, w.day,"
        " coalesce(provider.display_name, ''), coalesce(payer.name, ''), w.patient_id,"
        " concat_ws(' ', patient.given_name, patient.family_name)"
        f" from ({_ROWS[name]}) w{joins}"
        " order by w.due_on nulls last, w.amount desc nulls last, w.id"
        " limit %(limit)s offset %(offset)s"
    )
    parameters = {**_parameters(practice), "limit": limit, "offset": offset}
    if revision is not None:
        parameters["revision"] = revision
    cursor = await connection.execute(_bound(sql, newest=newest), parameters)
    return [Item(*row) for row in await cursor.fetchall()]
