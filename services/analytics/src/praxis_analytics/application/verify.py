"""Control totals of a practice: what must tie out, whatever was imported."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

from praxis_analytics.domain.facts import KINDS
from praxis_analytics.domain.findings import Finding
from praxis_analytics.domain.rollups import RolledFact, rolled_facts
from praxis_analytics.storage import balances
from praxis_analytics.storage.rollups import difference
from praxis_chassis.database import Connection, transaction

_BALANCE = """
select (select coalesce(sum(amount), 0) from fact_charge
        where practice_id = %(practice)s and not voided),
       (select coalesce(sum(amount), 0) from fact_ledger
        where practice_id = %(practice)s and not voided and entry is distinct from 'transfer'),
       coalesce(sum(balance) filter (where balance > 0), 0),
       coalesce(sum(balance) filter (where balance < 0), 0)
from account_balance where practice_id = %(practice)s and posted_on is not null
"""

_STATES = """
select count(*), count(*) filter (where status = 'fulfilled'),
       count(*) filter (where status = 'cancelled'), count(*) filter (where status = 'noshow'),
       count(*) filter (where status in
           ('proposed', 'pending', 'booked', 'arrived', 'checked-in', 'waitlist'))
from fact_appointment
where practice_id = %(practice)s and not voided and status <> 'entered-in-error'
"""

# By the claim's own events, and without any by its status.
_CLAIM_STATES = """
select count(*), count(*) filter (where state = 'draft'), count(*) filter (where state = 'pending'),
       count(*) filter (where state = 'accepted'), count(*) filter (where state = 'rejected'),
       count(*) filter (where state = 'denied')
from (
    select case
        when last in ('paid', 'partially_paid') then 'accepted'
        when last in ('rejected', 'denied') then last
        when last is not null then 'pending'
        when status in ('paid', 'partially_paid', 'closed') then 'accepted'
        when status in ('rejected', 'denied') then status
        when status in ('submitted', 'accepted_by_payer', 'pending') then 'pending'
        when status in ('draft', 'voided') or status is null then 'draft' end as state
    from fact_claim c left join lateral (
        select event as last from fact_claim_event e
        where e.practice_id = %(practice)s and e.claim_id = c.claim_id and not e.voided
          and event in ('submitted', 'resubmitted', 'acknowledged', 'pended', 'appealed',
                        'rejected', 'denied', 'paid', 'partially_paid')
        order by occurred_on desc, seq desc limit 1) answered on true
    where c.practice_id = %(practice)s and not c.voided
) states
"""

# Kinds of fact whose sums of amounts the log of revisions carries.
_WITH_AMOUNTS = tuple(kind.table for kind in KINDS if "amount" in kind.names)

_LOG = """
select h.revision, count(l.revision), coalesce(max(l.revision), 0)
from revision_head h left join revision_log l on l.practice_id = h.practice_id
where h.practice_id = %(practice)s group by h.revision
"""


async def _row(connection: Connection, sql: str, practice_id: uuid.UUID) -> tuple[int, ...]:
    cursor = await connection.execute(sql.encode(), {"practice": practice_id})
    row = await cursor.fetchone()
    return tuple(row) if row is not None else ()


async def verify(connection: Connection, practice_id: uuid.UUID) -> AsyncIterator[Finding]:
    """Every control total of a practice, in one snapshot, as it is known. Changes nothing."""
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    async with transaction(connection, begin, practice_id, 600_000):
        for total in (_revisions, _money, _balances, _appointments, _claims):
            yield await total(connection, practice_id)
        for table in _WITH_AMOUNTS:
            yield await _amounts(connection, practice_id, table)
        for fact in rolled_facts().values():
            yield await _rolled(connection, practice_id, fact)
        for kind in KINDS:
            yield await _history(connection, practice_id, kind.table, kind.key)


async def _revisions(connection: Connection, practice_id: uuid.UUID) -> Finding:
    found = await _row(connection, _LOG, practice_id)
    if not found:
        return Finding("practice exists", False, "no such practice")
    head, count, newest = found
    holds = head == count == newest
    return Finding("revisions have no gap", holds, f"head {head}, logged {count}, newest {newest}")


async def _money(connection: Connection, practice_id: uuid.UUID) -> Finding:
    """What was charged less what was posted is what the accounts are kept to owe."""
    charges, ledger, owed, credit = await _row(connection, _BALANCE, practice_id)
    detail = f"{charges} − {ledger} = open {owed} + credit {credit}"
    return Finding("charges − ledger = balance", charges - ledger == owed + credit, detail)


async def _balances(connection: Connection, practice_id: uuid.UUID) -> Finding:
    """What is kept of every account is what its facts come to."""
    accounts, wrong = await balances.difference(connection, practice_id)
    return Finding("balances of accounts", not wrong, wrong or f"{accounts} as the facts")


async def _appointments(connection: Connection, practice_id: uuid.UUID) -> Finding:
    total, *states = await _row(connection, _STATES, practice_id)
    detail = f"{total} = {' + '.join(map(str, states))}"
    return Finding("appointment states sum to the total", total == sum(states), detail)


async def _claims(connection: Connection, practice_id: uuid.UUID) -> Finding:
    total, *states = await _row(connection, _CLAIM_STATES, practice_id)
    detail = f"{total} = {' + '.join(map(str, states))}"
    return Finding("claim states sum to the total", total == sum(states), detail)


async def _rolled(connection: Connection, practice_id: uuid.UUID, fact: RolledFact) -> Finding:
    """What stands in for facts says what they say."""
    months, wrong = await difference(connection, practice_id, fact)
    detail = wrong or f"{months} months as the facts"
    return Finding(f"roll-ups of {fact.name}", not wrong, detail)


async def _amounts(connection: Connection, practice_id: uuid.UUID, table: str) -> Finding:
    """What the revisions moved adds up to what stands now."""
    sql = f"""
    select (select coalesce(sum(amount), 0) from {table}
            where practice_id = %(practice)s and not voided),
           (select coalesce(sum((amounts->>'{table}')::numeric), 0) from revision_log
            where practice_id = %(practice)s)"""
    stands, logged = await _row(connection, sql, practice_id)
    return Finding(f"amounts of {table}", stands == logged, f"{stands}, by the log {logged}")


async def _history(
    connection: Connection, practice_id: uuid.UUID, table: str, key: tuple[str, ...]
) -> Finding:
    """Earlier forms of a fact follow each other without gap or overlap, up to the current one;
    and each revision left as many forms as its log says."""
    keys = ", ".join(key)
    sql = f"""
    with forms as (
        select {keys}, rev_from, rev_to from {table}_history where practice_id = %(practice)s
        union all
        select {keys}, rev_from, null from {table} where practice_id = %(practice)s
    ), follow as (
        select rev_to, lead(rev_from) over (partition by {keys} order by rev_from) as next,
               rev_from from forms
    ), logged as (
        select revision, (changed->>'{table}')::bigint as count from revision_log
        where practice_id = %(practice)s and changed ? '{table}'
    ), counted as (select rev_from as revision, count(*) from forms group by rev_from)
    select (select count(*) from forms),
           (select count(*) from follow
            where rev_to is distinct from next or rev_to <= rev_from),
           (select count(*) from logged l full join counted c on c.revision = l.revision
            where l.count is distinct from c.count)"""
    forms, wrong, uneven = await _row(connection, sql, practice_id)
    detail = f"{forms} forms, {wrong} out of line, {uneven} revisions that the log counts otherwise"
    return Finding(f"history of {table}", wrong == uneven == 0, detail)
