"""What the registry's sources are in SQL: facts as of a revision, and what is derived from them.

A derived column is joined to the facts `f`, or a lateral query over one of them; a derived row
set stands for the facts themselves. In all, a table's name in braces becomes its facts as of the
revision.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from praxis_analytics.domain.facts import CHARGE, KINDS, LEDGER, Kind
from praxis_analytics.domain.registry.model import Source
from praxis_analytics.queries import derived
from praxis_analytics.storage import balances, claim_lives

_MENTIONED = re.compile(r"\bf\.(\w+)")
_TABLES = tuple(kind.table for kind in KINDS)


@functools.cache
def _columns(table: str) -> str:
    kind = next(kind for kind in KINDS if kind.table == table)
    return ", ".join(["practice_id", *(name for name, _ in kind.stored)])


def facts_as_of(table: str, newest: bool, *, voided: bool = False) -> str:
    """A FROM item of the facts that counted at `%(revision)s`, or of those `voided` by then.

    With `newest` the revision is the practice's head, and current rows are the whole truth.
    """
    counts = "voided" if voided else "not voided"
    current = f"select {_columns(table)} from {table} where practice_id = %(practice)s and {counts}"
    if newest:
        return f"({current})"
    return (
        f"({current} and rev_from <= %(revision)s"
        f" union all select {_columns(table)} from {table}_history"
        f" where practice_id = %(practice)s and {counts}"
        " and rev_from <= %(revision)s and rev_to > %(revision)s)"
    )


_ACCOUNT = balances.account(CHARGE)
_SELF_PAY = "select p.payer_id from {dim_payer} p where p.payer_class = 'self_pay'"
_CHARGES = f"""
        select {_ACCOUNT} as account, claim_id, encounter_id,
            patient_id, payer_id, provider_id, amount, service_date, posting_date,
            true as charged, synthetic,
            case when payer_id in ({_SELF_PAY}) then posting_date end as due_on
        from {{fact_charge}} c where posting_date <= %(end_on)s"""
_ENTRIES = f"""
        select {balances.account(LEDGER)}, claim_id, encounter_id,
            patient_id, payer_id, provider_id, -amount, service_date, posting_date,
            false, synthetic, case when entry = 'payment' and reason = 'insurance' and amount > 0
                then posting_date end
        from {{fact_ledger}} l
        where posting_date <= %(end_on)s and entry is distinct from 'transfer'"""


def _accounts(movements: str) -> str:
    """Every movement on a claim's or self-pay visit's balance up to the end of the period or today.

    What belongs to neither stands alone, so that unrelated amounts are not netted. An account
    belongs to the payer, provider and patient of its charges. It is the patient's to pay from a
    payer's first payment on, and from its first charge where nobody else pays.
    """
    return f"""
    select account, (min(claim_id::text))::uuid as claim_id,
        (min(encounter_id::text) filter (where charged))::uuid as encounter_id,
        (min(patient_id::text) filter (where charged))::uuid as patient_id,
        (min(payer_id::text) filter (where charged))::uuid as payer_id,
        (min(provider_id::text) filter (where charged))::uuid as provider_id,
        sum(amount) as balance, min(service_date) filter (where charged) as service_on,
        %(end_on)s::date - coalesce(
            min(service_date) filter (where charged), min(posting_date)) as balance_age,
        min(due_on) is not null as patient_due,
        %(end_on)s::date - min(due_on) as due_age,
        bool_or(synthetic) as synthetic
    from ({movements}) movement group by account"""


# Accounts that moved before the moment and after it, or whose rows never stand, are summed from
# their facts. An array is looked up by index: the planner cannot tell how few they are.
_MOVED = """
    with moved as materialized (select array(
        select b.account from account_balance b where b.practice_id = %(practice)s
        and b.stands_from > %(end_on)s and b.posted_on <= %(end_on)s) as accounts)"""
_ONE_MOVED = "any((select accounts from moved)::uuid[])"
_STOOD = f"""
    select account, claim_id, encounter_id, patient_id, payer_id, provider_id, balance, service_on,
        %(end_on)s::date - coalesce(service_on, posted_on) as balance_age,
        due_on is not null as patient_due, %(end_on)s::date - due_on as due_age, synthetic
    from account_balance b cross join lateral (select least(
        paid_on, case when payer_id in ({_SELF_PAY}) then charged_on end) as due_on) due
    where b.practice_id = %(practice)s and b.balance <> 0 and b.stands_from <= %(end_on)s"""


def _of_moved(movements: str, kind: Kind) -> str:
    rest = ", ".join(balances.ACCOUNT_OF[kind][1:])
    return (
        f"{movements} and claim_id = {_ONE_MOVED}"
        f" union all {movements} and claim_id is null and coalesce({rest}) = {_ONE_MOVED}"
    )


_MOVEMENTS_OF_MOVED = (
    f"{_MOVED} {_of_moved(_CHARGES, CHARGE)} union all {_of_moved(_ENTRIES, LEDGER)}"
)
ROWS = {"accounts": _accounts(f"{_CHARGES} union all {_ENTRIES}"), **derived.ROWS}
# The same rows at the newest revision, those that are settled left out or not.
_UNSETTLED = {"accounts": f"{_STOOD} union all {_accounts(_MOVEMENTS_OF_MOVED)}"}

_OFFICE = (
    "v.status = 'finished' and v.class in ('AMB', 'VR', 'HH')"
    " and v.type_code is distinct from '308646001'"
)
# What is looked up once per fact by a key, or grouped by one: the columns, and the joins they
# come from. The planner takes all facts at once, or few of them one by one, as it is cheaper.
_VISIT = "left join {fact_encounter} visit on visit.encounter_id = "
JOINS = {
    "visit_place": ("visit.location_id", f"{_VISIT} f.encounter_id"),
    # An entry belongs to the visit it names, or to that of its claim or charge. (By CASE, as
    # row-level security keeps COALESCE from the index.)
    "entry_place": (
        "visit.location_id",
        f"""
        left join {{fact_claim}} billed on billed.claim_id = f.claim_id
        left join {{fact_charge}} charged on charged.charge_id = f.charge_id
        {_VISIT} case when f.encounter_id is not null then f.encounter_id
            when billed.encounter_id is not null then billed.encounter_id
            else charged.encounter_id end""",
    ),
    "account_sent": (
        "sent.first_submitted_on,"
        " %(end_on)s::date - sent.first_submitted_on as days_since_submission",
        "left join {fact_claim} sent on sent.claim_id = f.claim_id",
    ),
    # The visit's own time, or without one that of sending.
    "survey_visit": ("coalesce(visit.start_at, f.sent_at) as visit_at", f"{_VISIT} f.encounter_id"),
    "claim_life": claim_lives.life(),
    "last_payer": (
        "paid_by.payer_id",
        """
        left join (
            select distinct on (v.patient_id) v.patient_id, v.payer_id from {fact_encounter} v
            where v.start_at < %(end_at)s and v.payer_id is not null
            order by v.patient_id, v.start_at desc, v.encounter_id
        ) paid_by on paid_by.patient_id = f.patient_id""",
    ),
    # What became of a denied claim: paid later, or written off.
    "claim_resolution": (
        "resolved.resolved_on, resolved.resolution",
        """
        left join (
            select o.claim_id, min(o.resolved_on) as resolved_on,
                (array_agg(o.resolution order by o.resolved_on, o.resolution))[1] as resolution
            from (
                select e.claim_id, e.occurred_on as resolved_on, 'paid' as resolution
                from {fact_claim_event} e
                where e.event in ('paid', 'partially_paid') and e.occurred_on < %(tomorrow)s
                union all
                select l.claim_id, l.posting_date, 'written_off' from {fact_ledger} l
                where l.reason = 'denial_write_off' and l.posting_date < %(tomorrow)s
            ) o group by o.claim_id
        ) resolved on resolved.claim_id = f.claim_id""",
    ),
    **derived.JOINS,
}
COLUMNS = {
    "charge_lag": "select f.posting_date - f.service_date as lag_days",
    "claim_state": claim_lives.STATE,
    # Only visits are new or not. A set that does not depend on the patient is hashed once.
    "patient_active": """
    select f.patient_id in (select v.patient_id from {fact_encounter} v
        where v.is_new_patient is not null
          and v.start_at >= %(active_at)s and v.start_at < %(end_at)s) is true as active""",
    "patient_active_before": """
    select f.patient_id in (select v.patient_id from {fact_encounter} v
        where v.is_new_patient is not null and v.start_at >= %(active_before_at)s
          and v.start_at < %(year_ago_at)s) is true as active_before""",
    "appointment_times": """
    select (f.start_at at time zone %(zone)s)::date - (f.booked_at at time zone %(zone)s)::date
            as lead_days,
        f.status = 'cancelled' and f.cancelled_at > f.start_at - interval '24 hours'
            as late_cancelled""",
    # As its visit, or without one: whether the patient was seen in the three years before.
    "appointment_new": f"""
    select coalesce(
        (select v.is_new_patient from {{fact_encounter}} v
         where v.encounter_id = f.encounter_id),
        not exists (select from {{fact_encounter}} v
            where v.patient_id = f.patient_id and {_OFFICE} and v.start_at < f.start_at
              and v.start_at >= f.start_at - interval '3 years')) as is_new_patient""",
    "appointment_verified": """
    select coalesce((select p.payer_class from {dim_payer} p where p.payer_id = f.payer_id)
            <> 'self_pay', false) as insured, answered.verified_at, answered.verified_result
    from (select 1) one left join lateral (
        select v.responded_at as verified_at, v.result as verified_result
        from {fact_verification} v
        where v.appointment_id = f.appointment_id and v.responded_at < f.start_at
        order by v.responded_at desc, v.verification_id limit 1) answered on true""",
    # A missed or late cancelled time that another patient of the provider then had.
    "appointment_refilled": """
    select exists (select from {fact_appointment} a
        where a.start_at = f.start_at and a.provider_id = f.provider_id
          and a.appointment_id <> f.appointment_id and a.patient_id <> f.patient_id
          and a.status in ('booked', 'arrived', 'checked-in', 'fulfilled')) as refilled""",
    **derived.COLUMNS,
}


# The last revision of the period's last day, or of today the one in hand.
_KNOWN_THEN = """(select max(l.revision) from revision_log l
    where l.practice_id = %(practice)s and l.revision <= %(revision)s
      and (l.recorded_at < %(end_at)s or %(end_on)s = %(today)s))"""


def _filled(template: str, newest: bool) -> str:
    """The template with every table in braces as of the revision."""
    for table in _TABLES:
        template = template.replace(f"{{{table}}}", facts_as_of(table, newest))
        if (then := f"{{{table} then}}") in template:
            known = facts_as_of(table, newest=False).replace("%(revision)s", _KNOWN_THEN)
            template = template.replace(then, known)
    return template


def from_source(
    source: Source,
    fragments: Iterable[str],
    newest: bool,
    *,
    settled: bool = False,
    bounded: str = "",
) -> str:
    """A FROM item that offers, as `f`, every column that the SQL fragments mention.

    Facts whose date `bounded` lies before `start`, or not before `after`, may be missing;
    of claims it is given where few are within.
    Accounts that are settled are all there where `settled`; else any of them may be missing.
    A lateral query runs once per fact that passes the conditions on the facts' own columns;
    OFFSET keeps the planner from copying it to every place that uses it.
    """
    mentioned = {name for text in fragments for name in _MENTIONED.findall(text)}
    added = dict.fromkeys(
        source.added_by[name] for name in sorted(mentioned) if name in source.added_by
    )
    base = facts_as_of(source.kind.table, newest)
    if source.rows:
        rows = ROWS if settled or not newest else {**ROWS, **_UNSETTLED}
        within = derived.WITHIN.get(source.rows, "") if bounded else ""
        base = f"({_filled(rows[source.rows], newest)})".replace("{within}", within)
    some = "claim_life" in added and bounded in claim_lives.STAGES
    if some:
        about = _filled(claim_lives.about(bounded), newest)
        base = f"(select c.* from {base} c where c.claim_id in {about})"
    columns, joins = ["f.*"], [f"{base} f"]
    for name in added:
        if some and name == "claim_life":
            more, join = claim_lives.life(one_by_one=True)
        elif name in JOINS:
            more, join = JOINS[name]
        else:
            more, join = f"{name}.*", f"left join lateral ({COLUMNS[name]} offset 0) {name} on true"
        columns.append(more)
        joins.append(_filled(join, newest))
    return f"(select {', '.join(columns)} from {' '.join(joins)}) f" if added else joins[0]
