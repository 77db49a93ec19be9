"""The synthetic clinic: same bytes each time, sound references and money, a believable calendar."""

import json
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from praxis_analytics.sources import generator_tables as tables
from praxis_analytics.sources.generator import generate
from praxis_analytics.sources.generator_clinic import is_open

UNTIL = date(2026, 3, 18)
ZONE = "America/New_York"
# Changes only when the generated clinic is meant to change.
SMALL_CLINIC_SHA256 = "e41ebc899cf09b33c392653a94cf06d5cd9b7502842afb42f58d12ef2486787a"

Resource = dict[str, Any]
Clinic = dict[str, list[Resource]]


def read(folder: Path) -> Clinic:
    return {
        path.stem: [
            json.loads(line, parse_float=Decimal)
            for line in path.read_text(encoding="utf-8").splitlines()
        ]
        for path in sorted(folder.iterdir())
    }


def digest(folder: Path) -> str:
    whole = sha256()
    for path in sorted(folder.iterdir()):
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()


def local(instant: str, zone: str = ZONE) -> datetime:
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))


def visit_day(encounter: Resource, zone: str = ZONE) -> date:
    return local(encounter["period"]["start"], zone).date()


def leaves(node: Any) -> Iterator[tuple[str, Any]]:
    """Yield every (element name, plain value) below a resource."""
    for name, value in node.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from leaves(each)
            else:
                yield name, each


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clinic") / "made" / "here"
    generate(out, until=UNTIL)
    return out


@pytest.fixture(scope="module")
def clinic(folder: Path) -> Clinic:
    return read(folder)


def test_writes_one_marked_resource_per_line_and_counts_them(folder: Path, tmp_path: Path) -> None:
    counts = generate(tmp_path, until=UNTIL)

    clinic = read(folder)
    assert counts == {kind: len(resources) for kind, resources in clinic.items()}
    assert counts["Patient"] == 200
    assert 1000 <= counts["Encounter"] == counts["Claim"] <= 1600
    assert min(counts.values()) >= 1
    for kind, resources in clinic.items():
        assert {resource["resourceType"] for resource in resources} == {kind}
        assert len({resource["id"] for resource in resources}) == len(resources)
        tags = [resource["meta"]["tag"] for resource in resources]
        assert all(
            tag == [{"system": "https://praxis.example/tags", "code": "synthetic"}] for tag in tags
        )


def test_same_arguments_write_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path / "again", until=UNTIL)
    generate(tmp_path / "other", until=UNTIL, seed="other")

    assert digest(tmp_path / "again") == digest(folder)
    assert digest(tmp_path / "other") != digest(folder)


def test_bytes_are_those_of_every_other_machine(tmp_path: Path) -> None:
    generate(tmp_path, until=UNTIL, patients=12, months=6)

    assert digest(tmp_path) == SMALL_CLINIC_SHA256


def test_another_run_replaces_the_files(tmp_path: Path) -> None:
    generate(tmp_path, until=UNTIL, patients=30)
    counts = generate(tmp_path, until=UNTIL, patients=2)

    assert len(read(tmp_path)["Patient"]) == counts["Patient"] == 2


def test_every_reference_resolves(clinic: Clinic) -> None:
    known = {f"{kind}/{each['id']}" for kind, resources in clinic.items() for each in resources}
    references = [
        value
        for resources in clinic.values()
        for resource in resources
        for name, value in leaves(resource)
        if name == "reference"
    ]

    assert len(references) > 10_000
    assert set(references) <= known
    assert {reference.split("/")[0] for reference in references} == {
        "Organization", "Practitioner", "Patient", "Encounter", "Claim", "Observation",
        "Schedule", "Communication",
    }  # fmt: skip


def test_claim_total_is_the_visit_fee_and_its_lines(clinic: Clinic) -> None:
    fees = {
        kind.coding.code: {Decimal(kind.cents * effort) / 10_000 for effort, _ in tables.EFFORTS}
        for kind in (*(kind for kind, _ in tables.CHRONIC_VISITS), tables.NEW)
    }
    with_lines = 0
    for claim in clinic["Claim"]:
        visit, *lines = claim["item"]
        nets = [Decimal(str(line["net"]["value"])) for line in lines]
        total = Decimal(str(claim["total"]["value"]))
        with_lines += bool(lines)
        assert "net" not in visit
        assert all(net > 0 for net in nets)
        assert total - sum(nets) in fees[visit["productOrService"]["coding"][0]["code"]]
        assert total == round(total, 2)
        assert {line["net"]["currency"] for line in lines} | {claim["total"]["currency"]} == {"USD"}
        assert [item["sequence"] for item in claim["item"]] == list(range(1, len(lines) + 2))
    assert 300 < with_lines < len(clinic["Claim"])


def test_each_visit_has_one_claim_made_within_days(clinic: Clinic) -> None:
    encounters = {each["id"]: each for each in clinic["Encounter"]}
    for claim in clinic["Claim"]:
        encounter = encounters.pop(claim["item"][0]["encounter"][0]["reference"].split("/")[1])
        lag = local(claim["created"]).date() - visit_day(encounter)
        assert timedelta(0) <= lag <= timedelta(4)
        assert claim["billablePeriod"] == encounter["period"]
        assert claim["patient"] == encounter["subject"]
        assert claim["item"][0]["productOrService"] == encounter["type"][0]
    assert not encounters


_WHEN = {
    "start", "end", "created", "recordedDate", "effectiveDateTime", "issued", "date", "birthDate",
    "onsetDateTime", "abatementDateTime", "performedDateTime", "occurrenceDateTime", "authoredOn",
    "sent", "received",
}  # fmt: skip


@pytest.mark.parametrize("zone", [ZONE, "Pacific/Auckland"])
def test_nothing_lies_after_the_last_day(zone: str, tmp_path: Path) -> None:
    generate(tmp_path, until=UNTIL, patients=60, time_zone=zone)
    clinic = read(tmp_path)
    instants = dates = 0
    # Bookable time lies ahead.
    for resources in (each for kind, each in clinic.items() if kind != "Slot"):
        for name, value in (leaf for resource in resources for leaf in leaves(resource)):
            if name in _WHEN and len(value) > 10:
                assert value.endswith("+00:00")
                assert local(value, zone).date() <= UNTIL
                instants += 1
            elif name in _WHEN:
                assert date.fromisoformat(value) <= UNTIL
                dates += 1
    days = [visit_day(encounter, zone) for encounter in clinic["Encounter"]]
    assert instants > 2000
    assert dates > 200
    assert max(days) == UNTIL
    assert min(days) >= date(2024, 4, 1)


def test_people_live_before_they_fall_ill_or_come(clinic: Clinic) -> None:
    births = {f"Patient/{each['id']}": each["birthDate"] for each in clinic["Patient"]}
    for encounter in clinic["Encounter"]:
        assert births[encounter["subject"]["reference"]] <= visit_day(encounter).isoformat()
    for condition in clinic["Condition"]:
        if "encounter-diagnosis" not in str(condition["category"]):
            assert births[condition["subject"]["reference"]] <= condition["onsetDateTime"]
        assert condition["onsetDateTime"] <= local(condition["recordedDate"]).date().isoformat()


def test_visits_keep_the_opening_hours(clinic: Clinic) -> None:
    starts = [local(encounter["period"]["start"]) for encounter in clinic["Encounter"]]
    weekdays = Counter(start.weekday() for start in starts)

    assert all(8 <= start.hour < 18 and start.hour != 12 for start in starts)
    assert weekdays[6] == 0
    assert 0 < weekdays[5] < len(starts) * 0.06
    assert all(weekdays[day] > len(starts) * 0.14 for day in range(5))
    holidays = {
        "2024-05-27", "2024-07-04", "2024-09-02", "2024-11-28", "2024-12-25", "2025-01-01",
        "2025-05-26", "2025-07-04", "2025-09-01", "2025-11-27", "2025-12-25", "2026-01-01",
    }  # fmt: skip
    assert not holidays & {start.date().isoformat() for start in starts}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 7, 2), True),
        (date(2026, 7, 3), False),  # Independence Day falls on a Saturday
        (date(2026, 7, 4), False),
        (date(2021, 12, 31), False),  # so does the next New Year
        (date(2022, 12, 26), False),  # Christmas falls on a Sunday
        (date(2026, 5, 18), True),
        (date(2026, 5, 25), False),
        (date(2026, 9, 7), False),
        (date(2026, 9, 14), True),
        (date(2026, 11, 19), True),
        (date(2026, 11, 26), False),
        (date(2026, 3, 7), True),  # a month's first Saturday
        (date(2026, 3, 14), False),
        (date(2026, 3, 8), False),
    ],
)
def test_is_open(day: date, expected: bool) -> None:
    assert is_open(day) is expected


@pytest.mark.parametrize("until", [date(2026, 3, 1), date(2025, 12, 25), date(2026, 1, 1)])
@pytest.mark.parametrize(("patients", "months"), [(200, 24), (1, 1)])
def test_a_closed_last_day_has_telemedicine_only(
    until: date, patients: int, months: int, tmp_path: Path
) -> None:
    generate(tmp_path, until=until, patients=patients, months=months)

    last_day = [each for each in read(tmp_path)["Encounter"] if visit_day(each) == until]
    assert len(last_day) >= min(patients, 3)
    assert {encounter["class"]["code"] for encounter in last_day} == {"VR"}


def test_the_clinic_grows_and_gets_new_patients_every_month(clinic: Clinic) -> None:
    visits: Counter[str] = Counter()
    registrations: Counter[str] = Counter()
    seen = set()
    for encounter in sorted(clinic["Encounter"], key=lambda each: str(each["period"]["start"])):
        month = visit_day(encounter).isoformat()[:7]
        visits[month] += 1
        if encounter["subject"]["reference"] not in seen:
            seen.add(encounter["subject"]["reference"])
            registrations[month] += 1

    months = sorted(visits)
    assert months[0] == "2024-04"
    assert months[-1] == "2026-03"
    assert len(months) == 24
    assert all(registrations[month] > 0 for month in months)
    assert min(visits.values()) >= 20
    first_year = sum(visits[month] for month in months[:11])
    second_year = sum(visits[month] for month in months[12:23])
    assert 1.1 < second_year / first_year < 2.0


def test_visits_are_of_many_kinds_by_four_providers(clinic: Clinic) -> None:
    encounters = clinic["Encounter"]
    kinds = Counter(
        (each["class"]["code"], each["type"][0]["coding"][0]["code"]) for each in encounters
    )
    providers = Counter(each["participant"][0]["individual"]["reference"] for each in encounters)
    specialties = {role["specialty"][0]["coding"][0]["code"] for role in clinic["PractitionerRole"]}

    assert set(kinds) == {
        ("AMB", "316744009"), ("AMB", "185349003"), ("AMB", "185345009"), ("AMB", "185347001"),
        ("AMB", "390906007"), ("AMB", "162673000"), ("VR", "448337001"), ("EMER", "50849002"),
    }  # fmt: skip
    assert kinds["EMER", "50849002"] < 0.03 * len(encounters)
    assert len(providers) == len(specialties) == 4
    assert min(providers.values()) > 50


def test_patients_differ(clinic: Clinic) -> None:
    patients = clinic["Patient"]
    ages = {min((UNTIL.year - int(each["birthDate"][:4])) // 18, 4) for each in patients}
    categories = [
        {each["extension"][n]["extension"][0]["valueCoding"]["display"] for each in patients}
        for n in (0, 1)
    ]

    assert ages == {0, 1, 2, 3, 4}
    assert {each["gender"] for each in patients} == {"female", "male"}
    assert len(categories[0]) >= 4
    assert categories[1] == {"Hispanic or Latino", "Not Hispanic or Latino"}
    assert len({each["communication"][0]["language"]["coding"][0]["code"] for each in patients}) > 3
    assert len({each["address"][0]["postalCode"] for each in patients}) > 5
    assert len({str(each["name"]) for each in patients}) > 180


def test_payers_follow_age_and_only_insurers_pay(clinic: Clinic) -> None:
    births = {
        f"Patient/{each['id']}": date.fromisoformat(each["birthDate"]) for each in clinic["Patient"]
    }
    payers: Counter[str] = Counter()
    claims = {}
    for claim in clinic["Claim"]:
        payer = claim["insurance"][0]["coverage"]["display"]
        day, born = (
            local(claim["billablePeriod"]["start"]).date(),
            births[claim["patient"]["reference"]],
        )
        is_senior = (day.year - born.year - ((day.month, day.day) < (born.month, born.day))) >= 65
        payers[payer] += 1
        claims[f"Claim/{claim['id']}"] = claim
        assert payer != "medicaid" if is_senior else payer not in {"medicare", "dual_eligible"}
    assert set(payers) == {"private", "medicare", "medicaid", "dual_eligible", "no_insurance"}
    assert payers.most_common(1)[0][0] == "private"

    answered = 0
    for benefit in clinic["ExplanationOfBenefit"]:
        claim = claims.pop(benefit["claim"]["reference"])
        payer = claim["insurance"][0]["coverage"]["display"]
        paid, billed = benefit["payment"]["amount"]["value"], claim["total"]["value"]
        wait = date.fromisoformat(benefit["payment"]["date"]) - local(claim["created"]).date()
        answered += 1
        assert benefit["insurer"]["display"] == payer != "no_insurance"
        assert benefit["outcome"] == "complete"
        assert 0.3 < float(paid) / float(billed) < 0.8
        assert Decimal(str(paid)) == round(Decimal(str(paid)), 2)
        assert timedelta(12) <= wait <= timedelta(45)
    unpaid = [claim for claim in claims.values() if "no_insurance" not in str(claim["insurance"])]
    assert answered > 800
    assert unpaid
    assert all((UNTIL - local(claim["created"]).date()).days < 45 for claim in unpaid)


def test_results_belong_to_the_conditions_and_reports(clinic: Clinic) -> None:
    diabetics = {
        condition["subject"]["reference"]
        for condition in clinic["Condition"]
        if condition["code"]["coding"][0]["code"] == "44054006"
    }
    by_code: dict[str, list[Resource]] = {}
    for observation in clinic["Observation"]:
        by_code.setdefault(observation["code"]["coding"][0]["code"], []).append(observation)

    assert {"4548-4", "85354-9", "39156-5", "72166-2", "18262-6", "33914-3"} <= set(by_code)
    assert {each["subject"]["reference"] for each in by_code["4548-4"]} <= diabetics
    assert len(diabetics) >= 10
    for pressure in by_code["85354-9"]:
        systolic, diastolic = pressure["component"]
        assert systolic["code"]["coding"][0]["code"] == "8480-6"
        assert diastolic["code"]["coding"][0]["code"] == "8462-4"
        assert 100 <= systolic["valueQuantity"]["value"] < 160
        assert 60 <= diastolic["valueQuantity"]["value"] < 100
    observations = {f"Observation/{each['id']}": each for each in clinic["Observation"]}
    for report in clinic["DiagnosticReport"]:
        for result in report["result"]:
            observation = observations[result["reference"]]
            assert observation["encounter"] == report["encounter"]
            assert observation["effectiveDateTime"] == report["effectiveDateTime"]


def _people_with(clinic: Clinic, kind: str, element: str, *codes: str) -> set[str]:
    """References of the patients with one of these codes."""
    return {
        each["subject"]["reference"]
        for each in clinic[kind]
        if each[element]["coding"][0]["code"] in codes
    }


@pytest.mark.parametrize(
    ("kind", "codes", "sex", "ages"),
    [
        ("Observation", {"4548-4"}, None, (0, 120)),
        ("Observation", {"85354-9"}, None, (12, 120)),
        ("Observation", {"39156-5"}, None, (12, 120)),
        ("Observation", {"72166-2"}, None, (12, 120)),
        ("Observation", {"33914-3"}, None, (18, 120)),
        ("Observation", {"14959-1"}, None, (0, 120)),
        ("Observation", {"73831-0", "73832-8"}, None, (12, 120)),
        ("Observation", {"57905-2"}, None, (46, 75)),
        ("Procedure", {"73761001"}, None, (46, 120)),
        ("Procedure", {"24623002"}, "female", (42, 74)),
        ("Procedure", {"90226004"}, "female", (21, 64)),
    ],
)
def test_what_quality_measures_count_happens_to_some_but_not_all(
    clinic: Clinic, kind: str, codes: set[str], sex: str | None, ages: tuple[int, int]
) -> None:
    people = {f"Patient/{each['id']}": each for each in clinic["Patient"]}
    counted = _people_with(clinic, kind, "code", *codes)
    assert 5 <= len(counted) < len(people) - 5
    for reference in counted:
        assert sex in (None, people[reference]["gender"])
        born = date.fromisoformat(people[reference]["birthDate"])
        # Ages may change between what was done and the last day.
        assert ages[0] <= (UNTIL - born).days / 365.25
        assert (UNTIL - born).days / 365.25 < ages[1] + 3


def test_treatment_follows_the_conditions(clinic: Clinic) -> None:
    for drug, condition in (("860975", "44054006"), ("314076", "59621000")):
        taking = _people_with(clinic, "MedicationRequest", "medicationCodeableConcept", drug)
        assert len(taking) >= 5
        assert taking <= _people_with(clinic, "Condition", "code", condition)
    meters = _people_with(clinic, "DeviceRequest", "codeCodeableConcept", "337414009")
    assert meters == _people_with(clinic, "Condition", "code", "44054006")
    assert {each["reasonCode"][0]["coding"][0]["code"] for each in clinic["ServiceRequest"]} == {
        "162864005", "428181000124104",
    }  # fmt: skip
    given = {each["vaccineCode"]["coding"][0]["code"] for each in clinic["Immunization"]}
    assert given == {"140", "115"}


def test_insurance_is_that_of_the_claims(clinic: Clinic) -> None:
    covered = {
        (each["beneficiary"]["reference"], each["payor"][0]["display"])
        for each in clinic["Coverage"]
        if each["order"] == 1
    }
    billed = {
        (each["patient"]["reference"], each["insurance"][0]["coverage"]["display"])
        for each in clinic["Claim"]
    }
    assert covered == {(who, payer) for who, payer in billed if payer != tables.SELF_PAY}
    assert any(each["order"] == 2 for each in clinic["Coverage"])


def test_clinicians_write_to_each_other_and_the_newest_is_unread(clinic: Clinic) -> None:
    sent = clinic["Communication"]
    assert all(each["sender"] != each["recipient"][0] for each in sent)
    assert all(each["sent"] < each["received"] for each in sent if "received" in each)
    unread = [each for each in sent if "received" not in each]
    assert 0 < len(unread) < len(sent) / 5
    by_id = {f"Communication/{each['id']}": each for each in sent}
    answers = [each for each in sent if "inResponseTo" in each]
    assert len(answers) > 20
    for answer in answers:
        asked = by_id[answer["inResponseTo"][0]["reference"]]
        assert answer["sender"] == asked["recipient"][0]
        assert asked["received"] <= answer["sent"]


def test_slots_are_kept_by_visits_and_free_ahead(clinic: Clinic) -> None:
    """Every visit of the last weeks keeps one of its clinician's slots; ahead they thin out."""
    actors = {
        f"Schedule/{each['id']}": each["actor"][0]["reference"] for each in clinic["Schedule"]
    }
    status = {
        (actors[each["schedule"]["reference"]], each["start"]): each["status"]
        for each in clinic["Slot"]
    }
    assert len(status) == len(clinic["Slot"])
    kept = {
        (each["participant"][0]["individual"]["reference"], each["period"]["start"])
        for each in clinic["Encounter"]
        if is_open(visit_day(each)) and visit_day(each) > UNTIL - timedelta(28)
    }
    past = {key for key in status if local(key[1]).date() <= UNTIL}
    assert kept == {
        key
        for key in past
        if status[key] == "busy" and local(key[1]).date() > UNTIL - timedelta(28)
    }
    soon, late = (
        [status[key] for key in status if first <= (local(key[1]).date() - UNTIL).days <= last]
        for first, last in ((1, 7), (21, 28))
    )
    assert soon.count("free") / len(soon) < 0.4 < late.count("free") / len(late)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_visits(tmp_path: Path) -> None:
    def peak(patients: int) -> tuple[int, int]:
        tracemalloc.start()
        visits = generate(tmp_path, until=UNTIL, patients=patients)["Encounter"]
        _, bytes_most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return bytes_most, visits

    # The first run fills caches of the interpreter that are none of the generator's.
    peak(20)
    little, few = peak(100)
    much, many = peak(400)
    assert many > 3.5 * few
    assert much < 2 * little


@pytest.mark.parametrize("arguments", [{"patients": 0}, {"months": 0}])
def test_refuses_an_empty_clinic(arguments: dict[str, int], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        generate(tmp_path, until=UNTIL, **arguments)  # type: ignore[arg-type]


def test_refuses_an_unknown_time_zone(tmp_path: Path) -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        generate(tmp_path, until=UNTIL, time_zone="Nowhere/Here")
