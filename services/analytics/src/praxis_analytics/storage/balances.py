"""What every account comes to: sums of its movements, kept by apply for the accounts it touches.

An account is a claim or a self-pay visit; what belongs to neither stands alone. Its row says what
its movements say from the end of the last one's day on (`stands_from`), and nothing about days
before. Charges that name several payers never let it stand: whose the balance is to pay then
depends on more than a row holds.
"""

from __future__ import annotations

import uuid

from praxis_analytics.domain.facts import CHARGE, LEDGER, Kind
from praxis_chassis.database import Connection

# The account of a fact, by the columns that name it in this order.
ACCOUNT_OF = {
    CHARGE: ("claim_id", "encounter_id", "charge_id"),
    LEDGER: ("claim_id", "encounter_id", "charge_id", "entry_id"),
}


def account(kind: Kind, form: str = "") -> str:
    """SQL of the account of a charge or ledger entry; `form` (`old.`) goes before columns."""
    return f"coalesce({', '.join(form + name for name in ACCOUNT_OF[kind])})"


def _movements(kind: Kind, table: str) -> str:
    """What charges or ledger entries in `table`, the facts or a stage of them, move."""
    own = "entry = 'payment' and reason = 'insurance' and amount > 0"
    amount, charged, paid, which = {
        CHARGE: ("amount", "true", "null::date", "not voided"),
        LEDGER: (
            "-amount",
            "false",
            f"case when {own} then posting_date end",
            "not voided and entry is distinct from 'transfer'",
        ),
    }[kind]
    return f"""
    select {account(kind)} as account, claim_id, encounter_id, patient_id, payer_id, provider_id,
        {amount} as amount, service_date, posting_date, {charged} as charged, synthetic,
        {paid} as paid_on
    from {table} where {which}"""


_SUMS = """
    sum(amount), (min(claim_id::text))::uuid,
    (min(encounter_id::text) filter (where charged))::uuid,
    (min(patient_id::text) filter (where charged))::uuid,
    (min(payer_id::text) filter (where charged))::uuid,
    (min(provider_id::text) filter (where charged))::uuid,
    min(service_date) filter (where charged), min(posting_date),
    min(posting_date) filter (where charged), min(paid_on), coalesce(bool_or(synthetic), false),
    case when min(coalesce(payer_id::text, '')) filter (where charged)
            <> max(coalesce(payer_id::text, '')) filter (where charged)
        then 'infinity' else max(posting_date) end"""
_COLUMNS = (
    "balance", "claim_id", "encounter_id", "patient_id", "payer_id", "provider_id", "service_on",
    "posted_on", "charged_on", "paid_on", "synthetic", "stands_from",
)  # fmt: skip


def _of_accounts(kind: Kind) -> str:
    """Movements of accounts, each way by an index of its own."""
    one = f"{_movements(kind, kind.table)} and practice_id = %(practice)s"
    rest = ", ".join(ACCOUNT_OF[kind][1:])
    return (
        f"{one} and claim_id = any(%(accounts)s)"
        f" union all {one} and claim_id is null and coalesce({rest}) = any(%(accounts)s)"
    )


def touch(kind: Kind) -> str:
    """Notes the accounts of every staged row."""
    return f"insert into stage_account select {account(kind)} from stage_{kind.table}"


def add(kind: Kind) -> str:
    """Adds what is staged, all of it new facts, to its accounts."""
    least = [name for name in _COLUMNS if name not in ("balance", "synthetic", "stands_from")]
    return f"""
    insert into account_balance as b (practice_id, account, {", ".join(_COLUMNS)})
    select %(practice)s, account, {_SUMS} from ({_movements(kind, f"stage_{kind.table}")}) m
    where posting_date is not null group by account
    on conflict (practice_id, account) do update
    set balance = coalesce(b.balance + excluded.balance, b.balance, excluded.balance),
        {", ".join(f"{name} = least(b.{name}, excluded.{name})" for name in least)},
        synthetic = b.synthetic or excluded.synthetic,
        stands_from = case
            when b.charged_on is not null and excluded.charged_on is not null
                and b.payer_id is distinct from excluded.payer_id then 'infinity'
            else greatest(b.stands_from, excluded.stands_from) end"""


TOUCHED = "select array_agg(distinct account) from stage_account where account is not null"
# An array that is looked up by index: the planner knows nothing of rows of this batch, and would
# loop over the practice once an account.
REFRESH = f"""
insert into account_balance as b (practice_id, account, {", ".join(_COLUMNS)})
select %(practice)s, account, {_SUMS}
from (
    {_of_accounts(CHARGE)} union all {_of_accounts(LEDGER)}
    union all select unnest(%(accounts)s::uuid[]), {", ".join(["null"] * 11)}
) m
where posting_date is not null or charged is null
group by account
on conflict (practice_id, account) do update
set {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)}
where ({", ".join(f"b.{name}" for name in _COLUMNS)})
      is distinct from ({", ".join(f"excluded.{name}" for name in _COLUMNS)})
"""

# Every account of a practice as its facts say.
_ALL = " union all ".join(
    f"{_movements(kind, kind.table)} and practice_id = %(practice)s" for kind in ACCOUNT_OF
)
FROM_FACTS = f"""
select %(practice)s::uuid, account, {_SUMS}
from ({_ALL}) m where posting_date is not null group by account
"""
# An account that lost its last movement keeps an empty row.
_STORED = f"""
select practice_id, account, {", ".join(_COLUMNS)} from account_balance
where practice_id = %(practice)s and posted_on is not null
"""
_DIFFERENCE = f"""
with facts as ({FROM_FACTS}), stored as ({_STORED})
select (select count(*) from facts),
    (select 'stored: ' || s::text from (table stored except table facts) s limit 1),
    (select 'facts: ' || f::text from (table facts except table stored) f limit 1)
"""


async def difference(connection: Connection, practice_id: uuid.UUID) -> tuple[int, str]:
    """How many accounts the facts make, and the first that is not stored as they say; empty
    where none is."""
    values = {"practice": practice_id}
    cursor = await connection.execute(_DIFFERENCE.encode(), values)
    ((accounts, stored, facts),) = await cursor.fetchall()
    return accounts, (stored or facts or "")[:300]
