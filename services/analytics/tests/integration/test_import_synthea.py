"""The stored Synthea CSV set, imported, against the second computation from its raw files."""

from __future__ import annotations

import gzip
import shutil
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio

from conftest import NewPractice, enter_as
from praxis_analytics.application.import_report import ImportResult
from praxis_analytics.application.import_synthea import import_synthea
from praxis_analytics.settings import Settings
from praxis_analytics.sources.problems import BadFile
from praxis_analytics.storage.practices import Practice
from praxis_chassis.database import Connection
from services.analytics.tests.integration.loaded import ask, connect, rows
from services.analytics.tests.integration.overlay_rows import found_rows, wanted_rows
from services.analytics.tests.integration.stored_sets import AS_OF as DAYS
from services.analytics.tests.integration.stored_sets import FOLDERS, raw_synthea, stored
from tests.oracle import figures, synthea27
from tests.oracle.records import Facts

SET, AS_OF = FOLDERS["synthea"], DAYS["synthea"]
pytestmark = [
    pytest.mark.skipif(not SET.is_dir(), reason="the stored data set is not here"),
]
Loaded = tuple[Practice, Facts, ImportResult]


@pytest.fixture(scope="module")
def raw() -> synthea27.Raw:
    return raw_synthea()


@pytest_asyncio.fixture(loop_scope="session")
async def plain(analytics_settings: Settings) -> Loaded:
    return (await stored(analytics_settings, "synthea", overlay=False)).loaded


@pytest_asyncio.fixture(loop_scope="session")
async def overlaid(analytics_settings: Settings) -> Loaded:
    return (await stored(analytics_settings, "synthea", overlay=True)).loaded


@pytest.fixture
def both(plain: Loaded, overlaid: Loaded) -> tuple[Loaded, Loaded]:
    return plain, overlaid


async def test_months_and_payer_classes_agree(connection: Connection, plain: Loaded) -> None:
    practice, facts, _ = plain
    start, end = date(2022, 3, 1), AS_OF
    months = await ask(connection, practice, ("total_revenue",), start, end, grain="month")
    assert {k: v.value for k, v in months.items()} == figures.revenue_by_month(facts, start, end)
    first = date(1960, 1, 1)
    split = await ask(
        connection, practice, ("total_payments",), first, end, dimensions=("payer_class",)
    )
    wanted = figures.payments_by_payer_class(facts, first, end)
    assert {k: v.value for k, v in split.items()} == wanted
    assert len(wanted) == 4


# Row for row.

LEDGER = (
    "select split_part(l.source_resource, '/', 1), c.source_id, l.entry, l.reason,"
    " d.payer_class, p.source_id, l.amount, l.service_date, l.posting_date"
    " from fact_ledger l join fact_claim c using (practice_id, claim_id)"
    " join dim_payer d on d.practice_id = l.practice_id and d.payer_id = l.payer_id"
    " join dim_provider p on p.practice_id = l.practice_id and p.provider_id = l.provider_id"
    " where l.practice_id = %(practice)s and not l.voided and not l.synthetic"
)
CHARGES = (
    "select c.source_id, e.source_id, t.source_id, d.payer_class, f.amount, f.service_date,"
    " f.posting_date from fact_charge f join fact_claim c using (practice_id, claim_id)"
    " join fact_encounter e on e.practice_id = f.practice_id and e.encounter_id = f.encounter_id"
    " join dim_patient t on t.practice_id = f.practice_id and t.patient_id = f.patient_id"
    " join dim_payer d on d.practice_id = f.practice_id and d.payer_id = f.payer_id"
    " where f.practice_id = %(practice)s and not f.voided and not f.synthetic"
)
CLAIMS = (
    "select c.source_id, c.created_on, c.billed, d.payer_class from fact_claim c"
    " join dim_payer d using (practice_id, payer_id)"
    " where c.practice_id = %(practice)s and not c.voided and not c.synthetic"
)


async def test_money_agrees_row_for_row(
    connection: Connection, both: tuple[Loaded, Loaded]
) -> None:
    for practice, facts, _ in both:
        ledger = Counter(row[1:] for row in await rows(connection, practice, LEDGER))
        assert ledger == Counter(
            (e.claim_id, e.entry, e.reason, e.payer_class, e.provider_id, e.amount,
             e.service_date, e.posting_date)
            for e in facts.ledger
        )  # fmt: skip
        assert Counter(await rows(connection, practice, CHARGES)) == Counter(
            (c.claim_id, c.encounter_id, c.patient_id, c.payer_class, c.amount, c.service_date,
             c.posting_date)
            for c in facts.charges
        )  # fmt: skip
        assert Counter(await rows(connection, practice, CLAIMS)) == Counter(
            (c.claim_id, c.created_on, c.billed, c.payer_class) for c in facts.claims
        )


async def test_visits_and_new_patients_agree(connection: Connection, plain: Loaded) -> None:
    practice, facts, _ = plain
    found = await rows(
        connection, practice,
        "select source_id, (start_at at time zone %(zone)s)::date, is_new_patient"
        " from fact_encounter where practice_id = %(practice)s and is_new_patient is not null",
    )  # fmt: skip
    assert Counter(found) == Counter((v.encounter_id, v.on, v.is_new) for v in facts.visits)


async def test_the_overlay_agrees_row_for_row(
    connection: Connection, overlaid: Loaded, raw: synthea27.Raw
) -> None:
    practice, facts, _ = overlaid
    wanted = wanted_rows(facts, [], synthea27.hba1c(raw), [], AS_OF)
    found = await found_rows(connection, practice)
    for name, of in wanted.items():
        assert found[name] == of, name
    assert {name for name, of in wanted.items() if not of} == {"documents"}


async def test_without_the_overlay_nothing_is_made(connection: Connection, plain: Loaded) -> None:
    found = await found_rows(connection, plain[0])
    assert not any(found.values())
    figure = (await ask(connection, plain[0], ("no_show_rate",), date(2023, 1, 1), AS_OF))[
        "no_show_rate"
    ]
    assert (figure.value, figure.reason) == (None, "no_source_data")


# The traps of the set.


async def test_credits_stand_apart_and_nothing_is_owed(
    connection: Connection, plain: Loaded
) -> None:
    practice, facts, _ = plain
    credit = await rows(
        connection, practice,
        "select count(*), sum(-balance) from (select c.claim_id, (select sum(amount)"
        " from fact_charge f where f.practice_id = c.practice_id and f.claim_id = c.claim_id)"
        " - (select coalesce(sum(amount), 0) from fact_ledger l"
        "  where l.practice_id = c.practice_id and l.claim_id = c.claim_id"
        "  and l.entry <> 'transfer') as balance"
        " from fact_claim c where c.practice_id = %(practice)s) b where balance < 0",
    )  # fmt: skip
    assert credit == [(190, Decimal("11101.22"))]
    wanted = figures.credit_balances(facts, AS_OF)
    assert credit == [(wanted["count"], wanted["amount"])]
    found = await ask(
        connection, practice,
        ("total_charges", "total_payments", "outstanding_balance", "total_adjustments"),
        date(1960, 1, 1), AS_OF,
    )  # fmt: skip
    assert [figure.value for figure in found.values()] == [
        Decimal("1092402.73"), Decimal("1103503.95"), Decimal("0.00"), Decimal("0.00"),
    ]  # fmt: skip


TRAPS = {
    "transfers are no money (2)": (
        "select entry, count(*), sum(amount) from fact_ledger where practice_id = %(practice)s"
        " group by entry order by entry",
        [("payment", 1843, Decimal("1103503.95")), ("transfer", 1840, Decimal("0.00"))],
    ),
    "the method tells who paid (3)": (
        "select reason, method, count(*) from fact_ledger where practice_id = %(practice)s"
        " and entry = 'payment' group by 1, 2 order by 1, 2",
        [("insurance", "eft", 184), ("patient", "card", 402), ("patient", "cash", 405),
         ("patient", "check", 407), ("patient", "copay", 445)],
    ),
    "fifteen balances went to a second payer (3)": (
        "select count(*) from fact_ledger l join fact_claim c using (practice_id, claim_id)"
        " where l.practice_id = %(practice)s and l.payer_id <> c.payer_id"
        " and l.reason = 'insurance' and l.method = 'eft'",
        [(15,)],
    ),
    "two claims are still open (4)": (
        "select status, kind, count(*) from fact_claim where practice_id = %(practice)s"
        " group by 1, 2 order by 1, 2",
        [("closed", "institutional", 445), ("closed", "professional", 820),
         ("submitted", "professional", 2)],
    ),
    "every claim is of an encounter, some of the same (4)": (
        "select count(*), count(distinct c.encounter_id) from fact_claim c"
        " join fact_encounter e using (practice_id, encounter_id)"
        " where c.practice_id = %(practice)s",
        [(1267, 604)],
    ),
    "a supply's end is no date of service (5)": (
        "select count(*) from fact_charge where practice_id = %(practice)s"
        " and (service_date <> posting_date or service_date > date '2024-02-02')",
        [(0,)],
    ),
    "observations without an encounter are kept (6)": (
        "select count(*), count(*) filter (where encounter_id is null) from fact_observation"
        " where practice_id = %(practice)s",
        [(990, 75)],
    ),
    "empty is null, not zero (6)": (
        "select count(*) filter (where postal_code is null), count(*) filter"
        " (where postal_code = ''), count(*) filter (where deceased_at is null)"
        " from dim_patient where practice_id = %(practice)s",
        [(12, 0, 25)],
    ),
    "charges are the claims' lines, not the visit fee (7)": (
        "select count(*), sum(amount) from fact_charge where practice_id = %(practice)s",
        [(1545, Decimal("1092402.73"))],
    ),
    "newer columns may be absent (8)": (
        "select count(*), count(birth_date), count(sex) from dim_patient"
        " where practice_id = %(practice)s",
        [(27, 27, 27)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS)
async def test_a_trap_of_the_set(connection: Connection, plain: Loaded, trap: str) -> None:
    sql, wanted = TRAPS[trap]
    assert await rows(connection, plain[0], sql) == wanted


async def test_nothing_is_dropped_silently(both: tuple[Loaded, Loaded]) -> None:
    for _, _, result in both:
        assert result.rejected == 0
        assert result.resources["claims_transactions"].loaded == 5228
        assert result.resources["medications"].loaded == 663
        assert result.resources["allergies"].skipped == 40
        assert set(result.files_skipped) == {"README.md", "SHA256SUMS"}
        assert "unknown_reference" not in result.warnings
        for name, counts in result.resources.items():
            parts = counts.loaded + counts.updated + counts.unchanged
            assert counts.read == parts + counts.rejected + counts.skipped, name


async def test_importing_again_changes_nothing(
    analytics_settings: Settings, both: tuple[Loaded, Loaded]
) -> None:
    for (practice, _, _), overlay in zip(both, (False, True), strict=True):
        enter_as(practice.practice_id)
        async with await connect(analytics_settings) as connection:
            again = await import_synthea(connection, practice, SET, overlay=overlay, as_of=AS_OF)
        assert (again.inserted, again.changed, again.voided, again.revision) == (0, 0, 0, None)


# Files made here.


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SET, tmp_path / "set", copy_function=shutil.copyfile))


def edit(folder: Path, name: str, before: str, after: str) -> None:
    path = folder / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


async def test_the_overlay_is_taken_back(connection: Connection, new_practice: NewPractice) -> None:
    practice = await new_practice()
    await import_synthea(connection, practice, SET, overlay=True, as_of=AS_OF)
    made = await found_rows(connection, practice)
    assert {name for name, of in made.items() if not of} == {"documents"}
    await import_synthea(connection, practice, SET, overlay=False, as_of=AS_OF)
    assert not any((await found_rows(connection, practice)).values())
    users = "select count(*) from dim_staff_user where practice_id = %(practice)s and not voided"
    assert await rows(connection, practice, users) == [(0,)]


async def test_columns_in_any_order_and_gzip(
    connection: Connection, new_practice: NewPractice, copy: Path, plain: Loaded
) -> None:
    transactions = copy / "claims_transactions.csv"
    lines = [line.split(",") for line in transactions.read_text().splitlines()]
    turned = "\r\n".join(",".join([*reversed(line), "x"]) for line in lines) + "\r\n"
    transactions.unlink()
    packed = copy / "claims_transactions.csv.gz"
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbf" + turned.encode()))
    practice = await new_practice()
    result = await import_synthea(connection, practice, copy, overlay=False, as_of=AS_OF)
    assert result.rejected == 0
    for sql in (LEDGER, CHARGES, CLAIMS):
        found = Counter(await rows(connection, practice, sql))
        assert found == Counter(await rows(connection, plain[0], sql))


async def test_a_bad_row_is_left_out_and_told(
    connection: Connection, new_practice: NewPractice, copy: Path
) -> None:
    def spoil(name: str, line: int, column: int, text: str) -> None:
        path = copy / f"{name}.csv"
        lines = path.read_text(encoding="utf-8").split("\n")
        fields = lines[line - 1].split(",")
        fields[column : column + 1] = [] if text == "short" else [text]
        lines[line - 1] = ",".join(fields)
        path.write_text("\n".join(lines), encoding="utf-8")

    spoil("claims_transactions", 2, 5, "12.x")
    spoil("claims_transactions", 3, 4, "GIFT")
    spoil("claims_transactions", 4, 0, "short")
    spoil("encounters", 2, 1, "yesterday")
    spoil("patients", 2, 0, "")
    practice = await new_practice()
    result = await import_synthea(connection, practice, copy, overlay=False, as_of=AS_OF)
    told = {(one.file, one.line): one.reason for one in result.rejections}
    assert told == {
        ("claims_transactions.csv", 2): "holds a AMOUNT that is no number",
        ("claims_transactions.csv", 3): "is of an unknown TYPE",
        ("claims_transactions.csv", 4): "has 32 fields, not the 33 of the header",
        ("encounters.csv", 2): "holds a malformed date",
        ("patients.csv", 2): "has no ID",
    }
    assert result.rejected == 5
    assert result.resources["claims_transactions"].loaded == 5225
    assert result.warnings["unknown_reference"].count > 0


BAD = {
    "a missing file": (lambda f: (f / "claims.csv").unlink(), "lacks claims.csv"),
    "no people": (lambda f: (f / "patients.csv").unlink(), "lacks patients.csv"),
    "a missing column": (
        lambda f: edit(f, "claims_transactions", ",PAYMENTS,", ",PAID,"),
        r"claims_transactions.csv, line 1: lacks the column PAYMENTS",
    ),
    "cut off": (
        lambda f: (f / "claims.csv").write_bytes((f / "claims.csv").read_bytes()[:200_000]),
        r"claims.csv, line \d+: ends inside a line",
    ),
    "an open quote": (
        lambda f: edit(f, "encounters", ",wellness,", ',"wellness,'),
        r"encounters.csv, line \d+: is no CSV",
    ),
    "binary": (
        lambda f: (f / "payers.csv").write_bytes(bytes(range(256)) * 40),
        r"payers.csv, line \d+: is binary",
    ),
    "empty": (lambda f: (f / "payers.csv").write_bytes(b""), "payers.csv: is empty"),
    "another separator": (
        lambda f: (f / "payers.csv").write_text((f / "payers.csv").read_text().replace(",", ";")),
        r"payers.csv, line 1: is no header",
    ),
    "a gzip cut off": (
        lambda f: (
            (f / "supplies.csv").rename(f / "x")
            and (f / "supplies.csv.gz").write_bytes(gzip.compress((f / "x").read_bytes())[:-40])
        ),
        "supplies.csv.gz: cannot be read to its end",
    ),
    "twice": (
        lambda f: shutil.copyfile(f / "payers.csv", f / "payers.csv.gz"),
        "remove one",
    ),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_file_stops_before_anything_is_loaded(
    connection: Connection, new_practice: NewPractice, copy: Path, name: str
) -> None:
    spoil, told = BAD[name]
    spoil(copy)  # type: ignore[no-untyped-call]
    practice = await new_practice()
    with pytest.raises(BadFile, match=told):
        await import_synthea(connection, practice, copy, overlay=True, as_of=AS_OF)
    assert await rows(
        connection, practice, "select count(*) from dim_payer where practice_id = %(practice)s"
    ) == [(0,)]


async def test_a_file_is_no_folder(connection: Connection, new_practice: NewPractice) -> None:
    practice = await new_practice()
    with pytest.raises(BadFile, match="is no folder"):
        await import_synthea(connection, practice, SET / "patients.csv", overlay=False, as_of=None)


MONEY = (
    "total_charges", "total_payments", "refunds", "total_adjustments", "total_revenue",
    "outstanding_balance", "collection_rate", "net_collection_rate",
    "average_revenue_per_patient",
)  # fmt: skip


async def test_clinical_files_alone_have_no_money(
    connection: Connection, new_practice: NewPractice, copy: Path
) -> None:
    for name in ("payers", "claims", "claims_transactions"):
        (copy / f"{name}.csv").unlink()
    practice = await new_practice()
    await import_synthea(connection, practice, copy, overlay=False, as_of=AS_OF)
    found = await ask(connection, practice, MONEY, date(2023, 1, 1), date(2023, 12, 31))
    assert {(f.value, f.reason) for f in found.values()} == {(None, "no_source_data")}
