"""The stored data sets, each imported once for all test modules, beside the second computation."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from conftest import DATA
from praxis_analytics.application.import_report import ImportResult
from praxis_analytics.settings import Settings
from praxis_analytics.storage.practices import Practice
from services.analytics.tests.integration.loaded import ZONE, load_set
from tests.oracle import fhir615, synthea27
from tests.oracle import practice as by_hand
from tests.oracle.records import Facts

FOLDERS: Mapping[str, Path] = {
    "fhir": DATA / "fhir-r4-synthea-615",
    "synthea": DATA / "synthea-csv-27",
}
AS_OF: Mapping[str, date] = {"fhir": date(2021, 3, 31), "synthea": date(2024, 2, 2)}


@dataclass(frozen=True)
class StoredSet:
    """One set in a practice of its own, what importing it told, and the same by hand."""

    practice: Practice
    result: ImportResult
    wanted: by_hand.Practice

    @property
    def loaded(self) -> tuple[Practice, Facts, ImportResult]:
        """Practice, facts by hand, and result."""
        return self.practice, self.wanted.facts, self.result


_STORED: dict[tuple[str, str, bool], StoredSet] = {}


@functools.cache
def raw_fhir() -> fhir615.Raw:
    """The raw lines of the FHIR set."""
    return fhir615.load(FOLDERS["fhir"])


@functools.cache
def raw_synthea() -> synthea27.Raw:
    """The raw rows of the CSV set."""
    return synthea27.load(FOLDERS["synthea"])


async def stored(settings: Settings, source: str, *, overlay: bool) -> StoredSet:
    """The set `fhir` or `synthea`; nobody changes what is in it."""
    name = (settings.conninfo("app"), source, overlay)
    if name not in _STORED:
        folder, as_of = FOLDERS[source], AS_OF[source]
        loaded, result = await load_set(settings, source, folder, as_of, overlay=overlay)
        if source == "fhir":
            wanted = by_hand.of_fhir(folder, raw_fhir(), ZONE, overlay=overlay, as_of=as_of)
        else:
            wanted = by_hand.of_synthea(folder, raw_synthea(), ZONE, overlay=overlay, as_of=as_of)
        _STORED[name] = StoredSet(loaded, result, wanted)
    return _STORED[name]
