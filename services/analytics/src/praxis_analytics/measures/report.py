"""Results as FHIR R4 MeasureReport resources."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.registry.model import Computed
from praxis_analytics.measures.declared import Measure, Rate
from praxis_analytics.measures.evaluate import Counts, Group, Result
from praxis_analytics.measures.suppression import EVERYTHING, Shown
from praxis_analytics.storage.practices import Practice

Json = dict[str, Any]
Standing = tuple[uuid.UUID, tuple[str | None, ...]]

_TERMS = "http://terminology.hl7.org/CodeSystem/measure-"
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_WHY_ABSENT = {"suppressed": "masked", "zero_denominator": "not-applicable"}
# The populations of a rate, each with the places of patients that belong to it.
_POPULATIONS = {
    "initial-population": ("initial", "excluded", "met", "excepted", "missed"),
    "denominator": ("excluded", "met", "excepted", "missed"),
    "denominator-exclusion": ("excluded",),
    "denominator-exception": ("excepted",),
    "numerator": ("met",),
}


def _absent(code: str) -> Json:
    return {"extension": [{"url": _ABSENT, "valueCode": code}]}


def _code(kind: str, code: str) -> Json:
    return {"coding": [{"system": _TERMS + kind, "code": code}]}


def _populations_of(rate: Rate) -> Iterable[str]:
    skipped = {
        "denominator-exclusion": rate.exclusions is None,
        "denominator-exception": rate.exceptions is None,
    }
    return (name for name in _POPULATIONS if not skipped.get(name, False))


def _population(name: str, count: int | None) -> Json:
    counted = {"_count": _absent("masked")} if count is None else {"count": count}
    return {"code": _code("population", name), **counted}


def _score(figure: Computed) -> Json:
    if figure.value is None:
        return _absent(_WHY_ABSENT.get(figure.reason, "unknown"))
    percent = {"unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}
    return {"value": float(figure.value), **percent}


def _counted(counts: Counts, name: str, shown: Shown) -> int | None:
    visible = {"initial-population": shown.initial_population, "denominator": shown.denominator}
    if not visible.get(name, shown.inner):
        return None
    return sum(int(getattr(counts, place)) for place in _POPULATIONS[name])


def _stratifier(title: str, counts: Counts, visible: bool) -> Json:
    some = counts.eligible if visible else None
    met = counts.met if visible else None
    parts = [_population("denominator", some), _population("numerator", met)]
    figure = counts.figure() if visible else Computed(None, "suppressed")
    stratum = {"value": {"text": title}, "population": parts, "measureScore": _score(figure)}
    return {"code": [{"text": title}], "stratum": [stratum]}


def _group(group: Group, shown: Shown) -> Json:
    names = _populations_of(group.rate)
    figure = group.figure
    if not shown.inner and figure.value is not None:
        figure = Computed(None, "suppressed")
    populations = [_population(name, _counted(group.counts, name, shown)) for name in names]
    body: Json = {
        "id": group.rate.id,
        "code": {"text": group.rate.title},
        "population": populations,
        "measureScore": _score(figure),
    }
    if group.strata:
        body["stratifier"] = [
            _stratifier(part.title, counts, shown.strata) for part, counts in group.strata
        ]
    if group.data_warning:
        body["extension"] = [
            {"url": "urn:praxis:data-warning", "valueCode": group.data_warning.replace("_", "-")}
        ]
    return body


def _head(practice: Practice, measure: Measure, period: Range, kind: str) -> Json:
    return {
        "resourceType": "MeasureReport",
        "status": "complete",
        "type": kind,
        "measure": f"urn:praxis:measure:{measure.id}",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "reporter": {
            "identifier": {
                "system": "urn:ietf:rfc:3986",
                "value": f"urn:uuid:{practice.practice_id}",
            },
            "display": practice.name,
        },
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat()},
        "improvementNotation": _code(
            "improvement-notation", "decrease" if measure.inverse else "increase"
        ),
        "extension": [
            {"url": "urn:praxis:not-evaluable", "valueString": one} for one in measure.not_evaluable
        ],
    }


def summary(practice: Practice, result: Result, shown: Shown) -> Json:
    """Counts and scores, several rates as groups; hidden counts carry why they are absent."""
    groups = [_group(group, shown) for group in result.groups]
    return {**_head(practice, result.measure, result.period, "summary"), "group": groups}


def subject_list(practice: Practice, result: Result, standings: Sequence[Standing]) -> Json:
    """As the summary, with the patients of each population as a contained List."""
    groups, contained = [], []
    for index, group in enumerate(result.groups):
        body = _group(group, EVERYTHING)
        named = zip(_populations_of(group.rate), body["population"], strict=True)
        for name, population in named:
            key = f"{group.rate.id}-{name}".replace("_", "-")
            population["subjectResults"] = {"reference": f"#{key}"}
            places = _POPULATIONS[name]
            contained.append(_list(key, (who for who, at in standings if at[index] in places)))
        groups.append(body)
    head = _head(practice, result.measure, result.period, "subject-list")
    return {**head, "group": groups, "contained": contained}


def _list(key: str, patients: Iterable[uuid.UUID]) -> Json:
    entries = [{"item": {"reference": f"Patient/{one}"}} for one in patients]
    listed = {"resourceType": "List", "id": key, "status": "current", "mode": "snapshot"}
    return {**listed, **({"entry": entries} if entries else {})}


def individual(practice: Practice, measure: Measure, period: Range, standing: Standing) -> Json:
    """Where one patient stands: each population counts 1 or 0, and there is no score."""
    patient_id, places = standing
    groups = [
        {
            "id": rate.id,
            "code": {"text": rate.title},
            "population": [
                _population(name, int(place in _POPULATIONS[name]))
                for name in _populations_of(rate)
            ],
        }
        for rate, place in zip(measure.rates, places, strict=True)
    ]
    subject = {"reference": f"Patient/{patient_id}"}
    head = _head(practice, measure, period, "individual")
    return {**head, "subject": subject, "group": groups}
