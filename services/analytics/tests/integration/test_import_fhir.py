"""Imports into a real database: again, cut off, in any order, corrected, and refused."""

from __future__ import annotations

import asyncio
import gzip
import json
import uuid
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from conftest import DATA, NewPractice, enter_as
from praxis_analytics.application.import_fhir import import_fhir
from praxis_analytics.application.import_report import ImportResult
from praxis_analytics.domain.facts import KINDS
from praxis_analytics.sources.generator import generate
from praxis_analytics.sources.problems import BadFile
from praxis_analytics.storage.practices import Practice, get_practice
from praxis_chassis.database import Connection, transaction

UNTIL = date(2026, 3, 31)
NPI = "http://hl7.org/fhir/sid/us-npi"
Resource = dict[str, Any]


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small generated population, as NDJSON."""
    folder = tmp_path_factory.mktemp("clinic")
    generate(folder, until=UNTIL, patients=10)
    return folder


async def query(connection: Connection, practice: Practice, sql: str) -> list[Any]:
    async with transaction(connection, "BEGIN", practice.practice_id, 30_000):
        statement = sql.replace("PRACTICE", f"practice_id = '{practice.practice_id}'")
        return await (await connection.execute(statement.encode())).fetchall()


async def content(connection: Connection, practice: Practice) -> dict[str, Counter[Any]]:
    """Every current fact without the ids, which differ between practices."""
    found = {}
    for kind in KINDS:
        names = [name for name, of in (*kind.columns, *kind.computed) if of != "uuid"]
        names += ["source_id", "source_resource", "voided", "void_reason", "synthetic"]
        rows = await query(
            connection, practice, f"select {', '.join(names)} from {kind.table} where PRACTICE"
        )
        found[kind.table] = Counter(map(str, rows))
    return found


def write(folder: Path, *resources: Resource, name: str = "all.ndjson") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("".join(json.dumps(one) + "\n" for one in resources))
    return folder


async def load(
    connection: Connection, practice: Practice, path: Path, *, overlay: bool = False
) -> ImportResult:
    enter_as(practice.practice_id)
    as_of = UNTIL if overlay else None
    return await import_fhir(connection, practice, path, overlay=overlay, as_of=as_of)


def assert_tied(result: ImportResult) -> None:
    for counts in result.resources.values():
        told = (counts.loaded, counts.updated, counts.unchanged, counts.rejected, counts.skipped)
        assert counts.read == sum(told), result.resources
    assert result.rejected == sum(counts.rejected for counts in result.resources.values())
    assert sum(counts.skipped for counts in result.resources.values()) == sum(
        result.skipped.values()
    )


def reference(text: str) -> Resource:
    return {"reference": text}


def concept(code: str, system: str = "s") -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def usd(value: float) -> Resource:
    return {"value": value, "currency": "USD"}


PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1980-01-01"}
DOCTOR = {
    "resourceType": "Practitioner",
    "id": "d",
    "identifier": [{"system": NPI, "value": "123"}],
    "name": [{"family": "Lee"}],
}


def encounter(source_id: str = "e", start: str = "2026-01-05T15:00:00Z", **more: Any) -> Resource:
    return {
        "resourceType": "Encounter",
        "id": source_id,
        "status": "finished",
        "class": {"code": "AMB"},
        "type": [concept("185349003")],
        "subject": reference("Patient/p"),
        "participant": [{"individual": reference("Practitioner/d")}],
        "period": {"start": start},
        **more,
    }


def claim(source_id: str = "c", *nets: float, payer: str = "medicare", **more: Any) -> Resource:
    items: list[Resource] = [{"sequence": 1, "encounter": [reference("Encounter/e")]}]
    items += [{"sequence": n, "net": usd(net)} for n, net in enumerate(nets, 2)]
    return {
        "resourceType": "Claim",
        "id": source_id,
        "status": "active",
        "use": "claim",
        "type": concept("professional"),
        "patient": reference("Patient/p"),
        "created": "2026-01-06",
        "insurance": [{"focal": True, "coverage": {"display": payer}}],
        "item": items,
        "total": usd(100 + sum(nets)),
        **more,
    }


def answer(source_id: str, paid: float, created: str, *reasons: str) -> Resource:
    adjudication = [{"reason": concept(reason)} for reason in reasons]
    return {
        "resourceType": "ExplanationOfBenefit",
        "id": source_id,
        "status": "active",
        "outcome": "complete",
        "patient": reference("Patient/p"),
        "claim": reference("Claim/c"),
        "created": created,
        "payment": {"amount": usd(paid)},
        "item": [{"sequence": 1, "adjudication": adjudication}],
    }


@pytest.mark.parametrize("overlay", [False, True])
async def test_a_second_import_changes_nothing(
    connection: Connection, new_practice: NewPractice, clinic: Path, overlay: bool
) -> None:
    practice = await new_practice()
    first = await load(connection, practice, clinic, overlay=overlay)
    assert_tied(first)
    assert first.rejected == 0
    assert first.resources["Claim"].loaded > 0
    before = await content(connection, practice)
    assert before["fact_charge"] and before["fact_ledger"] and before["fact_observation"]
    again = await load(connection, practice, clinic, overlay=overlay)
    assert_tied(again)
    assert (again.inserted, again.changed, again.voided, again.revision) == (0, 0, 0, None)
    assert again.resources["Claim"].unchanged == first.resources["Claim"].loaded
    assert await content(connection, practice) == before
    assert {name: w.count for name, w in again.warnings.items()} == {
        name: w.count for name, w in first.warnings.items()
    }


@pytest.mark.parametrize("overlay", [False, True])
async def test_the_form_and_order_of_files_do_not_matter(
    connection: Connection, new_practice: NewPractice, clinic: Path, tmp_path: Path, overlay: bool
) -> None:
    one, other = await new_practice(), await new_practice()
    await load(connection, one, clinic, overlay=overlay)
    files = sorted(clinic.glob("*.ndjson"))
    lines = [line for file in files for line in file.read_bytes().split(b"\n")]
    resources = [json.loads(line) for line in lines if line]
    resources.reverse()
    half = len(resources) // 2
    bundle = {"resourceType": "Bundle", "entry": [{"resource": r} for r in resources[:half]]}
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(json.dumps(bundle).encode()))
    write(tmp_path, *resources[half:], name="b.ndjson")
    await load(connection, other, tmp_path, overlay=overlay)
    assert await content(connection, other) == await content(connection, one)


class Cut(Exception):
    """Stands for the end of the process."""


async def test_an_import_cut_off_anywhere_and_run_again_equals_a_clean_one(
    connection: Connection,
    new_practice: NewPractice,
    clinic: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from praxis_analytics.application import import_batches

    clean = await new_practice()
    await load(connection, clean, clinic, overlay=True)
    real, left = import_batches.apply, 0  # type: ignore[attr-defined]

    async def apply_some(*arguments: Any) -> Any:
        nonlocal left
        if left == 0:
            raise Cut
        left -= 1
        return await real(*arguments)

    monkeypatch.setattr(import_batches, "apply", apply_some)
    practice = await new_practice()
    cuts = 0
    for most in range(100):
        left = most
        try:
            await load(connection, practice, clinic, overlay=True)
        except Cut:
            cuts += 1
        else:
            break
    assert cuts >= 4
    assert await content(connection, practice) == await content(connection, clean)


async def test_a_cancelled_import_leaves_a_usable_practice(
    connection: Connection, new_practice: NewPractice, clinic: Path
) -> None:
    practice, clean = await new_practice(), await new_practice()
    await load(connection, clean, clinic)
    started = asyncio.Event()

    def progress(*_: object) -> None:
        started.set()

    running = asyncio.create_task(
        import_fhir(connection, practice, clinic, overlay=False, as_of=None, progress=progress)
    )
    await started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await load(connection, practice, clinic)
    assert await content(connection, practice) == await content(connection, clean)


async def test_a_bad_file_loads_nothing(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    practice = await new_practice()
    write(tmp_path, PATIENT, name="a.ndjson")
    (tmp_path / "z.ndjson.gz").write_bytes(gzip.compress(b"{}\n" * 9)[:-4])
    with pytest.raises(BadFile, match=r"z.ndjson.gz"):
        await load(connection, practice, tmp_path, overlay=True)
    assert await query(
        connection, practice, "select revision from revision_head where PRACTICE"
    ) == [(0,)]
    async with transaction(connection, "BEGIN", practice.practice_id, 10_000):
        assert (await get_practice(connection, practice.practice_id)).business_date is None


async def test_as_of_fixes_the_business_date(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    practice = await new_practice()
    await load(connection, practice, write(tmp_path, PATIENT), overlay=True)
    async with transaction(connection, "BEGIN", practice.practice_id, 10_000):
        assert (await get_practice(connection, practice.practice_id)).today == UNTIL


async def test_bad_lines_are_listed_and_the_rest_is_loaded(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    practice = await new_practice()
    foreign = claim("euro", total={"value": 5, "currency": "EUR"})
    write(tmp_path, PATIENT, encounter(), claim(), foreign, {"resourceType": "Goal", "id": "g"})
    with (tmp_path / "all.ndjson").open("a") as file:
        file.write('{"resourceType":"Patient","id":\n{"resourceType":"Patient"}\nnonsense\n')
    result = await load(connection, practice, tmp_path)
    assert_tied(result)
    assert sorted((r.line, r.reason) for r in result.rejections) == [
        (4, "holds money in another currency than the practice's"),
        (6, "is not valid JSON"),
        (7, "has no id"),
        (8, "is not valid JSON"),
    ]
    assert result.skipped == {"Goal makes no fact": 1}
    assert result.warnings["other_currency"].examples == ["Claim/euro"]
    assert result.warnings["unknown_reference"].count == 2  # the practitioner, twice
    assert await query(
        connection, practice, "select sum(amount) from fact_charge where PRACTICE"
    ) == [(Decimal("100.00"),)]


async def test_only_a_hundred_rejections_are_kept_and_all_are_counted(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    practice = await new_practice()
    write(tmp_path, PATIENT, *[{"resourceType": "Patient"}] * 150)
    with (tmp_path / "all.ndjson").open("a") as file:
        file.write("nonsense\n" * 150)
    result = await load(connection, practice, tmp_path)
    assert_tied(result)
    assert (result.rejected, len(result.rejections)) == (300, 100)


async def test_a_corrected_claim_voids_what_it_no_longer_yields(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    practice = await new_practice()
    await load(
        connection, practice, write(tmp_path, PATIENT, DOCTOR, encounter(), claim("c", 20, 30))
    )
    corrected = await load(connection, practice, write(tmp_path, claim("c", 20)))
    assert corrected.resources["Claim"].updated == 1
    rows = "select line_no, amount, voided from fact_charge where PRACTICE order by line_no"
    assert await query(connection, practice, rows) == [
        (1, Decimal("100.00"), False),
        (2, Decimal("20.00"), False),
        (3, Decimal("30.00"), True),
    ]
    await load(connection, practice, write(tmp_path, claim("c", 20, status="entered-in-error")))
    assert {voided for *_, voided in await query(connection, practice, rows)} == {True}


async def test_an_older_copy_does_not_replace_a_newer_one(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    practice = await new_practice()
    new = {**PATIENT, "gender": "female", "meta": {"lastUpdated": "2026-02-01T00:00:00Z"}}
    old = {**PATIENT, "gender": "male", "meta": {"lastUpdated": "2026-01-01T00:00:00Z"}}
    for resources in ([new, old], [old]):
        result = await load(connection, practice, write(tmp_path, *resources))
        assert_tied(result)
    assert await query(connection, practice, "select sex from dim_patient where PRACTICE") == [
        ("female",)
    ]


async def test_of_two_different_copies_the_last_wins_and_is_told(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    practice = await new_practice()
    copies = [{**PATIENT, "gender": "male"}, {**PATIENT, "gender": "female"}]
    write(tmp_path, *copies, copies[1])
    result = await load(connection, practice, tmp_path)
    assert_tied(result)
    assert result.warnings["duplicate_id"].examples == ["Patient/p"]
    counts = result.resources["Patient"]
    assert (counts.loaded, counts.updated, counts.unchanged) == (1, 1, 1)
    assert await query(connection, practice, "select sex from dim_patient where PRACTICE") == [
        ("female",)
    ]


async def test_copies_in_different_batches_are_told_too(
    connection: Connection,
    new_practice: NewPractice,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from praxis_analytics.application import import_fhir as module

    monkeypatch.setattr(module, "_CHUNK_RESOURCES", 1)
    practice = await new_practice()
    write(tmp_path, {**PATIENT, "gender": "male"}, {**PATIENT, "gender": "female"})
    result = await load(connection, practice, tmp_path)
    assert_tied(result)
    assert result.warnings["duplicate_id"].examples == ["Patient/p"]


async def test_a_claim_stands_as_its_payers_answered(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    practice = await new_practice()
    state = (
        "select status, paid, first_pass_outcome, first_adjudicated_on"
        " from fact_claim where PRACTICE"
    )
    write(tmp_path, PATIENT, DOCTOR, encounter(), claim(), answer("b1", 0, "2026-02-01", "50"))
    await load(connection, practice, tmp_path)
    assert await query(connection, practice, state) == [
        ("denied", Decimal("0.00"), "denied", date(2026, 2, 1))
    ]
    await load(connection, practice, write(tmp_path, answer("b2", 80, "2026-03-01")))
    paid = [("paid", Decimal("80.00"), "denied", date(2026, 2, 1))]
    assert await query(connection, practice, state) == paid
    again = await load(connection, practice, write(tmp_path, claim()))
    assert again.revision is None
    assert await query(connection, practice, state) == paid
    ledger = (
        "select amount, posting_date, service_date, provider_id is not null from fact_ledger"
        " where PRACTICE order by amount"
    )
    assert await query(connection, practice, ledger) == [
        (Decimal("0.00"), date(2026, 2, 1), date(2026, 1, 5), True),
        (Decimal("80.00"), date(2026, 3, 1), date(2026, 1, 5), True),
    ]


async def test_a_reconciliation_pays_claims_but_none_twice(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    practice = await new_practice()
    details = [
        {"type": concept("payment"), "request": reference("Claim/c"), "amount": usd(80)},
        {"type": concept("payment"), "request": reference("Claim/c"), "amount": usd(5)},
        {"type": concept("payment"), "amount": usd(7)},
        {"type": concept("adjustment"), "request": reference("Claim/c"), "amount": usd(1)},
    ]
    settled = {"resourceType": "PaymentReconciliation", "id": "r", "paymentDate": "2026-03-02"}
    write(tmp_path, PATIENT, DOCTOR, encounter(), claim(), answer("b", 80, "2026-03-01"))
    await load(connection, practice, tmp_path)
    write(tmp_path, {**settled, "status": "active", "detail": details})
    for _ in range(2):
        result = await load(connection, practice, tmp_path)
        assert {kind: warned.count for kind, warned in result.warnings.items()} == {
            "payment_stated_twice": 1,
            "payment_detail_not_mapped": 1,
        }
    ledger = "select amount, claim_id is not null from fact_ledger where PRACTICE order by amount"
    assert await query(connection, practice, ledger) == [
        (Decimal("5.00"), True),
        (Decimal("7.00"), False),
        (Decimal("80.00"), True),
    ]


async def test_the_overlay_can_be_put_on_and_taken_off(
    connection: Connection, new_practice: NewPractice, clinic: Path
) -> None:
    plain, practice = await new_practice(), await new_practice()
    await load(connection, plain, clinic)
    await load(connection, practice, clinic, overlay=True)
    await load(connection, practice, clinic)

    async def current(of: Practice) -> dict[str, Counter[Any]]:
        rows = await content(connection, of)
        return {
            table: Counter({row: n for row, n in found.items() if "True, 'gone'" not in row})
            for table, found in rows.items()
        }

    assert await current(practice) == await current(plain)


async def test_encounters_take_the_payer_of_their_first_claim(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    practice = await new_practice()
    payers = (
        "select p.name from fact_encounter e join dim_payer p"
        " using (practice_id, payer_id) where PRACTICE"
    )
    await load(connection, practice, write(tmp_path, PATIENT, DOCTOR, encounter()))
    both = [claim("c2", payer="medicaid"), claim("c1", payer="private")]
    for resources in (both, both[::-1], [encounter()]):
        await load(connection, practice, write(tmp_path, *resources))
        assert await query(connection, practice, payers) == [("private",)]


async def test_roles_and_answers_complete_what_others_own(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    practice = await new_practice()
    role = {
        "resourceType": "PractitionerRole",
        "id": "r",
        "practitioner": reference("Practitioner/d"),
        "specialty": [{"text": "Family medicine"}],
    }
    asked = {
        "resourceType": "CoverageEligibilityRequest",
        "id": "q",
        "status": "active",
        "patient": reference("Patient/p"),
        "created": "2026-01-01T12:00:00Z",
    }
    told = {
        "resourceType": "CoverageEligibilityResponse",
        "id": "t",
        "status": "active",
        "outcome": "complete",
        "request": reference("CoverageEligibilityRequest/q"),
        "patient": reference("Patient/p"),
        "created": "2026-01-01T12:00:02Z",
        "insurance": [{"inforce": True}],
    }
    result = await load(connection, practice, write(tmp_path, told, role, asked, DOCTOR, PATIENT))
    assert_tied(result)
    providers = (
        "select display_name, npi, specialty, source_resource from dim_provider where PRACTICE"
    )
    checks = (
        "select result, responded_at - requested_at, source_resource"
        " from fact_verification where PRACTICE"
    )
    doctor = [("Lee", "123", "Family medicine", "Practitioner/d")]
    assert await query(connection, practice, providers) == doctor
    ((state, taken, owner),) = await query(connection, practice, checks)
    assert (state, taken.total_seconds(), owner) == ("active", 2, "CoverageEligibilityRequest/q")
    again = await load(connection, practice, write(tmp_path, DOCTOR, asked))
    assert (again.revision, again.resources["Practitioner"].unchanged) == (None, 1)
    assert (await load(connection, practice, write(tmp_path, role, told))).revision is None
    assert await query(connection, practice, providers) == doctor


async def test_references_by_identifier_reach_people_of_this_and_earlier_imports(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    practice = await new_practice()
    by_npi = [{"individual": reference(f"Practitioner?identifier={NPI}|123")}]
    providers = (
        "select e.source_id, p.source_id from fact_encounter e join dim_provider p"
        " using (practice_id, provider_id) where PRACTICE order by 1"
    )
    write(tmp_path, encounter("e1", participant=by_npi), PATIENT, DOCTOR)
    await load(connection, practice, tmp_path)
    later = await load(connection, practice, write(tmp_path, encounter("e2", participant=by_npi)))
    assert await query(connection, practice, providers) == [("e1", "d"), ("e2", "d")]
    assert not later.warnings
    unknown = [{"individual": reference(f"Practitioner?identifier={NPI}|999")}]
    last = await load(connection, practice, write(tmp_path, encounter("e3", participant=unknown)))
    assert last.warnings["unknown_reference"].examples == ["Encounter/e3"]


async def test_doubtful_things_are_loaded_and_counted(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    practice = await new_practice()
    dead = {**PATIENT, "deceasedDateTime": "2026-01-01T00:00:00Z"}
    stray = encounter("stray", subject=reference("Patient/nobody"))
    result = await load(connection, practice, write(tmp_path, dead, DOCTOR, encounter(), stray))
    assert result.warnings["visit_after_death"].examples == ["Encounter/e"]
    assert result.warnings["unknown_reference"].examples == ["Encounter/stray"]
    assert result.resources["Encounter"].loaded == 2


async def test_the_same_ids_in_two_practices_never_meet(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    one, other = await new_practice(), await new_practice()
    write(tmp_path, PATIENT, DOCTOR, encounter(), claim())
    await load(connection, one, tmp_path, overlay=True)
    untouched = await content(connection, other)
    assert not any(untouched.values())
    await load(connection, other, write(tmp_path, claim(status="entered-in-error")), overlay=True)
    alive = "select count(*) from fact_charge where PRACTICE and not voided"
    assert await query(connection, one, alive) == [(1,)]
    ids = "select patient_id from fact_encounter where PRACTICE"
    await load(connection, other, write(tmp_path, PATIENT, encounter()))
    assert await query(connection, one, ids) != await query(connection, other, ids)


async def test_an_overlay_follows_a_withdrawn_visit(
    connection: Connection, new_practice: NewPractice, tmp_path: Path
) -> None:
    practice = await new_practice()
    kept = "select count(*) from fact_appointment where PRACTICE and not voided"
    await load(connection, practice, write(tmp_path, PATIENT, DOCTOR, encounter()), overlay=True)
    ((made,),) = await query(connection, practice, kept)
    assert made >= 1
    wrong = encounter(status="entered-in-error")
    await load(connection, practice, write(tmp_path, wrong), overlay=True)
    assert await query(connection, practice, kept) == [(0,)]


async def test_progress_is_told_with_totals(
    connection: Connection,
    new_practice: NewPractice,
    clinic: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from praxis_analytics.application import import_run

    monkeypatch.setattr(import_run, "_PROGRESS_S", 0)
    practice = await new_practice()
    told: list[tuple[str, str, int, int, int]] = []
    await import_fhir(
        connection, practice, clinic, overlay=True, as_of=UNTIL,
        progress=lambda *step: told.append(step), import_id=uuid.uuid4(),
    )  # fmt: skip
    assert told[0][0] == "looking through"
    assert {phase for phase, *_ in told} >= {"visits", "care and claims"}
    assert all(0 <= done <= total for _, _, done, total, _ in told)
    assert told[-1][4] > 100


async def test_bundles_of_the_stored_set(connection: Connection, new_practice: NewPractice) -> None:
    folder = DATA / "fhir-r4-synthea-615" / "bundles"
    if not folder.is_dir():
        pytest.skip("the stored set is not here")
    practice = await new_practice()
    first = await load(connection, practice, folder)
    assert_tied(first)
    assert first.rejected == 0
    assert first.resources["Patient"].loaded == 5
    assert "unknown_reference" not in first.warnings
    again = await load(connection, practice, folder)
    assert again.revision is None
