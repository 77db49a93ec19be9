"""Rows of work with their amounts, from the facts as they are now."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

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

_CHARGES = facts_as_of("fact_charge", newest=True)
_LEDGER = facts_as_of("fact_ledger", newest=True)
_VISITS = facts_as_of("fact_encounter", newest=True)
_APPOINTMENTS = facts_as_of("fact_appointment", newest=True)
_EVENTS = facts_as_of("fact_claim_event", newest=True)
_PAYERS = facts_as_of("dim_payer", newest=True)

_LIMITS = " ".join(f"when '{name}' then {days}" for name, days in FILING_DAYS.items())
_LIMIT = f"case y.payer_class {_LIMITS} else 180 end"

# What a visit of the last year is expected to be allowed, and what it was charged.
_PER_VISIT = f"""(
    select round(sum({{amount}}) / nullif(count(distinct c.encounter_id), 0), 2) from {_CHARGES} c
    where c.service_date > %(today)s::date - 365 and c.service_date <= %(today)s)"""
_EXPECTED = _PER_VISIT.format(amount="coalesce(c.expected_allowed, c.amount)")
_CHARGED = _PER_VISIT.format(amount="c.amount")

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
    from {from_source(CLAIMS, ("f.state f.first_carc",), newest=True)}
    left join {_PAYERS} y on y.payer_id = f.payer_id
    where f.state = 'denied' and coalesce(f.frequency_code, 1) = 1
      and f.created_on <= %(today)s and {_CLAIM_BALANCE} > 0"""

_UNSUBMITTED = f"""
    select f.claim_id as id, f.source_id, coalesce(f.billed, 0) as amount,
        'Claim never sent' as reason, f.service_from + {_LIMIT} as due_on,
        f.service_from as day, f.provider_id, f.payer_id, f.patient_id
    from {from_source(CLAIMS, ("f.state",), newest=True)}
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

_UNVERIFIED = f"""
    select f.appointment_id as id, f.source_id, {_EXPECTED} as amount,
        'No answered verification' as reason,
        (f.start_at at time zone %(zone)s)::date - 1 as due_on,
        (f.start_at at time zone %(zone)s)::date as day, f.provider_id, f.payer_id, f.patient_id
    from {from_source(APPOINTMENTS, ("f.insured f.verified_at",), newest=True)}
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
# What such rows brought in lately, where facts tell.
_RECOVERED = {
    "denials": f"""
    select coalesce(sum(l.amount), 0) from {_LEDGER} l
    where l.entry = 'payment' and l.posting_date > {_SINCE} and l.posting_date <= %(today)s
      and exists (select from {_EVENTS} e where e.claim_id = l.claim_id
          and e.event = 'denied' and e.occurred_on < l.posting_date)""",
    "credit_balances": f"""
    select coalesce(-sum(l.amount), 0) from {_LEDGER} l
    where l.entry = 'refund' and l.posting_date > {_SINCE} and l.posting_date <= %(today)s""",
}


@dataclass(frozen=True)
class Summary:
    """What a list holds together."""

    items: int
    amount: Decimal
    recovered: Decimal | None


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
    }


async def summaries(connection: Connection, practice: Practice) -> Mapping[str, Summary]:
    """Every list's rows, their sum, and what was recovered, in the caller's read transaction."""
    found = {}
    parameters = _parameters(practice)
    for name in WORK_LISTS:
        recovered = f"({_RECOVERED[name]})" if name in _RECOVERED else "null::numeric"
        sql = f"select count(*), coalesce(sum(w.amount), 0), {recovered} from ({_ROWS[name]}) w"
        cursor = await connection.execute(sql.encode(), parameters)
        ((items, amount, back),) = await cursor.fetchall()
        found[name] = Summary(items, Decimal(amount), None if back is None else Decimal(back))
    return found


async def items(
    connection: Connection, practice: Practice, name: str, limit: int, offset: int
) -> Sequence[Item]:
    """Rows of a list, the most urgent first, in the caller's read transaction."""
    joins = "".join(
        f" left join {facts_as_of(f'dim_{who}', newest=True)} {who} on {who}.{who}_id = w.{who}_id"
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
    cursor = await connection.execute(sql.encode(), parameters)
    return [Item(*row) for row in await cursor.fetchall()]
