"""What must not change a figure, or must change it in a known way."""

from __future__ import annotations

import random
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from conftest import enter_as
from praxis_analytics.application.import_fhir import import_fhir
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.settings import Settings
from praxis_analytics.sources.generator import generate
from praxis_analytics.storage.practices import Practice, add_practice, get_practice
from praxis_chassis.database import Connection, transaction
from services.analytics.tests.integration.loaded import READ, ZONE, ask, connect

UNTIL = date(2025, 6, 30)
START = date(2024, 12, 1)
# Lines that belong to no patient and that all others need.
SHARED = {"Practitioner", "PractitionerRole", "Organization", "Location", "Schedule", "Slot"}
# Figures of a practice that are the sums of those of its patients.
SUMS = tuple(
    name
    for name, metric in METRICS.items()
    if metric.numerator
    and not (metric.denominator or metric.times or metric.share)
    and all(part.adds == "sum" or part.people for part in metric.parts)
    and name not in ("staff_count", "provider_count")
)
Lines = dict[str, list[str]]
Sums = dict[str, Decimal]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    folder = tmp_path_factory.mktemp("clinic")
    generate(folder, until=UNTIL, patients=10, months=7)
    return {path.stem: path.read_text("utf-8").splitlines() for path in folder.glob("*.ndjson")}


async def put(
    settings: Settings,
    folder: Path,
    *parts: Lines,
    zone: str = ZONE,
    overlay: bool = True,
    as_of: date = UNTIL,
) -> Practice:
    """A new practice with these lines, imported one part after the other."""
    practice_id = uuid.uuid4()
    enter_as(practice_id)
    async with await connect(settings) as connection:
        async with transaction(connection, "BEGIN", practice_id, 10_000):
            await add_practice(connection, practice_id, "Metamorphic", zone)
        for part in parts:
            target = folder / uuid.uuid4().hex
            target.mkdir()
            for kind, of in filter(lambda item: item[1], part.items()):
                (target / f"{kind}.ndjson").write_text("".join(f"{x}\n" for x in of), "utf-8")
            async with transaction(connection, READ, practice_id, 10_000):
                practice = await get_practice(connection, practice_id)
            result = await import_fhir(connection, practice, target, overlay=overlay, as_of=as_of)
            assert result.rejected == 0
        async with transaction(connection, READ, practice_id, 10_000):
            return await get_practice(connection, practice_id)


async def sums(
    connection: Connection, practice: Practice, start: date = START, end: date = UNTIL
) -> Sums:
    """The additive figures that are not 0."""
    found = await ask(connection, practice, SUMS, start, end)
    return {name: figure.value for name, figure in found.items() if figure.value}


def kept(lines: Lines, which: Callable[[str, str], bool]) -> Lines:
    """The lines that `which` keeps, by kind and line."""
    return {kind: [line for line in of if which(kind, line)] for kind, of in lines.items()}


def halves(lines: Lines) -> tuple[Lines, Lines]:
    """Every second patient with all that is theirs, and the others."""
    patients = [re.findall(r'"id":"([^"]+)"', line)[0] for line in lines["Patient"]]
    second = set(patients[1::2])

    def is_second(line: str) -> bool:
        named = re.findall(r'(?:Patient/|"resourceType":"Patient","id":")([^"|]+)"', line)
        return bool(named) and named[0] in second

    return (
        kept(lines, lambda kind, line: kind in SHARED or not is_second(line)),
        kept(lines, lambda kind, line: kind in SHARED or is_second(line)),
    )


async def test_order_halves_and_repetition_change_nothing(
    connection: Connection, analytics_settings: Settings, lines: Lines, tmp_path: Path
) -> None:
    whole = await put(analytics_settings, tmp_path, lines)
    wanted = await sums(connection, whole)
    assert len(wanted) > 40
    chance = random.Random(4)
    shuffled = {kind: chance.sample(of, len(of)) for kind, of in lines.items()}
    for parts in ((shuffled,), halves(lines), (lines, shuffled)):
        practice = await put(analytics_settings, tmp_path, *parts)
        assert await sums(connection, practice) == wanted
    # Two practices with the same ids: what one holds is nothing to the other.
    assert await sums(connection, whole) == wanted


async def test_the_parts_of_a_practice_add_up(
    connection: Connection, analytics_settings: Settings, lines: Lines, tmp_path: Path
) -> None:
    whole = await put(analytics_settings, tmp_path, lines)
    total: Counter[str] = Counter()
    for half in halves(lines):
        practice = await put(analytics_settings, tmp_path, half)
        total.update(await sums(connection, practice))
    assert dict(total) == await sums(connection, whole)


DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=[T\"])")


def moved(lines: Lines, days: int) -> Lines:
    def later(found: re.Match[str]) -> str:
        return (date.fromisoformat(found[0]) + timedelta(days)).isoformat()

    return {kind: [DAY.sub(later, line) for line in of] for kind, of in lines.items()}


async def test_364_days_later_everything_is_364_days_later(
    connection: Connection, analytics_settings: Settings, lines: Lines, tmp_path: Path
) -> None:
    days = timedelta(364)
    now = await put(analytics_settings, tmp_path, lines, overlay=False)
    later = await put(
        analytics_settings, tmp_path, moved(lines, 364), overlay=False, as_of=UNTIL + days
    )
    for start, end in ((START, UNTIL), (date(2025, 2, 3), date(2025, 5, 30))):
        wanted = await sums(connection, now, start, end)
        assert len(wanted) > 20
        assert await sums(connection, later, start + days, end + days) == wanted


async def test_another_zone_moves_only_what_is_near_midnight(
    connection: Connection, analytics_settings: Settings, lines: Lines, tmp_path: Path
) -> None:
    found = {}
    for zone in (ZONE, "Asia/Tokyo", "Pacific/Honolulu"):
        practice = await put(
            analytics_settings, tmp_path, lines, zone=zone, overlay=False,
            as_of=UNTIL + timedelta(1),
        )  # fmt: skip
        practice = replace(practice, time_zone=zone)
        found[zone] = await by_day(connection, practice)
        assert found[zone] == days_of(lines["Encounter"], ZoneInfo(zone))
    assert len({sum(of.values()) for of in found.values()}) == 1
    assert found[ZONE] != found["Asia/Tokyo"]


async def by_day(connection: Connection, practice: Practice) -> Counter[date]:
    """Visits per local day."""
    start, end = START - timedelta(2), UNTIL + timedelta(2)
    found = await ask(connection, practice, ("visits",), start, end, grain="day")
    return Counter(
        {
            date.fromisoformat(day): int(figure.value)
            for day, figure in found.items()
            if figure.value
        }
    )


def days_of(encounters: Iterable[str], zone: ZoneInfo) -> Counter[date]:
    starts = (
        re.search(r'"period":\{"start":"([^"]+)"', line)
        for line in encounters
        if '"status":"finished"' in line and re.search(r'"code":"(AMB|VR|HH)"', line)
    )
    return Counter(
        datetime.fromisoformat(found[1]).astimezone(zone).date() for found in starts if found
    )
