"""Practices of skewed size and their facts, put in by SQL as apply would leave them.

40 % appointments and visits, 30 % claims with their charges and answers, 30 % payments. Each
claim has one charge, a sending and an answer, and four payments; most are settled.
"""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psycopg

from praxis_analytics.domain.facts import KINDS
from praxis_analytics.domain.rollups import MARKED, marked
from praxis_analytics.storage import balances

PRACTICES = 200
# Days of service: three years that end early enough for all that follows to have happened.
_DAY = "date '2022-12-01' + mod({n}::bigint * 7919, 1100)::int"
_TIME = (
    f"(({_DAY}) + time '13:00' + make_interval(mins => mod({{n}}, 540)::int)) at time zone 'UTC'"
)
_BOOK = (
    ", source_system, source_id, source_resource, source_version, voided, synthetic,"
    " recorded_at, rev_from"
)
_BOOKED = ", 'bench', n::text, n::text, 0, false, false, clock.at, 1"


def _id(kind: str, number: str) -> str:
    """An id of a practice `w`, ascending with a number, as time-ordered ids are."""
    prefix = f"left(md5('{kind}' || w.id), 20)"
    return f"({prefix} || lpad(to_hex(({number})::bigint), 12, '0'))::uuid"


def _who(n: str) -> str:
    """The patient, provider and payer of something."""
    return ", ".join(
        (
            _id("patient", f"mod({n}::bigint * 31, w.patients)"),
            _id("provider", f"mod({n}, 20)"),
            _id("payer", f"mod({n}::bigint * 17, 12)"),
        )
    )


@dataclass(frozen=True)
class _Made:
    """Which share of the facts a kind has, and its rows from `n`, a number, and `w`, a practice."""

    table: str
    share: float
    columns: str
    values: str


_CLAIM_OF_EVENT, _CLAIM_OF_ENTRY = "((n + 1) / 2)", "((n + 3) / 4)"
_MADE = (
    _Made(
        "fact_appointment", 0.3,
        "appointment_id, patient_id, provider_id, payer_id, start_at, status",
        f"{_id('appointment', 'n')}, {_who('n')}, {_TIME.format(n='n')},"
        " (array['fulfilled','fulfilled','fulfilled','noshow','cancelled'])[1 + mod(n, 5)]",
    ),
    _Made(
        "fact_encounter", 0.1,
        "encounter_id, patient_id, provider_id, payer_id, start_at, status, class, is_new_patient",
        f"{_id('encounter', 'n')}, {_who('n')}, {_TIME.format(n='n')}, 'finished', 'AMB',"
        " mod(n, 7) = 0",
    ),
    _Made(
        "fact_claim", 0.075,
        "claim_id, patient_id, provider_id, payer_id, service_from, created_on, billed, status",
        f"{_id('claim', 'n')}, {_who('n')}, {_DAY.format(n='n')}, {_DAY.format(n='n')}, 100,"
        " 'submitted'",
    ),
    _Made(
        "fact_charge", 0.075,
        "charge_id, claim_id, patient_id, provider_id, payer_id, amount, posting_date,"
        " service_date",
        f"{_id('charge', 'n')}, {_id('claim', 'n')}, {_who('n')}, 100, {_DAY.format(n='n')} + 1,"
        f" {_DAY.format(n='n')}",
    ),
    _Made(
        "fact_claim_event", 0.15,
        "claim_id, seq, event, occurred_on",
        f"{_id('claim', _CLAIM_OF_EVENT)}, 2 - mod(n, 2), case when mod(n, 2) = 1 then"
        f" 'submitted' when mod({_CLAIM_OF_EVENT}, 9) = 0 then 'denied' else 'paid' end,"
        f" {_DAY.format(n=_CLAIM_OF_EVENT)} + 2 + 18 * mod(n + 1, 2)::int",
    ),
    _Made(
        "fact_ledger", 0.3,
        "entry_id, claim_id, patient_id, provider_id, payer_id, entry, reason, amount,"
        " posting_date",
        f"{_id('entry', 'n')}, {_id('claim', _CLAIM_OF_ENTRY)}, {_who(_CLAIM_OF_ENTRY)},"
        " (array['payment','payment','adjustment','payment'])[1 + mod(n + 3, 4)],"
        " (array['insurance','insurance','contractual','patient'])[1 + mod(n + 3, 4)],"
        # Of one claim in ten the patient still owes something.
        f" case when mod(n, 4) > 0 then 30 when mod({_CLAIM_OF_ENTRY}, 10) = 0 then 4 else 10 end,"
        f" {_DAY.format(n=_CLAIM_OF_ENTRY)} + 20 + mod(n, 5)::int",
    ),
)  # fmt: skip
TABLES = tuple(made.table for made in _MADE)


def generate(conninfo: str, facts: int) -> uuid.UUID:
    """Makes practices whose sizes fall as 1 / rank, and their facts; returns the largest."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(
            "set synchronous_commit = off; set maintenance_work_mem = '512MB';"
            "create temp table w as select i, gen_random_uuid() as id, facts,"
            " greatest(20, facts / 60) as patients from generate_series(1,"
            f" {PRACTICES}) i, lateral (select round({facts} / i::numeric / (select sum(1.0 / k)"
            f" from generate_series(1, {PRACTICES}) k))::int as facts) size;"
            "insert into practice (practice_id, name, time_zone, created_at)"
            " select id, 'Bench ' || i, 'America/New_York', now() from w;"
            "insert into revision_head select id, 1, now() - interval '1 hour' from w;"
            "insert into revision_log (practice_id, revision, recorded_at, changed, amounts)"
            " select id, 1, now(), '{}', '{}' from w"
        )
        indexes = connection.execute(
            "select indexdef, indexname from pg_indexes where tablename = any(%s)"
            " and indexname !~ 'pkey$'",
            (list(TABLES),),
        ).fetchall()
        connection.execute(";".join(f"drop index {name}" for _, name in indexes).encode())
        _people(connection)
        for made in _MADE:
            connection.execute(_insert(made).encode())
        connection.execute(";".join(definition for definition, _ in indexes).encode())
        connection.execute(_mark().encode())
        for (practice_id,) in connection.execute("select id from w").fetchall():
            connection.execute(
                f"insert into account_balance {balances.FROM_FACTS}".encode(),
                {"practice": practice_id},
            )
        connection.execute("vacuum (freeze, analyze)")
        found = connection.execute("select id from w where i = 1").fetchone()
    assert found is not None
    return uuid.UUID(str(found[0]))


def _people(connection: psycopg.Connection) -> None:
    """Patients, providers and payers."""
    for table, columns, values, most in (
        ("dim_patient", "patient_id, sex, birth_date, registered_on",
         f"{_id('patient', 'n')}, (array['female','male'])[1 + mod(n, 2)],"
         " date '1940-01-01' + mod(n * 37, 28000), date '2022-12-01' + mod(n, 1000)", "w.patients"),
        ("dim_provider", "provider_id, display_name", f"{_id('provider', 'n')}, 'Dr. ' || n", "20"),
        ("dim_payer", "payer_id, name, payer_class",
         f"{_id('payer', 'n')}, 'Payer ' || n, 'commercial'", "12"),
    ):  # fmt: skip
        connection.execute(
            f"insert into {table} (practice_id, {columns}{_BOOK}) select w.id, {values}{_BOOKED}"
            f" from w, generate_series(0, {most} - 1) n, (select now() as at) clock".encode()
        )


def _insert(made: _Made) -> str:
    return (
        f"insert into {made.table} (practice_id, {made.columns}{_BOOK})"
        f" select w.id, {made.values}{_BOOKED} from w, generate_series(1,"
        f" (w.facts * {made.share})::int) n, (select now() as at) clock"
    )


def _mark() -> str:
    """Every month that a date of the facts can lie in."""
    names = {
        name
        for table, dates in MARKED.items()
        for date in dates
        for name in marked(table, date)
    }  # fmt: skip
    return (
        "insert into month_touched select w.id, fact, month::date, 1, now() - interval '1 hour'"
        f" from w, unnest(array{sorted(names)}) fact,"
        " generate_series(date '2022-11-01', date '2026-02-01', '1 month') month"
    )


def export(conninfo: str, other: duckdb.DuckDBPyConnection) -> None:
    """All facts in DuckDB, those of each practice together."""
    with tempfile.TemporaryDirectory() as folder, psycopg.connect(conninfo) as connection:
        for kind in KINDS:
            path = Path(folder) / f"{kind.table}.csv"
            columns = ["practice_id", *(name for name, _ in kind.stored)]
            with (
                path.open("wb") as file,
                connection.cursor().copy(
                    f"copy (select {', '.join(columns)} from {kind.table} order by practice_id)"
                    " to stdout (format csv)".encode()
                ) as copy,
            ):
                for piece in copy:
                    file.write(piece)
            types = {"practice_id": "uuid", **dict(kind.stored)}
            given = "{" + ", ".join(f"'{name}': '{of}'" for name, of in types.items()) + "}"
            other.execute(
                f"create table {kind.table} as select * from"
                f" read_csv('{path}', header=false, auto_detect=false, columns={given})"
            )
            path.unlink()
        other.execute(
            "create table revision_log (practice_id uuid, revision bigint, recorded_at timestamptz)"
        )
        revisions = connection.execute(
            "select practice_id, revision, recorded_at from revision_log"
        ).fetchall()
        other.executemany("insert into revision_log values (?, ?, ?)", revisions)
