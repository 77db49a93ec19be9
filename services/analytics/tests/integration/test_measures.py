"""The measures on charts made by hand, one rule at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from conftest import NewPractice
from praxis_chassis.database import Connection
from services.analytics.tests.book import Book, Entry
from services.analytics.tests.charts import Charts
from services.analytics.tests.small import local

DIABETES, HYPERTENSION, PREGNANCY = "44054006", "38341003", "72892002"
HBA1C, GMI, SYSTOLIC, DIASTOLIC = "4548-4", "97506-0", "8480-6", "8462-4"
BMI, TOBACCO, FIT, MAMMOGRAM = "39156-5", "72166-2", "57905-2", "24623002"
DAILY, NEVER, FORMER = "449868002", "266919005", "8517006"
COLONOSCOPY, CYTOLOGY, HPV, DEPRESSION = "73761001", "90226004", "21440-3", "73832-8"
POSITIVE, NEGATIVE = "428181000124104", "428171000124102"


@pytest.fixture
async def charts(connection: Connection, new_practice: NewPractice) -> Charts:
    return Charts(Book(connection, await new_practice()))


def seen(charts: Charts, people: Iterable[str], born: str = "1970-05-05") -> list[Entry]:
    """People of one birth date with a check-up in March 2025."""
    facts = []
    for who in people:
        facts += [charts.person(who, born), charts.visit(who, "2025-03-03")]
    return facts


async def test_glycaemic_status_of_the_most_recent_day(charts: Charts) -> None:
    people = (
        *("two", "nine", "over", "none", "text", "later", "earlier", "mmol", "unit", "bare"),
        *("gmi", "night", "amended", "cancelled"),
    )
    await charts.put(
        *seen(charts, people),
        *(charts.problem(who, DIABETES, "2020-01-01") for who in people),
        charts.result("two", HBA1C, "2025-06-01T08:00", "9.4", "%"),
        charts.result("two", HBA1C, "2025-06-01T17:00", "8.1", "%"),
        charts.result("nine", HBA1C, "2025-06-01", "9.0", "%"),
        charts.result("over", HBA1C, "2025-06-01", "9.1", "%"),
        charts.result("text", HBA1C, "2025-06-01", value_type="string"),
        charts.result("later", HBA1C, "2025-06-01", "7.0", "%"),
        charts.result("later", HBA1C, "2025-08-01", "9.5", "%"),
        charts.result("earlier", HBA1C, "2024-12-31", "7.0", "%"),
        # 0.0915 × 74 + 2.15 = 8.921; 75 gives 9.0125.
        charts.result("mmol", HBA1C, "2025-06-01", "74", "mmol/mol"),
        charts.result("mmol", HBA1C, "2025-05-01", "75", "mmol/mol"),
        charts.result("unit", HBA1C, "2025-06-01", "7.0", "mg/dL"),
        charts.result("bare", HBA1C, "2025-06-01", "7.0"),
        charts.result("gmi", HBA1C, "2025-06-01", "9.9", "%"),
        charts.result("gmi", GMI, "2025-06-02", "7.5", "%"),
        # New Year's Eve in New York is already the next year in UTC.
        charts.result("night", HBA1C, "2025-12-31T23:30", "7.0", "%"),
        charts.result("amended", HBA1C, "2025-06-01", "7.0", "%", status="amended"),
        charts.result("cancelled", HBA1C, "2025-06-01", "7.0", "%", status="cancelled"),
    )
    found = await charts.standing("cms122_2025")
    poor = {"over", "none", "text", "later", "earlier", "unit", "cancelled"}
    assert found == {who: "met" if who in poor else "missed" for who in people}


async def test_a_result_after_today_is_not_read(charts: Charts) -> None:
    await charts.put(
        *seen(charts, ["p"]),
        charts.problem("p", DIABETES, "2020-01-01"),
        charts.result("p", HBA1C, "2025-06-01", "7.0", "%"),
        charts.result("p", HBA1C, "2025-09-01", "9.9", "%"),
    )
    assert await charts.standing("cms122_2025") == {"p": "met"}
    assert await charts.standing("cms122_2025", today="2025-08-31") == {"p": "missed"}
    assert await charts.standing("cms122_2025", today="2025-03-02") == {}


async def test_conditions_overlap_from_onset_to_abatement(charts: Charts) -> None:
    spans = {
        "open": ("2020-01-01", ""),
        "last day": ("2025-12-31", ""),
        "next year": ("2026-01-01", ""),
        "first day": ("2020-01-01", "2025-01-01"),
        "before": ("2020-01-01", "2024-12-31"),
    }
    await charts.put(
        *seen(charts, [*spans, "refuted", "unsaid"]),
        *(charts.problem(who, DIABETES, *span) for who, span in spans.items()),
        charts.problem("refuted", DIABETES, "2020-01-01", verification_status="refuted"),
        charts.problem("unsaid", DIABETES, "2020-01-01", verification_status=None),
    )
    found = await charts.standing("cms122_2025")
    assert found.keys() == {"open", "last day", "first day", "unsaid"}


@pytest.mark.parametrize(
    ("measure", "born", "inside"),
    [
        ("cms122_2025", "2007-12-31", True),
        ("cms122_2025", "2008-01-01", False),
        ("cms122_2025", "1950-01-01", True),
        ("cms122_2025", "1949-12-31", False),
        ("cms130_2025", "1979-12-31", True),
        ("cms130_2025", "1980-01-01", False),
        ("cms130_2025", "1950-01-01", True),
        ("cms130_2025", "1949-12-31", False),
        ("cms125_2025", "1983-12-31", True),
        ("cms125_2025", "1984-01-01", False),
        ("cms125_2025", "1951-01-01", True),
        ("cms125_2025", "1950-12-31", False),
        ("cms124_2025", "2001-12-31", True),
        ("cms124_2025", "2002-01-01", False),
        ("cms165_2025", "1939-12-31", False),
        ("cms951_2025", "1939-12-31", False),
        ("cms138_2025", "2013-01-01", True),
        ("cms138_2025", "2013-01-02", False),
        ("cms2_2025", "2013-01-01", True),
        ("cms2_2025", "2013-01-02", False),
        # 18 on the day of the visit, or a day later.
        ("cms69_2025", "2007-03-03", True),
        ("cms69_2025", "2007-03-04", False),
    ],
)
async def test_ages_at_their_bounds(charts: Charts, measure: str, born: str, inside: bool) -> None:
    await charts.put(
        *seen(charts, ["p"], born),
        charts.problem("p", DIABETES, "2020-01-01"),
        charts.problem("p", HYPERTENSION, "2020-01-01"),
    )
    assert bool(await charts.standing(measure)) == inside


async def test_which_encounters_are_qualifying_visits(charts: Charts) -> None:
    visits: dict[str, dict[str, Any]] = {
        "office": {},
        "home": {"class": "HH"},
        "virtual": {"class": "VR"},
        "second coding": {"codings": ["x|1", "http://snomed.info/sct|185349003"]},
        "emergency": {"class": "EMER"},
        "planned": {"status": "planned"},
        "other type": {"codings": ["http://snomed.info/sct|424619006"]},
        "other system": {"codings": ["http://example.org|185349003"]},
        "late": {"start_at": local("2026-01-01T00:10")},
        "last minute": {"start_at": local("2025-12-31T23:50")},
    }
    for who, more in visits.items():
        await charts.put(charts.person(who, "1970-01-01"), charts.visit(who, "2025-05-05", **more))
    found = await charts.standing("cms138_2025")
    assert found.keys() == {"office", "home", "virtual", "second coding", "last minute"}
    in_person = await charts.standing("cms69_2025")
    assert in_person.keys() == found.keys() - {"virtual"}


def pressure(charts: Charts, who: str, day: str, high: str, low: str, **more: Any) -> list[Entry]:
    """A reading of both pressures at one time."""
    return [
        charts.result(who, SYSTOLIC, day, high, "mm[Hg]", **more),
        charts.result(who, DIASTOLIC, day, low, "mm[Hg]", **more),
    ]


async def test_blood_pressure_of_the_most_recent_day(charts: Charts) -> None:
    people = (
        *("mixed", "bound", "none", "worse later", "emergency", "half", "pregnant", "july"),
        *("failing", "transplanted"),
    )
    ward = charts.visit("emergency", "2025-09-01", "50849002", **{"class": "EMER"})
    inside = {"encounter_id": ward.row[0]}
    await charts.put(
        *seen(charts, people),
        *(charts.problem(who, HYPERTENSION, "2020-01-01") for who in people if who != "july"),
        charts.problem("july", HYPERTENSION, "2025-07-01"),
        # The lowest of either kind, though of two readings.
        *pressure(charts, "mixed", "2025-06-01T08:00", "139", "95"),
        *pressure(charts, "mixed", "2025-06-01T18:00", "150", "89"),
        *pressure(charts, "bound", "2025-06-01", "140", "80"),
        *pressure(charts, "worse later", "2025-06-01", "120", "80"),
        *pressure(charts, "worse later", "2025-07-01", "120", "90"),
        ward,
        *pressure(charts, "emergency", "2025-06-01", "120", "80"),
        *pressure(charts, "emergency", "2025-09-01", "180", "110", **inside),
        *pressure(charts, "half", "2025-06-01", "120", "80"),
        charts.result("half", SYSTOLIC, "2025-06-02", "120"),
        charts.problem("pregnant", PREGNANCY, "2024-11-01", "2025-01-01"),
        charts.problem("failing", "433146000", "2025-11-01"),
        charts.done("transplanted", "70536003", "2015-01-01"),
    )
    assert await charts.standing("cms165_2025") == {
        "mixed": "met",
        "bound": "missed",
        "none": "missed",
        "worse later": "missed",
        "emergency": "met",
        "half": "missed",
        "pregnant": "excluded",
        "failing": "excluded",
        "transplanted": "excluded",
    }


async def test_body_mass_index_and_follow_up(charts: Charts) -> None:
    values = {"low": "18.4", "least": "18.5", "most": "24.9", "high": "25", "helped": "31"}
    others = ("unmeasured", "no number", "both")
    await charts.put(
        *seen(charts, (*values, *others)),
        *(charts.result(who, BMI, "2025-04-04", bmi, "kg/m2") for who, bmi in values.items()),
        charts.ordered("helped", "103699006", "2025-04-04", reason_code="162864005"),
        charts.result("no number", BMI, "2025-04-04", value_type="string"),
        charts.result("both", BMI, "2025-04-04", "24", "kg/m2"),
        charts.result("both", BMI, "2025-05-04", "26", "kg/m2"),
    )
    found = await charts.standing("cms69_2025")
    met = {"least", "most", "helped"}
    assert found == {who: "met" if who in met else "missed" for who in (*values, *others)}


async def test_tobacco_has_three_rates(charts: Charts) -> None:
    people = ("never", "daily", "helped", "quit", "both", "unscreened", "unknown", "long ago")
    await charts.put(
        *seen(charts, people),
        charts.answer("never", TOBACCO, "2025-02-02", NEVER),
        charts.answer("daily", TOBACCO, "2025-02-02", DAILY),
        charts.answer("helped", TOBACCO, "2025-02-02", DAILY),
        charts.done("helped", "225323000", "2024-07-01"),
        charts.answer("quit", TOBACCO, "2025-02-02", DAILY),
        charts.answer("quit", TOBACCO, "2025-08-02", FORMER),
        charts.answer("both", TOBACCO, "2025-02-02T09:00", DAILY),
        charts.answer("both", TOBACCO, "2025-02-02T11:00", FORMER),
        charts.answer("unknown", TOBACCO, "2025-02-02", "266927001"),
        charts.answer("long ago", TOBACCO, "2024-02-02", NEVER),
        charts.done("both", "225323000", "2024-06-30"),
    )
    screened = {"never", "daily", "helped", "quit", "both"}
    first = await charts.standing("cms138_2025")
    assert first == {who: "met" if who in screened else "missed" for who in people}
    users = {"daily": "missed", "helped": "met", "both": "missed"}
    second = await charts.standing("cms138_2025", rate=1)
    assert second == {who: users.get(who, "initial") for who in people}
    third = await charts.standing("cms138_2025", rate=2)
    met = {"never", "helped", "quit"}
    assert third == {who: "met" if who in met else "missed" for who in people}


async def test_colorectal_windows(charts: Charts) -> None:
    tests = {
        "nine years before": charts.done("nine years before", COLONOSCOPY, "2016-01-01"),
        "the day before": charts.done("the day before", COLONOSCOPY, "2015-12-31"),
        "not done": charts.done("not done", COLONOSCOPY, "2020-01-01", status="not-done"),
        "in the year": charts.result("in the year", FIT, "2025-01-01", "5", "ng/mL"),
        "a year before": charts.result("a year before", FIT, "2024-12-31", "5", "ng/mL"),
        "coded": charts.answer("coded", "2335-8", "2025-05-05", "260385009"),
        "without a value": charts.result("without a value", FIT, "2025-05-05"),
        "stool test": charts.done("stool test", "1015401000000102", "2025-05-05"),
        "dna": charts.answer("dna", "77354-9", "2023-01-01", "260385009"),
        "dna before": charts.answer("dna before", "77354-9", "2022-12-31", "260385009"),
        "sigmoidoscopy": charts.done("sigmoidoscopy", "44441009", "2021-01-01"),
        "too old": charts.done("too old", "44441009", "2020-12-31"),
        "colectomy": charts.done("colectomy", "26390003", "1999-01-01"),
        "cancer": charts.problem("cancer", "93761005", "2001-01-01", "2002-01-01"),
    }
    await charts.put(*seen(charts, tests), *tests.values())
    met = {"nine years before", "in the year", "coded", "stool test", "dna", "sigmoidoscopy"}
    wanted = {who: "met" if who in met else "missed" for who in tests}
    wanted |= {"colectomy": "excluded", "cancer": "excluded"}
    assert await charts.standing("cms130_2025") == wanted


async def test_the_mammogram_window(charts: Charts) -> None:
    days = {"in": "2023-10-01", "before": "2023-09-30", "end": "2025-12-31", "after": "2026-01-01"}
    await charts.put(
        *seen(charts, (*days, "read", "removed")),
        *(charts.done(who, MAMMOGRAM, day) for who, day in days.items()),
        charts.result("read", "24606-6", "2024-01-01"),
        charts.done("removed", "27865001", "2010-01-01"),
        charts.person("man", "1970-05-05", "male"),
        charts.visit("man", "2025-03-03"),
    )
    assert await charts.standing("cms125_2025") == {
        "in": "met", "before": "missed", "end": "met", "after": "missed", "read": "met",
        "removed": "excluded",
    }  # fmt: skip


async def test_the_kidneys_need_both_tests(charts: Charts) -> None:
    people = ("both", "one", "other", "failing", "well")
    await charts.put(
        *seen(charts, people),
        *(charts.problem(who, DIABETES, "2020-01-01") for who in people if who != "well"),
        charts.result("both", "33914-3", "2025-01-01", "80", "mL/min"),
        charts.result("both", "9318-7", "2025-12-31", "12", "mg/g"),
        charts.result("one", "62238-1", "2025-05-05", "80"),
        charts.result("other", "14959-1", "2025-05-05", "12"),
        charts.result("other", "62238-1", "2024-12-31", "80"),
        charts.problem("failing", "46177005", "2025-12-31"),
    )
    assert await charts.standing("cms951_2025") == {
        "both": "met", "one": "missed", "other": "missed", "failing": "excluded",
    }  # fmt: skip


async def test_depression_is_screened_up_to_14_days_before_a_visit(charts: Charts) -> None:
    people = (
        *("same day", "early", "too early", "after", "positive", "helped", "worse", "unknown"),
        "bipolar",
    )
    screened = {
        "same day": ("2025-03-03", NEGATIVE), "early": ("2025-02-17", NEGATIVE),
        "too early": ("2025-02-16", NEGATIVE), "after": ("2025-03-04", NEGATIVE),
        "positive": ("2025-03-03", POSITIVE), "helped": ("2025-03-03", POSITIVE),
        "worse": ("2025-02-20", NEGATIVE),
    }  # fmt: skip
    await charts.put(
        *seen(charts, people),
        *(charts.answer(who, DEPRESSION, *given) for who, given in screened.items()),
        charts.answer("worse", DEPRESSION, "2025-03-01", POSITIVE),
        charts.ordered("helped", "183524004", "2025-03-04"),
        charts.done("unknown", "171207006", "2025-03-03"),
        charts.problem("bipolar", "13746004", "2000-01-01", "2001-01-01"),
    )
    wanted = dict.fromkeys(people, "missed") | {"bipolar": "excluded"}
    wanted |= dict.fromkeys(("same day", "early", "helped"), "met")
    assert await charts.standing("cms2_2025") == wanted


async def test_cervical_windows_and_ages(charts: Charts) -> None:
    await charts.put(
        *seen(charts, ("three years", "longer", "hpv", "old hpv", "removed")),
        *seen(charts, ("young",), "1992-06-01"),
        *seen(charts, ("old enough",), "1991-06-01"),
        charts.done("three years", CYTOLOGY, "2023-01-01"),
        charts.done("longer", CYTOLOGY, "2022-12-31"),
        charts.answer("hpv", HPV, "2021-01-01", "260385009"),
        charts.answer("old hpv", HPV, "2020-12-31", "260385009"),
        # At 29 and at 30.
        charts.answer("young", HPV, "2021-06-01", "260385009"),
        charts.answer("old enough", HPV, "2021-06-01", "260385009"),
        charts.done("removed", "236886002", "2010-01-01"),
    )
    assert await charts.standing("cms124_2025") == {
        "three years": "met", "longer": "missed", "hpv": "met", "old hpv": "missed",
        "young": "missed", "old enough": "met", "removed": "excluded",
    }  # fmt: skip
