"""The nine quality measures of a folder, computed patient by patient from its raw lines.

Shares no code and no lists with the product. Where the rules leave a choice, this reading was
taken:

1.  A visit is a finished office, virtual or home encounter that is no death certification; it
    qualifies when any coding of any of its types is in the office list.
2.  An instant belongs to its local date. Facts dated after `today` are not read, but age is
    always that on the last (or first) day of the year.
3.  A condition overlaps from its onset to its abatement, both included.
4.  "Any result in the year" of HbA1c, eGFR, uACR and BMI means a number; of stool tests any value.
5.  A status of tobacco counts when it is one of the four answers. Who answered differently on
    one day counts as a user.
6.  Screening for depression counts in the 14 days up to a visit of the year.
7.  Exclusions for cancer, colectomy, mastectomy, hysterectomy and bipolar disorder look at
    everything up to the end of the year; for pregnancy and kidney failure at the year.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .fhir615 import DEATH_CERTIFICATION, VISIT_CLASSES, completed_years, local_date
from .source import read_resources
from .synthea27 import CLASSES, rows

OFFICE = {
    "185345009", "185347001", "185349003", "270427003", "308335008", "316744009", "390906007",
    "394701000", "448337001", "698314001",
}  # fmt: skip
ANSWERS = {"449868002", "428041000124106", "8517006", "266919005"}
USERS = {"449868002", "428041000124106"}
SPOKEN = {
    "Never smoker": "266919005",
    "Former smoker": "8517006",
    "Current every day smoker": "449868002",
    "Current some day smoker": "428041000124106",
}
PLACES = ("initial", "excluded", "met", "excepted", "missed")


@dataclass(frozen=True, slots=True)
class Seen:
    """One visit of any kind of encounter."""

    on: date
    class_code: str
    qualifies: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One observation, or one component of one."""

    on: date
    code: str
    number: Decimal | None
    answer: str | None
    unit: str | None
    anything: bool
    in_hospital: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """One condition."""

    code: str
    onset: date
    abated: date | None


@dataclass
class Chart:
    """All that a measure may look at of one patient."""

    born: date
    sex: str
    visits: list[Seen] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    done: list[tuple[date, str]] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)


Charts = dict[str, Chart]


def fhir_charts(folder: Path, tz: str) -> Charts:
    """Read a FHIR folder."""
    zone = ZoneInfo(tz)
    charts = {
        r["id"]: Chart(date.fromisoformat(r["birthDate"]), r["gender"])
        for r in read_resources(folder, "Patient")
    }
    hospital = set()
    for r in read_resources(folder, "Encounter"):
        kinds = {c["code"] for t in r["type"] for c in t["coding"]}
        on, class_code = local_date(r["period"]["start"], zone), r["class"]["code"]
        if class_code in ("EMER", "IMP"):
            hospital.add(r["id"])
        if r["status"] == "finished" and DEATH_CERTIFICATION not in kinds:
            whose(charts, r).visits.append(Seen(on, class_code, bool(kinds & OFFICE)))
    for r in read_resources(folder, "Condition"):
        abated = local_date(r["abatementDateTime"], zone) if "abatementDateTime" in r else None
        for c in r["code"]["coding"]:
            onset = local_date(r["onsetDateTime"], zone)
            whose(charts, r).problems.append(Problem(c["code"], onset, abated))
    for r in read_resources(folder, "Procedure"):
        for c in r["code"]["coding"]:
            on = local_date(r["performedPeriod"]["start"], zone)
            whose(charts, r).done.append((on, c["code"]))
    for r in read_resources(folder, "Observation"):
        on = local_date(r["effectiveDateTime"], zone)
        inside = r.get("encounter", {}).get("reference", "")[-36:] in hospital
        whose(charts, r).results.extend(fhir_results(r, on, inside=inside))
    return charts


def whose(charts: Charts, resource: dict[str, Any]) -> Chart:
    return charts[str(resource["subject"]["reference"])[-36:]]


def fhir_results(resource: dict[str, Any], on: date, *, inside: bool) -> Iterator[Result]:
    for part in (resource, *resource.get("component", [])):
        quantity = part.get("valueQuantity", {})
        answers = part.get("valueCodeableConcept", {}).get("coding", [{}])
        anything = any(name.startswith("value") for name in part)
        for c in part["code"]["coding"]:
            yield Result(
                on, c["code"], quantity.get("value"), answers[0].get("code"),
                quantity.get("code", quantity.get("unit")), anything, inside,
            )  # fmt: skip


def synthea_charts(folder: Path, tz: str) -> Charts:
    """Read a Synthea CSV folder."""
    zone = ZoneInfo(tz)

    def day(text: str) -> date:
        return local_date(text, zone) if len(text) > 10 else date.fromisoformat(text)

    sexes = {"F": "female", "M": "male"}
    charts = {
        p["Id"]: Chart(date.fromisoformat(p["BIRTHDATE"]), sexes[p["GENDER"]])
        for p in rows(folder, "patients")
    }
    hospital = set()
    for e in rows(folder, "encounters"):
        class_code = CLASSES.get(e["ENCOUNTERCLASS"], e["ENCOUNTERCLASS"])
        if class_code in ("EMER", "IMP"):
            hospital.add(e["Id"])
        if e["CODE"] != DEATH_CERTIFICATION:
            seen = Seen(day(e["START"]), class_code, e["CODE"] in OFFICE)
            charts[e["PATIENT"]].visits.append(seen)
    for c in rows(folder, "conditions"):
        abated = day(c["STOP"]) if c["STOP"] else None
        charts[c["PATIENT"]].problems.append(Problem(c["CODE"], day(c["START"]), abated))
    for p in rows(folder, "procedures"):
        charts[p["PATIENT"]].done.append((day(p["START"]), p["CODE"]))
    for o in rows(folder, "observations"):
        number = Decimal(o["VALUE"]) if o["TYPE"] == "numeric" else None
        charts[o["PATIENT"]].results.append(
            Result(
                day(o["DATE"]), o["CODE"], number, SPOKEN.get(o["VALUE"]), o["UNITS"] or None,
                bool(o["VALUE"]), o["ENCOUNTER"] in hospital,
            )
        )  # fmt: skip
    return charts


@dataclass(frozen=True)
class Year:
    """One patient in one calendar year, as far as `today`."""

    chart: Chart
    year: int
    today: date

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        return date(self.year, 12, 31)

    @property
    def end(self) -> date:
        return min(self.last, self.today)

    @property
    def age(self) -> int:
        return completed_years(self.chart.born, self.last)

    @property
    def age_at_start(self) -> int:
        return completed_years(self.chart.born, self.first)

    @property
    def visits(self) -> list[Seen]:
        return [
            v
            for v in self.chart.visits
            if v.qualifies and v.class_code in VISIT_CLASSES and self.first <= v.on <= self.end
        ]

    def has(self, *codes: str, since: date | None = None, until: date | None = None) -> bool:
        """Whether a condition overlaps the time from `since` (the year's start) to its end."""
        end = min(until or self.last, self.today)
        return any(
            p.code in codes
            and p.onset <= end
            and (p.abated is None or p.abated >= (since or self.first))
            for p in self.chart.problems
        )

    def ever_had(self, *codes: str) -> bool:
        return any(p.code in codes and p.onset <= self.end for p in self.chart.problems)

    def did(self, *codes: str, since: date | None = None) -> bool:
        first = since or self.first
        return any(code in codes and first <= on <= self.end for on, code in self.chart.done)

    def results(self, *codes: str, since: date | None = None) -> list[Result]:
        first = since or self.first
        return [r for r in self.chart.results if r.code in codes and first <= r.on <= self.end]

    def numbers(self, *codes: str, units: Iterable[str | None] = ()) -> list[tuple[date, Decimal]]:
        return [
            (r.on, r.number)
            for r in self.results(*codes)
            if r.number is not None and (not units or r.unit in units)
        ]


def lowest_of_last_day(found: list[tuple[date, Decimal]]) -> tuple[date, Decimal] | None:
    if not found:
        return None
    last = max(on for on, _ in found)
    return last, min(number for on, number in found if on == last)


def is_user(y: Year) -> bool:
    answers = [r for r in y.results("72166-2") if r.answer in ANSWERS]
    last = max((r.on for r in answers), default=None)
    return any(r.on == last and r.answer in USERS for r in answers)


def cms122(y: Year) -> str | None:
    if not (18 <= y.age <= 75 and y.has("44054006") and y.visits):
        return None
    found = []
    for r in y.results("4548-4", "97506-0"):
        if r.number is not None and r.unit in ("%", None):
            found.append((r.on, r.number))
        elif r.number is not None and r.unit == "mmol/mol":
            found.append((r.on, Decimal("0.0915") * r.number + Decimal("2.15")))
    last = lowest_of_last_day(found)
    return "met" if last is None or last[1] > 9 else "missed"


def cms165(y: Year) -> str | None:
    june = date(y.year, 6, 30)
    if not (18 <= y.age <= 85 and y.visits and y.has("38341003", "59621000", until=june)):
        return None
    if y.has("72892002"):
        return "excluded"

    def pressure(code: str) -> tuple[date, Decimal] | None:
        found = [r for r in y.results(code) if not r.in_hospital and r.number is not None]
        return lowest_of_last_day([(r.on, r.number) for r in found if r.number is not None])

    systolic, diastolic = pressure("8480-6"), pressure("8462-4")
    if systolic is None or diastolic is None or systolic[0] != diastolic[0]:
        return "missed"
    return "met" if systolic[1] < 140 and diastolic[1] < 90 else "missed"


def cms69(y: Year) -> str | None:
    in_person = [v for v in y.visits if v.class_code != "VR"]
    if not any(completed_years(y.chart.born, v.on) >= 18 for v in in_person):
        return None
    if y.has("72892002"):
        return "excluded"
    found = [number for _, number in y.numbers("39156-5")]
    return "met" if found and all(Decimal("18.5") <= n < 25 for n in found) else "missed"


def cms138_1(y: Year) -> str | None:
    if not (y.age_at_start >= 12 and y.visits):
        return None
    return "met" if any(r.answer in ANSWERS for r in y.results("72166-2")) else "missed"


def cms138_2(y: Year) -> str | None:
    screened = cms138_1(y)
    return screened and ("missed" if is_user(y) else "initial")


def cms138_3(y: Year) -> str | None:
    screened = cms138_1(y)
    return screened and ("met" if screened == "met" and not is_user(y) else "missed")


def cms130(y: Year) -> str | None:
    if not (46 <= y.age <= 75 and y.visits):
        return None
    if y.ever_had("93761005", "109838007", "94260004"):
        return "excluded"
    stool = y.did("1015401000000102") or any(r.anything for r in y.results("57905-2", "2335-8"))
    scope = y.did("73761001", since=date(y.year - 9, 1, 1))
    return "met" if stool or scope else "missed"


def cms125(y: Year) -> str | None:
    if not (y.chart.sex == "female" and 42 <= y.age <= 74 and y.visits):
        return None
    since = date(y.year - 2, 10, 1)
    seen = y.did("24623002", "71651007", since=since) or y.results("24606-6", since=since)
    return "met" if seen else "missed"


def cms951(y: Year) -> str | None:
    if not (18 <= y.age <= 85 and y.has("44054006") and y.visits):
        return None
    both = y.numbers("33914-3", "62238-1") and y.numbers("14959-1", "9318-7")
    return "met" if both else "missed"


def cms2(y: Year) -> str | None:
    if not (y.age_at_start >= 12 and y.visits):
        return None
    if y.ever_had("13746004"):
        return "excluded"
    # No file of ours has a screening with its result; with one this would have to look at it.
    assert not y.results("73831-0", "73832-8")
    return "missed"


def screened_without_result(y: Year) -> bool:
    days = [on for on, code in y.chart.done if code == "171207006" and on <= y.end]
    spans = [(v.on - timedelta(days=14), v.on) for v in y.visits]
    return any(a <= on <= b for on in days for a, b in spans)


def cms124(y: Year) -> str | None:
    if not (y.chart.sex == "female" and 24 <= y.age <= 64 and y.visits):
        return None
    since = date(y.year - 2, 1, 1)
    seen = y.did("90226004", since=since) or y.results("10524-7", since=since)
    return "met" if seen else "missed"


MEASURES = {
    ("cms122_2025", "rate_1"): cms122,
    ("cms165_2025", "rate_1"): cms165,
    ("cms69_2025", "rate_1"): cms69,
    ("cms138_2025", "rate_1"): cms138_1,
    ("cms138_2025", "rate_2"): cms138_2,
    ("cms138_2025", "rate_3"): cms138_3,
    ("cms130_2025", "rate_1"): cms130,
    ("cms125_2025", "rate_1"): cms125,
    ("cms951_2025", "rate_1"): cms951,
    ("cms2_2025", "rate_1"): cms2,
    ("cms124_2025", "rate_1"): cms124,
}
# Parts shown beside a rate.
STRATA = {
    "age_18_and_over": lambda y: y.age_at_start >= 18,
    "result_unknown": screened_without_result,
}


def places(charts: Charts, year: int, today: date) -> dict[tuple[str, str], dict[str, str]]:
    """Where every patient stands in each rate that looks at it."""
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for key, chart in charts.items():
        for rate, measure in MEASURES.items():
            place = measure(Year(chart, year, today))
            if place is not None:
                found[rate][key] = place
    return found


def counts(standing: Iterable[str]) -> tuple[int, ...]:
    """How many patients stand in each of PLACES."""
    found = Counter(standing)
    return tuple(found[place] for place in PLACES)


def in_stratum(charts: Charts, name: str, year: int, today: date) -> set[str]:
    """The patients of a part shown beside a rate."""
    return {key for key, c in charts.items() if STRATA[name](Year(c, year, today))}


def has_source(charts: Charts, *codes: str) -> bool:
    """Whether any of the codes occurs in any chart."""
    return any(
        code in codes
        for c in charts.values()
        for code in (*(r.code for r in c.results), *(code for _, code in c.done))
    )
