"""Every metric on both stored sets, with and without overlay, against the second computation."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.dimensions import dimensions_of
from praxis_analytics.settings import Settings
from praxis_chassis.database import Connection
from services.analytics.tests.integration.loaded import ask, rows
from services.analytics.tests.integration.stored_sets import AS_OF, FOLDERS, StoredSet, stored
from tests.oracle import figures
from tests.oracle.billing import courses
from tests.oracle.catalogue import every_figure
from tests.oracle.clinical import top_diagnoses
from tests.oracle.practice import Practice
from tests.oracle.records import Facts
from tests.oracle.visits import distribution

pytestmark = [
    pytest.mark.skipif(
        not all(folder.is_dir() for folder in FOLDERS.values()),
        reason="the stored data sets are not here",
    ),
]
SETS = [("fhir", True), ("fhir", False), ("synthea", True), ("synthea", False)]
# Figures that look at the state of a day or beyond today have no need of every period.
FIXED = {
    "fhir": [
        (date(2020, 1, 1), date(2020, 12, 31)),
        (date(2021, 3, 1), date(2021, 3, 31)),
        (date(2021, 3, 14), date(2021, 3, 14)),  # clocks go forward
        (date(2020, 11, 1), date(2020, 11, 1)),  # clocks go back
        (date(2019, 4, 1), date(2021, 3, 31)),
        (date(2021, 1, 1), date(2021, 6, 30)),  # beyond today
    ],
    "synthea": [
        (date(1970, 1, 1), date(2024, 2, 2)),
        (date(2023, 1, 1), date(2023, 12, 31)),
        (date(2024, 1, 1), date(2024, 4, 30)),  # beyond today
        (date(2023, 11, 5), date(2023, 11, 5)),  # clocks go back
    ],
}


def periods(source: str, count: int) -> list[tuple[date, date]]:
    """Periods that matter, and random ones of the last ten years."""
    chance = random.Random(source)
    found = list(FIXED[source])
    for _ in range(count):
        start = AS_OF[source] - timedelta(chance.randrange(30, 3700))
        found.append((start, start + timedelta(chance.randrange(1, 700))))
    return found


# Metrics without a second computation here: their facts are in neither set, or they are another
# metric by another name.
ELSEWHERE = (
    "total_amount", "contractual_adjustments", "charges_share", "payments_share",
    "claims_pending", "open_tasks", "late_tasks", "kept_appointments", "third_next_available",
    "utilisation", "check_in_to_room_minutes", "cycle_time_minutes", "revenue_generated",
    "wrvu_per_fte", "coded_visits", "notes_in_72h_share", "no_show_rate_reminded",
    "no_show_rate_unreminded", "diabetes_patients", "hypertension_patients", "asthma_patients",
    "copd_patients", "documents_processed", "messages_sent", "payments_entered", "verifications",
    "unverified_upcoming", "access_composite", "communication_composite",
    "coordination_composite", "staff_count", "provider_count", "staff_composite",
)  # fmt: skip


async def compare(connection: Connection, on: StoredSet, start: date, end: date) -> int:
    """Compares every metric of a period; returns how many had a value."""
    wanted = {k: v for of in every_figure(on.wanted, start, end).values() for k, v in of.items()}
    found = await asked_for(connection, on, tuple(wanted), start, end)
    differences = {k: (found[k], v) for k, v in wanted.items() if found[k] != v}
    assert not differences, f"{start} to {end}, found and wanted: {differences}"
    return sum(value is not None for value in found.values())


async def asked_for(
    connection: Connection, on: StoredSet, names: tuple[str, ...], start: date, end: date
) -> dict[str, Decimal | None]:
    """Figures by name, `metric@variant` for variants."""
    plain = tuple(name for name in names if "@" not in name)
    found = await ask(connection, on.practice, plain, start, end)
    for name in set(names) - set(plain):
        metric, _, variant = name.partition("@")
        asked = await ask(
            connection, on.practice, (metric,), start, end, variants=((metric, variant),)
        )
        found[name] = asked[metric]
    return {name: figure.value for name, figure in found.items()}


@pytest.mark.parametrize(("source", "overlay"), SETS)
async def test_every_metric_agrees(
    connection: Connection, analytics_settings: Settings, source: str, overlay: bool
) -> None:
    on = await stored(analytics_settings, source, overlay=overlay)
    values = [await compare(connection, on, start, end) for start, end in periods(source, 2)]
    assert sum(values) > len(values) * (60 if overlay else 30)


def test_no_metric_is_left_out() -> None:
    nobody = Practice(ZoneInfo("UTC"), date(2025, 1, 1), Facts(), {}, [], [], [])
    groups = every_figure(nobody, date(2024, 1, 1), date(2024, 12, 31)).values()
    compared = {name.partition("@")[0] for group in groups for name in group}
    assert not compared - set(METRICS)
    left_out = set(METRICS) - compared - {name for name, metric in METRICS.items() if metric.absent}
    assert left_out <= set(ELSEWHERE)


# Groups of figures whose every fact names a provider, or a payer. (A second payer's money is on
# an account of the first one, and visits are of no payer.)
SPLITS = {
    "provider_id": (
        "provider",
        ("revenue", "revenue of visits", "payments", "receivables", "collections", "claims",
         "claim stages", "write-offs", "appointments", "providers", "no-shows"),
    ),
    "payer_class": (
        "payer_class",
        ("payments", "claims", "claim stages", "write-offs", "appointments", "verification"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("attribute", SPLITS)
@pytest.mark.parametrize(("source", "overlay"), [("fhir", True), ("synthea", True)])
async def test_parts_of_a_practice_agree(
    connection: Connection, analytics_settings: Settings, source: str, overlay: bool, attribute: str
) -> None:
    on = await stored(analytics_settings, source, overlay=overlay)
    dimension, groups = SPLITS[attribute]
    start, end = FIXED[source][0]
    charges = Counter(getattr(c, attribute) for c in on.wanted.facts.charges)
    keys = await sources_of(connection, on, attribute)
    for value, _ in charges.most_common(3):
        part = on.wanted.only(attribute, value)
        every = every_figure(part, start, end, on.wanted)
        wanted = {
            name: figure
            for group in groups
            for name, figure in every[group].items()
            if "@" not in name and dimension in dimensions_of(METRICS[name])
        }
        found = await ask(
            connection, on.practice, tuple(wanted), start, end,
            filters=((dimension, (keys.get(value, str(value)),)),),
        )  # fmt: skip
        differences = {k: (found[k].value, v) for k, v in wanted.items() if found[k].value != v}
        assert not differences, f"{value}, found and wanted: {differences}"
        assert len(wanted) > 20


async def sources_of(connection: Connection, on: StoredSet, attribute: str) -> dict[object, str]:
    """The ids here of what the source calls its providers."""
    if attribute != "provider_id":
        return {}
    sql = "select source_id, provider_id::text from dim_provider where practice_id = %(practice)s"
    return dict(await rows(connection, on.practice, sql))


DISTRIBUTIONS = {
    "sex": "sex", "race": "race", "ethnicity": "ethnicity", "language": "language",
    "postal_3": "postal_code3", "age_band": "age_band", "payer_class": "payer_class",
}  # fmt: skip


@pytest.mark.parametrize("source", ["fhir", "synthea"])
async def test_distributions_and_buckets_agree(
    connection: Connection, analytics_settings: Settings, source: str
) -> None:
    on = await stored(analytics_settings, source, overlay=True)
    start, end = FIXED[source][1]

    async def split(metric: str, dimension: str) -> dict[str, Decimal]:
        asked = await ask(connection, on.practice, (metric,), start, end, dimensions=(dimension,))
        return {key: figure.value for key, figure in asked.items() if figure.value}

    for by, dimension in DISTRIBUTIONS.items():
        assert await split("total_patients", dimension) == distribution(on.wanted, end, by), by
    aged = {k: v for k, v in figures.aging(on.wanted.facts, min(end, on.wanted.today)).items() if v}
    assert await split("outstanding_balance", "aging_bucket") == aged
    assert await split("diagnosed_patients", "diagnosis") == top_diagnoses(on.wanted, start, end)
    missed = [
        a.start_local for a in on.wanted.facts.appointments
        if a.status == "noshow" and start <= a.start_local.date() <= end
    ]  # fmt: skip
    weekdays = Counter(str(at.isoweekday()) for at in missed)
    assert await split("no_show_appointments", "weekday") == weekdays
    assert await split("no_show_appointments", "hour") == Counter(str(at.hour) for at in missed)
    denied = [
        c.answer.carc or "" for c in courses(on.wanted)
        if c.denied and c.answer and start <= c.answer.occurred_on <= end
    ]  # fmt: skip
    assert await split("initial_denials", "carc") == Counter(denied)
