"""Patients' charts made by hand, and where measures put their patients."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from praxis_analytics.domain.facts import (
    CONDITION,
    ENCOUNTER,
    OBSERVATION,
    PATIENT,
    PROCEDURE,
    SERVICE_REQUEST,
    Kind,
)
from praxis_analytics.measures.declared import measures
from praxis_analytics.measures.evaluate import measurement_period, members
from praxis_analytics.queries.answers import state_at
from praxis_analytics.storage.practices import get_practice
from praxis_chassis.database import transaction
from services.analytics.tests.book import Book, Entry
from services.analytics.tests.small import local

SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"
CHECK_UP = "185349003"
YEAR = 2025


@dataclass
class Charts:
    """The charts of one practice; every method gives one fact, `put` stores them."""

    book: Book
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def _fact(self, kind: Kind, who: str, **values: Any) -> Entry:
        patient_id = self.book.id(PATIENT, who)
        return self.book.entry(
            kind, f"{who}/{next(self._numbers)}", patient_id=patient_id, **values
        )

    def person(self, who: str, born: str, sex: str = "female") -> Entry:
        return self.book.entry(PATIENT, who, birth_date=date.fromisoformat(born), sex=sex)

    def visit(self, who: str, day: str, code: str = CHECK_UP, **more: Any) -> Entry:
        values = {"status": "finished", "class": "AMB", "start_at": local(f"{day}T10:00")}
        coded = {"type_code": code, "codings": [f"{SNOMED}|{code}"]}
        return self._fact(ENCOUNTER, who, **{**values, **coded, **more})

    def problem(self, who: str, code: str, onset: str, abated: str = "", **more: Any) -> Entry:
        values = {"onset_on": date.fromisoformat(onset)}
        if abated:
            values["abated_on"] = date.fromisoformat(abated)
        return self._fact(CONDITION, who, **values, **_coded(SNOMED, code), **more)

    def result(
        self, who: str, code: str, day: str, value: str | None = None, unit: str | None = None,
        **more: Any,
    ) -> Entry:  # fmt: skip
        number = None if value is None else Decimal(value)
        at = local(day if "T" in day else f"{day}T09:00")
        values = {
            "component_no": 0, "status": "final", "value_type": "quantity" if value else None,
            "value_num": number, "unit": unit, "effective_at": at,
        }  # fmt: skip
        return self._fact(OBSERVATION, who, **{**values, **_coded(LOINC, code), **more})

    def answer(self, who: str, code: str, day: str, answer: str) -> Entry:
        coded = {"value_type": "codeableconcept", "value_code": answer}
        return self.result(who, code, day, **coded)

    def done(self, who: str, code: str, day: str, **more: Any) -> Entry:
        values = {"status": "completed", "performed_on": date.fromisoformat(day)}
        return self._fact(PROCEDURE, who, **{**values, **_coded(SNOMED, code), **more})

    def ordered(self, who: str, code: str, day: str, **more: Any) -> Entry:
        values = {"status": "active", "ordered_on": date.fromisoformat(day)}
        return self._fact(SERVICE_REQUEST, who, **{**values, **_coded(SNOMED, code), **more})

    async def put(self, *facts: Entry) -> None:
        await self.book.apply(*facts)

    async def standing(
        self, measure_id: str, *, year: int = YEAR, today: str = "2026-06-30", rate: int = 0
    ) -> dict[str, str]:
        """Where a measure's rate puts each patient that it looks at, by the patient's name."""
        begin: Any = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        connection, practice_id = self.book.connection, self.book.practice_id
        async with transaction(connection, begin, practice_id, 60_000):
            practice = await get_practice(connection, practice_id)
            state = await state_at(connection, practice, None, date.fromisoformat(today))
            found = await members(
                connection, practice, replace(state, newest=False), measures()[measure_id],
                measurement_period(date(year, 3, 1)), 1_000,
            )  # fmt: skip
        sql = "select patient_id, source_id from dim_patient where practice_id = %(practice)s"
        names = dict(await self.book.rows(sql))
        return {names[who]: places[rate] or "" for who, places in found if places[rate]}


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"code_system": system, "code": code, "codings": [f"{system}|{code}"]}
