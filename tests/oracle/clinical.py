"""Diagnoses, results over time, readmissions and emergency visits.

Where the rules leave a choice, this reading was taken:

1.  Someone has a disease in a period when its condition began on or before its last day and had
    not abated before its first.
2.  The last result is that of the last instant, at one instant the lowest; the first likewise
    with the first. A change takes two results at different instants.
3.  A discharge counts by its local date, unless the patient had died by that date.
4.  Rates per 1,000 divide by the active patients at the end of the period.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from .exact import Figures, mean, percentile, ratio
from .practice import Practice, Result
from .visits import active

DIABETES, HYPERTENSION = {"44054006"}, {"38341003", "59621000"}
HBA1C, SYSTOLIC, LDL, BMI = "4548-4", "8480-6", "18262-6", "39156-5"


def diagnoses(made: Practice, start: date, end: date) -> Figures:
    """Conditions that began in a period, and the patients who had any in it."""
    last = min(end, made.today)
    begun = [d for d in made.diagnoses if d.onset_on and start <= d.onset_on <= last]
    having = _having(made, start, last)
    return {
        "new_diagnoses": len(begun),
        "newly_diagnosed_patients": len({d.patient_id for d in begun}),
        "diagnosed_patients": len(having),
        "diagnosed_per_1000_active": ratio(1000, len(having), len(active(made, last))),
    }


def _having(made: Practice, start: date, last: date, codes: Iterable[str] = ()) -> set[str]:
    wanted = set(codes)
    return {
        d.patient_id
        for d in made.diagnoses
        if (not wanted or d.code in wanted)
        and d.onset_on is not None
        and d.onset_on <= last
        and (d.abated_on is None or d.abated_on >= start)
    }


def top_diagnoses(made: Practice, start: date, end: date) -> Counter[str]:
    """Distinct patients who had each code in a period."""
    last = min(end, made.today)
    found: dict[str, set[str]] = defaultdict(set)
    for code in {d.code for d in made.diagnoses}:
        found[code] = _having(made, start, last, [code])
    return Counter({code: len(who) for code, who in found.items() if who})


def outcomes(made: Practice, start: date, end: date) -> Figures:
    """Results of a period, first and last of each patient."""
    last = min(end, made.today)
    diabetics = _having(made, start, last, DIABETES)
    hypertensives = _having(made, start, last, HYPERTENSION)
    sugar = _by_patient(made, HBA1C, start, last, diabetics)
    newest = [_newest(of).value for of in sugar.values()]
    pressure = _by_patient(made, SYSTOLIC, start, last, hypertensives)
    return {
        "hba1c_below_8_share": ratio(100, sum(v < 8 for v in newest), len(newest)),
        "hba1c_at_most_9_share": ratio(100, sum(v <= 9 for v in newest), len(newest)),
        **_change("hba1c", sugar),
        **_change("systolic", pressure),
        **_change("ldl", _by_patient(made, LDL, start, last)),
        **_change("bmi", _by_patient(made, BMI, start, last)),
    }


def _by_patient(
    made: Practice, code: str, start: date, last: date, who: set[str] | None = None
) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = defaultdict(list)
    for r in made.results:
        inside = r.code == code and start <= made.day(r.at) <= last
        if inside and (who is None or r.patient_id in who):
            found[r.patient_id].append(r)
    return found


def _newest(results: list[Result]) -> Result:
    at = max(r.at for r in results)
    return min((r for r in results if r.at == at), key=lambda r: r.value)


def _oldest(results: list[Result]) -> Result:
    return min(results, key=lambda r: (r.at, r.value))


def _change(name: str, of: dict[str, list[Result]]) -> Figures:
    changes: list[Decimal] = [
        _newest(results).value - _oldest(results).value
        for results in of.values()
        if len({r.at for r in results}) > 1
    ]
    return {
        f"{name}_change_mean": mean(changes),
        f"{name}_change_median": percentile(changes, ".5"),
    }


def hospital(made: Practice, start: date, end: date) -> Figures:
    """Readmissions within 30 days, and emergency visits."""
    last = min(end, made.today)
    admitted: dict[str, list[date]] = defaultdict(list)
    left: list[tuple[str, date]] = []
    for s in made.stays:
        if s.kind == "IMP" and s.status == "finished":
            admitted[s.patient_id].append(made.day(s.start))
            died, on = made.people[s.patient_id].died_at, made.day(s.end)
            ripe = on + timedelta(30) <= made.today and start <= on <= last
            if ripe and not (died and made.day(died) <= on):
                left.append((s.patient_id, on))
    back = sum(any(1 <= (day - on).days <= 30 for day in admitted[who]) for who, on in left)
    emergencies = sum(
        s.kind == "EMER" and s.status == "finished" and start <= made.day(s.start) <= last
        for s in made.stays
    )
    return {
        "readmission_rate": ratio(100, back, len(left)),
        "ed_visits": emergencies,
        "ed_visits_per_1000": ratio(1000, emergencies, len(active(made, last))),
    }
