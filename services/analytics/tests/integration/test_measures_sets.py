"""The measures on both stored sets, against the second computation from their raw files."""

from __future__ import annotations

import gzip
import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from conftest import DATA
from praxis_analytics.measures.declared import measures
from praxis_analytics.measures.evaluate import evaluate, measurement_period, members
from praxis_analytics.queries.answers import state_at
from praxis_analytics.settings import Settings
from praxis_analytics.storage.practices import Practice
from praxis_chassis.database import Connection, transaction
from services.analytics.tests.integration.loaded import READ, ZONE, connect, load_set, rows
from tests.oracle import measures as oracle

# What the measures look at; the rest of the set would only take time.
WHOLE = ("Patient", "Encounter", "Condition", "Procedure")
RESULTS = re.compile(
    b'"(4548-4|97506-0|55284-4|85354-9|39156-5|72166-2|57905-2|2335-8|33914-3|62238-1|14959-1'
    b'|9318-7|24606-6|10524-7|7383[12]-[08])"'
)
YEARS = {"fhir": range(2017, 2022), "synthea": range(2015, 2025)}


@dataclass(frozen=True)
class Loaded:
    """A set in a practice, and in charts."""

    kind: str
    practice: Practice
    charts: oracle.Charts


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["fhir", "synthea"])
async def loaded(
    request: pytest.FixtureRequest,
    analytics_settings: Settings,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Loaded]:
    if request.param == "synthea":
        folder, as_of = DATA / "synthea-csv-27", date(2024, 2, 2)
    else:
        folder, as_of = DATA / "fhir-r4-synthea-615", date(2021, 3, 31)
    if not folder.is_dir():
        pytest.skip("the stored data set is not here")
    read = oracle.synthea_charts if request.param == "synthea" else oracle.fhir_charts
    charts = read(folder, ZONE)
    if request.param == "fhir":
        folder = _only(folder, tmp_path_factory.mktemp("clinical"))
    practice, _ = await load_set(analytics_settings, request.param, folder, as_of, overlay=False)
    yield Loaded(request.param, practice, charts)


def _only(folder: Path, chosen: Path) -> Path:
    for name in WHOLE:
        (chosen / f"{name}.ndjson.gz").symlink_to(folder / f"{name}.ndjson.gz")
    name = "Observation.ndjson.gz"
    with gzip.open(folder / name) as lines, gzip.open(chosen / name, "wb", 1) as kept:
        kept.writelines(line for line in lines if RESULTS.search(line))
    return chosen


@pytest_asyncio.fixture
async def reading(loaded: Loaded, analytics_settings: Settings) -> AsyncIterator[Connection]:
    """A connection inside one read of the practice."""
    async with (
        await connect(analytics_settings) as opened,
        transaction(opened, READ, loaded.practice.practice_id, 60_000),
    ):
        yield opened


async def test_all_nine_agree_for_years(loaded: Loaded, reading: Connection) -> None:
    practice, charts = loaded.practice, loaded.charts
    state = await state_at(reading, practice, None, practice.today)
    met = 0
    for year in YEARS[loaded.kind]:
        period = measurement_period(date(year, 7, 1))
        found = await evaluate(reading, practice, state, list(measures().values()), period)
        wanted = oracle.places(charts, year, practice.today)
        assert len(found.results) == 9
        for result in found.results:
            for group in result.groups:
                standing = wanted[(result.measure.id, group.rate.id)]
                what = (year, result.measure.id, group.rate.id)
                assert group.counts.cells == oracle.counts(standing.values()), what
                met += group.counts.met
                for part, counts in group.strata:
                    inside = oracle.in_stratum(charts, part.id, year, practice.today)
                    parts = [place for key, place in standing.items() if key in inside]
                    assert counts.cells == oracle.counts(parts), (*what, part.id)
    assert met > (20 if loaded.kind == "synthea" else 1000)


async def test_every_patient_stands_where_the_second_computation_puts_it(
    loaded: Loaded, connection: Connection, reading: Connection
) -> None:
    practice = loaded.practice
    sql = "select patient_id, source_id from dim_patient where practice_id = %(practice)s"
    source_id = dict(await rows(connection, practice, sql))
    state = await state_at(reading, practice, None, practice.today)
    year = YEARS[loaded.kind][-2]
    period = measurement_period(date(year, 1, 1))
    wanted = oracle.places(loaded.charts, year, practice.today)
    seen = 0
    for measure in measures().values():
        found = await members(reading, practice, state, measure, period, 10_000)
        for index, rate in enumerate(measure.rates):
            placed = {source_id[who]: at[index] for who, at in found if at[index] is not None}
            assert placed == wanted[(measure.id, rate.id)]
            seen += len(placed)
    assert seen > len(loaded.charts)


async def test_a_code_that_never_occurs_is_warned_of(loaded: Loaded, reading: Connection) -> None:
    practice = loaded.practice
    state = await state_at(reading, practice, None, practice.today)
    period = measurement_period(practice.today)
    found = await evaluate(reading, practice, state, list(measures().values()), period)
    warned = {
        (result.measure.id, group.rate.id)
        for result in found.results
        for group in result.groups
        if group.data_warning
    }
    mammogram = oracle.has_source(loaded.charts, "24623002", "71651007", "24606-6")
    albumin = oracle.has_source(loaded.charts, "14959-1", "9318-7")
    assert not mammogram
    assert albumin == (loaded.kind == "fhir")
    always = {("cms125_2025", "rate_1"), ("cms2_2025", "rate_1"), ("cms138_2025", "rate_2")}
    assert warned == always | (set() if albumin else {("cms951_2025", "rate_1")})


async def test_an_unknown_patient_has_no_standing(loaded: Loaded, reading: Connection) -> None:
    practice = loaded.practice
    state = await state_at(reading, practice, None, practice.today)
    measure = measures()["cms165_2025"]
    period = measurement_period(practice.today)
    assert await members(reading, practice, state, measure, period, 1, uuid.uuid4()) == []
