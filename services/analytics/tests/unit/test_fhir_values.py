"""Amounts, dates, texts and references, in the forms that sources really write them."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_analytics.domain.facts import Ids
from praxis_analytics.sources.context import Context
from praxis_analytics.sources.fhir.entry import Entry
from praxis_analytics.sources.fhir.values import clean, number, split_reference
from praxis_analytics.sources.money import cents
from praxis_analytics.sources.payers import payer_class
from praxis_analytics.sources.problems import OtherCurrency, Rejected

ZONE = ZoneInfo("America/New_York")
PRACTICE = uuid.UUID("00000000-0000-4000-8000-00000000000a")


def context(**changes: object) -> Context:
    warnings: list[tuple[str, str]] = []
    made = Context(
        Ids(PRACTICE, "fhir"), ZONE, "USD", False, date(2021, 3, 31),
        lambda kind, name: warnings.append((kind, name)),
    )  # fmt: skip
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def entry(resource: dict[str, object], **changes: object) -> Entry:
    return Entry({"resourceType": "Patient", "id": "p", **resource}, context(**changes))


@pytest.mark.parametrize(
    ("written", "rounded"),
    [
        ("2.675", "2.68"),
        ("2.665", "2.67"),
        ("1.005", "1.01"),
        ("28.104000000000003", "28.10"),
        ("112.41600000000001", "112.42"),
        ("-2.675", "-2.68"),
        ("0.005", "0.01"),
        ("7000.00", "7000.00"),
        ("75", "75.00"),
        ("1e3", "1000.00"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_money_is_what_was_written_rounded_half_up(written: str, rounded: str) -> None:
    amount = orjson.loads(f'{{"value": {written}, "currency": "USD"}}')
    assert entry({}).money(amount) == Decimal(rounded)


@given(st.integers(-(10**14), 10**14), st.integers(0, 4))
def test_every_amount_of_fifteen_digits_is_exact(digits: int, places: int) -> None:
    exact = Decimal(digits).scaleb(-places)
    read = number(orjson.loads(format(exact, "f")))
    assert read == exact
    if abs(exact) < 10**12:
        assert cents(exact) == exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@pytest.mark.parametrize("value", ["12.5", True, 1e15, -1e300])
def test_what_is_no_amount_is_rejected(value: object) -> None:
    with pytest.raises(Rejected):
        entry({}).money({"value": value, "currency": "USD"})


def test_another_currency_is_told_apart() -> None:
    with pytest.raises(OtherCurrency):
        entry({}).money({"value": 1, "currency": "EUR"})
    assert entry({}).money({"value": 1}) == Decimal("1.00")


@pytest.mark.parametrize(
    ("text", "day", "instant"),
    [
        ("2014", date(2014, 1, 1), datetime(2014, 1, 1, 5, tzinfo=UTC)),
        ("2014-08", date(2014, 8, 1), datetime(2014, 8, 1, 4, tzinfo=UTC)),
        ("2014-08-16", date(2014, 8, 16), datetime(2014, 8, 16, 4, tzinfo=UTC)),
        ("2021-01-01T04:30:00Z", date(2020, 12, 31), datetime(2021, 1, 1, 4, 30, tzinfo=UTC)),
        ("2020-12-31T23:30:00-05:00", date(2020, 12, 31), datetime(2021, 1, 1, 4, 30, tzinfo=UTC)),
        ("2020-06-02T03:30:00.5Z", date(2020, 6, 1), datetime(2020, 6, 2, 3, 30, 0, 500000, UTC)),
        ("2020-06-01T12:00:00", date(2020, 6, 1), datetime(2020, 6, 1, 16, tzinfo=UTC)),
        # Both days on which the clock changes.
        ("2021-03-14T06:59:00Z", date(2021, 3, 14), datetime(2021, 3, 14, 6, 59, tzinfo=UTC)),
        ("2020-11-02T04:59:00Z", date(2020, 11, 1), datetime(2020, 11, 2, 4, 59, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_dates_are_local_and_may_be_partial(text: str, day: date, instant: datetime) -> None:
    found = context()
    assert found.day(text) == day
    assert found.instant(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "20", "2014-13", "2014-02-30", "0000-01-01", "soon, perhaps", "1799", "2200-01-01",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    ],
)  # fmt: skip
def test_a_date_that_no_calendar_or_person_has_is_rejected(text: str) -> None:
    with pytest.raises(Rejected):
        context().day(text)
    with pytest.raises(Rejected):
        context().instant(text)


def test_text_is_freed_of_what_cannot_be_seen() -> None:
    assert clean("Admission\u200b to\u2060 ward \ufeff") == "Admission to ward"
    assert clean("\u200b ") is None
    assert clean(7) is None


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Patient/x", "Patient", "x"),
        ("urn:uuid:3d6c", None, "3d6c"),
        ("https://ehr.example/fhir/Patient/x/_history/3", "Patient", "x"),
        ("http://insurer.example/oralhealthclaim/15", None, "15"),
        ("x", None, "x"),
    ],
)
def test_references(text: str, kind: str | None, found: str) -> None:
    assert split_reference(text) == (kind, found)


def test_references_are_our_ids_of_the_right_kind() -> None:
    e = entry({}, identifiers={"Practitioner?identifier=npi|1": "d"}, roles={"r": "d"})
    doctor = e.context.id("provider", "d")
    for text in ("Practitioner/d", "urn:uuid:d", "Practitioner?identifier=npi|1"):
        assert e.ref({"reference": text}, "provider") == doctor
    assert e.ref({"reference": "PractitionerRole/r"}, "provider") == doctor
    assert e.ref({"reference": "Group/d"}, "provider") is None
    assert e.ref({"reference": "#d"}, "provider") is None
    assert e.ref({"display": "Dr. D"}, "provider") is None
    assert e.ref({"reference": "Practitioner?identifier=npi|2"}, "provider") is None


@pytest.mark.parametrize(
    ("meta", "version"),
    [
        (None, 0),
        ({"versionId": "3"}, 3),
        ({"versionId": "W/3"}, 0),
        ({"lastUpdated": "1970-01-01T00:00:01.5Z"}, 1_500_000),
        ({"versionId": "9", "lastUpdated": "1970-01-01T00:00:01Z"}, 1_000_000),
    ],
)
def test_versions(meta: object, version: int) -> None:
    assert entry({"meta": meta}).source.version == version


@pytest.mark.parametrize("value", [None, "", " ", 7])
def test_a_resource_needs_an_id(value: object) -> None:
    with pytest.raises(Rejected, match="no id"):
        entry({"id": value})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("private", "commercial"),
        ("medicare", "medicare"),
        ("medicaid", "medicaid"),
        ("dual_eligible", "dual"),
        ("Dual Eligible", "dual"),
        ("no_insurance", "self_pay"),
        ("NO_INSURANCE", "self_pay"),
        ("Blue Cross Blue Shield", "commercial"),
        ("Medicare Advantage (Humana)", "medicare"),
        ("TRICARE East", "tricare"),
        ("Workers' Compensation Fund", "workers_comp"),
    ],
)
def test_payer_classes(name: str, expected: str) -> None:
    assert payer_class(name) == expected
