"""Settings, targets and staff through the real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from praxis.analytics.v1 import practice_pb2, practice_service_pb2_grpc
from praxis.analytics.v1 import practice_service_pb2 as api
from praxis.analytics.v1.analytics_service_pb2 import AskRequest, GetReceiptRequest
from praxis.analytics.v1.answer_pb2 import DateRange, Period, Question
from praxis_analytics.api.practice import PracticeServicer
from praxis_analytics.application.verify import verify
from praxis_analytics.bootstrap import PRACTICE
from praxis_analytics.domain.facts import CHARGE, STAFF_USER
from praxis_analytics.settings import Settings
from praxis_analytics.storage.practices import get_practice, set_business_date
from praxis_chassis import errors
from praxis_chassis.database import transaction
from praxis_cli.stack.services import Stack
from services.analytics.tests.book import Book
from services.analytics.tests.integration.conftest import TODAY, Client, Service
from services.analytics.tests.integration.desk import Desk, open_desk

MAY = DateRange(start_date="2025-05-01", end_date="2025-05-31")
IN_MAY = Period(start_date="2025-05-01", end_date="2025-05-31")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(postgres: Stack, analytics_settings: Settings) -> AsyncIterator[Desk]:
    async with open_desk(
        postgres,
        analytics_settings,
        practice_service_pb2_grpc,
        PRACTICE,
        lambda parts: PracticeServicer(parts.database),
    ) as opened:
        yield opened


@pytest.fixture
def owner(desk: Desk, clinic: Book) -> Client:
    return desk.client(clinic.practice_id)


def update(**changes: Any) -> api.UpdatePracticeRequest:
    return api.UpdatePracticeRequest(**changes)


async def audited(book: Book, action: str) -> list[list[str]]:
    rows = await book.rows(
        "select fields from audit_log where practice_id = %(practice)s and action = %(action)s"
        " order by at, audit_id",
        action=action,
    )
    return [fields for (fields,) in rows]


# Settings.


async def test_a_change_is_stored_audited_and_one_revision(owner: Client, clinic: Book) -> None:
    before = await clinic.head()
    changed = await owner(
        "UpdatePractice",
        update(
            name=" New name ",
            time_zone="America/Denver",
            fiscal_year_start_month=7,
            accrual_basis=True,
            week_start=6,
            holidays=["2025-12-25", "2025-07-04"],
            active_patient_months=36,
            small_cell_limit=5,
            minimum_survey_answers=20,
            minimum_ranking_answers=50,
            variants={"total_charges": "service_date"},
        ),
    )
    assert changed.revision == before + 1 == await clinic.head()
    assert (changed.name, changed.time_zone) == ("New name", "America/Denver")
    assert list(changed.holidays) == ["2025-07-04", "2025-12-25"]
    assert dict(changed.variants) == {"total_charges": "service_date"}
    async with transaction(clinic.connection, "BEGIN", clinic.practice_id, 10_000):
        stored = await get_practice(clinic.connection, clinic.practice_id)
    assert (stored.fiscal_year_start_month, stored.accrual_basis, stored.week_start) == (7, True, 6)
    assert (stored.active_patient_months, stored.small_cell_limit) == (36, 5)
    assert (stored.minimum_survey_answers, stored.minimum_ranking_answers) == (20, 50)
    assert f'"{stored.version}"' == changed.etag
    (fields,) = (await audited(clinic, "practice.update"))[1:]
    assert set(fields) == {
        *("name", "time_zone", "fiscal_year_start_month", "accrual_basis", "week_start"),
        *("holidays", "active_patient_months", "small_cell_limit", "minimum_survey_answers"),
        *("minimum_ranking_answers", "variants"),
    }
    findings = [one async for one in verify(clinic.connection, clinic.practice_id)]
    assert all(one.holds for one in findings), findings


async def test_the_same_values_again_change_nothing(owner: Client, clinic: Book) -> None:
    first = await owner("UpdatePractice", update(week_start=6, holidays=["2025-12-25"]))
    again = await owner("UpdatePractice", update(week_start=6, holidays=["2025-12-25"]))
    assert (first.etag, first.revision) == (again.etag, again.revision)
    assert await clinic.head() == first.revision


async def test_named_fields_are_emptied(owner: Client) -> None:
    await owner(
        "UpdatePractice",
        update(holidays=["2025-12-25"], variants={"total_charges": "service_date"}),
    )
    mask = ["holidays", "variants", "business_date"]
    emptied = await owner("UpdatePractice", update(update_mask=mask))
    assert not emptied.holidays
    assert not emptied.variants
    assert not emptied.HasField("business_date")
    assert emptied.today != TODAY.isoformat()
    fixed = await owner("UpdatePractice", update(business_date="2025-02-01"))
    assert (fixed.business_date, fixed.today) == ("2025-02-01", "2025-02-01")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"currency": "XYZ"}, "currency"),
        ({"currency": "JPY"}, "currency"),
        ({"fiscal_year_start_month": 13}, "fiscal_year_start_month"),
        ({"week_start": 7}, "week_start"),
        ({"holidays": ["2025-02-30"]}, "holidays[0]"),
        ({"active_patient_months": 13}, "active_patient_months"),
        ({"small_cell_limit": 4}, "small_cell_limit"),
        ({"minimum_survey_answers": 0}, "minimum_survey_answers"),
        ({"business_date": "2025-02-30"}, "business_date"),
        ({"business_date": "2199-01-01"}, "business_date"),
        ({"variants": {"weather": "good"}}, "variants"),
        ({"variants": {"total_payments": "service_date"}}, "variants"),
        ({"variants": {"total_charges": "birth"}}, "variants.total_charges"),
        ({"update_mask": ["revision"]}, "update_mask[0]"),
        ({"update_mask": ["name"]}, "name"),
    ],
)
async def test_a_bad_value_is_refused_by_name(
    owner: Client, clinic: Book, changes: dict[str, Any], field: str
) -> None:
    before = await clinic.head()
    with pytest.raises(errors.InvalidInput) as refused:
        await owner("UpdatePractice", update(**changes))
    assert [violation.field for violation in refused.value.violations] == [field]
    assert await clinic.head() == before


async def test_the_currency_stays_once_there_is_money(
    desk: Desk, owner: Client, new_practice: Any
) -> None:
    with pytest.raises(errors.WrongState):
        await owner("UpdatePractice", update(currency="EUR"))
    empty = desk.client((await new_practice()).practice_id)
    assert (await empty("UpdatePractice", update(currency="EUR"))).currency == "EUR"


async def test_only_the_version_that_was_read_is_changed(owner: Client, clinic: Book) -> None:
    first = await owner("UpdatePractice", update(week_start=5))
    await owner("UpdatePractice", update(week_start=4, etag=first.etag))
    before = await clinic.head()
    with pytest.raises(errors.EtagMismatch):
        await owner("UpdatePractice", update(week_start=3, etag=first.etag))
    assert await clinic.head() == before


async def test_the_version_does_not_move_with_facts(owner: Client, clinic: Book) -> None:
    first = await owner("UpdatePractice", update(week_start=5))
    await clinic.apply(
        clinic.entry(CHARGE, "more", amount=Decimal(5), posting_date=date(2025, 5, 1))
    )
    later = await owner("UpdatePractice", update(week_start=4, etag=first.etag))
    assert later.revision == first.revision + 2


async def test_only_owner_and_admin_change(desk: Desk, clinic: Book) -> None:
    practice = clinic.practice_id
    await desk.client(practice, "admin")("UpdatePractice", update(week_start=2))
    for role in ("billing", "provider", "front_desk", "analyst", "auditor"):
        caller = desk.client(practice, role)
        for method, request in (
            ("UpdatePractice", update(week_start=3)),
            ("SetTarget", target("no_show_rate", 5, 9)),
            ("DeleteTarget", api.DeleteTargetRequest(metric_id="no_show_rate")),
        ):
            with pytest.raises(errors.Forbidden):
                await caller(method, request)
        assert (await caller("ListTargets", api.ListTargetsRequest())).items
        await caller("ListPracticeChanges", api.ListPracticeChangesRequest())
        await caller("ListStaffUsers", api.ListStaffUsersRequest())


async def test_history_says_who_when_and_from_which_revision(
    desk: Desk, owner: Client, clinic: Book
) -> None:
    async with transaction(clinic.connection, "BEGIN", clinic.practice_id, 10_000):
        await set_business_date(clinic.connection, clinic.practice_id, TODAY - timedelta(1))
    changed = await desk.client(clinic.practice_id, "admin")(
        "UpdatePractice", update(accrual_basis=True, variants={"total_charges": "service_date"})
    )
    page = await owner("ListPracticeChanges", api.ListPracticeChangesRequest(limit=2))
    newest, before = page.items
    assert (page.total, page.has_more) == (4, True)
    assert (newest.changed_by, newest.revision) == ("admin", changed.revision)
    assert sorted(newest.fields) == ["accrual_basis", "variants"]
    assert newest.settings["accrual_basis"] is True
    assert newest.settings["variants"]["total_charges"] == "service_date"
    assert (list(before.fields), before.settings["accrual_basis"]) == (["business_date"], False)
    assert before.revision < newest.revision
    rest = await owner("ListPracticeChanges", api.ListPracticeChangesRequest(skip=2))
    assert [one.version for one in rest.items] == [2, 1]
    assert not rest.items[1].fields
    assert "business_date" in rest.items[1].settings


async def test_changes_and_facts_at_once_keep_revisions_without_gaps(
    owner: Client, clinic: Book
) -> None:
    before = await clinic.head()
    for day in range(5):
        await asyncio.gather(
            owner("UpdatePractice", update(week_start=day + 1)),
            owner("SetTarget", target("no_show_rate", 5, 9 + day)),
            clinic.apply(
                clinic.entry(CHARGE, f"n{day}", amount=Decimal(5), posting_date=date(2025, 5, 1))
            ),
        )
    assert await clinic.head() == before + 15
    findings = [one async for one in verify(clinic.connection, clinic.practice_id)]
    assert all(one.holds for one in findings), findings


async def test_a_receipt_keeps_the_settings_of_its_time(
    owner: Client, clinic: Book, service: Service
) -> None:
    """600 paid in May; 1,000 charged less 150 contractual."""
    ask = service.client(clinic.practice_id)
    cash = await ask("GetRevenueMetrics", MAY)
    await owner("UpdatePractice", update(accrual_basis=True))
    accrual = await ask("GetRevenueMetrics", MAY)
    assert (cash.total_revenue, accrual.total_revenue) == (600, 850)
    assert accrual.as_of.revision == cash.as_of.revision + 1
    by_method = Question(metrics=["total_revenue"], dimensions=["method"], period=IN_MAY)
    with pytest.raises(errors.InvalidInput) as refused:  # charges are paid by no method
        await ask("Ask", AskRequest(questions=[by_method]))
    assert refused.value.violations[0].field.endswith("dimensions[0]")
    for found, value in ((cash, "600.00"), (accrual, "850.00")):
        name = found.receipt.rpartition("/")[2]
        opened = await ask("GetReceipt", GetReceiptRequest(receipt=name, field="total_revenue"))
        (figure,) = opened.figures
        assert Decimal(figure.figure.value) == Decimal(value)
        assert Decimal(figure.difference) == 0


async def test_practices_do_not_see_each_others_settings(
    desk: Desk, owner: Client, new_practice: Any
) -> None:
    await owner("UpdatePractice", update(week_start=5))
    await owner("SetTarget", target("no_show_rate", 5, 9))
    other = desk.client((await new_practice()).practice_id)
    assert not (await other("ListPracticeChanges", api.ListPracticeChangesRequest())).items
    found = await other("GetTarget", api.GetTargetRequest(metric_id="no_show_rate"))
    assert found.is_default


# Targets.


def target(metric_id: str, good: float, warning: float, **more: Any) -> api.SetTargetRequest:
    return api.SetTargetRequest(metric_id=metric_id, good_limit=good, warning_limit=warning, **more)


async def test_defaults_hold_until_the_practice_has_its_own(owner: Client, clinic: Book) -> None:
    listed = await owner("ListTargets", api.ListTargetsRequest())
    found = {one.metric_id: one for one in listed.items}
    assert list(found) == sorted(found)
    default = found["net_collection_rate"]
    assert (default.good_limit, default.warning_limit, default.is_default) == (95, 90, True)
    assert default.direction == practice_pb2.TARGET_DIRECTION_HIGHER_IS_BETTER
    before = await clinic.head()
    own = await owner("SetTarget", target("net_collection_rate", 97.5, 92, etag=default.etag))
    assert (own.good_limit, own.warning_limit, own.is_default) == (97.5, 92, False)
    assert (own.effective_from, own.set_by, own.etag) == (TODAY.isoformat(), "owner", '"1"')
    assert own.direction == default.direction
    assert await clinic.head() == before + 1
    assert await audited(clinic, "target.set") == [
        ["direction", "good_limit", "warning_limit", "effective_from"]
    ]
    get = api.GetTargetRequest(metric_id="net_collection_rate")
    assert await owner("GetTarget", get) == own
    get.on = "2025-07-09"
    assert (await owner("GetTarget", get)).is_default
    await owner(
        "DeleteTarget", api.DeleteTargetRequest(metric_id="net_collection_rate", etag=own.etag)
    )
    get.ClearField("on")
    ended = await owner("GetTarget", get)
    assert (ended.is_default, ended.good_limit, ended.etag) == (True, 95, '"2"')


async def test_each_date_keeps_the_target_it_had(owner: Client) -> None:
    for start, good in (("2025-01-01", 4), ("2025-04-01", 5), ("2026-01-01", 6)):
        await owner("SetTarget", target("no_show_rate", good, 9, effective_from=start))
    seen = {}
    for day in ("2024-12-31", "2025-01-01", "2025-03-31", "2025-04-01", "2026-01-01"):
        request = api.GetTargetRequest(metric_id="no_show_rate", on=day)
        seen[day] = (await owner("GetTarget", request)).good_limit
    assert list(seen.values()) == [7, 4, 4, 5, 6]


async def test_any_metric_may_have_a_target(owner: Client) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        await owner("SetTarget", target("scheduled_appointments", 90, 80))
    assert [violation.field for violation in refused.value.violations] == ["direction"]
    higher = practice_pb2.TARGET_DIRECTION_HIGHER_IS_BETTER
    made = await owner("SetTarget", target("scheduled_appointments", 90, 80, direction=higher))
    assert (made.label, made.unit, made.direction) == ("Scheduled", "count", higher)
    again = await owner("SetTarget", target("scheduled_appointments", 95, 80))
    assert (again.good_limit, again.direction, again.etag) == (95, higher, '"2"')
    # What the registry says is better needs not be said.
    assert (await owner("SetTarget", target("completion_rate", 90, 80))).direction == higher
    assert (await owner("SetTarget", target("cms165_2025", 70, 60))).direction == higher
    listed = await owner("ListTargets", api.ListTargetsRequest())
    assert {"scheduled_appointments", "cms165_2025"} <= {one.metric_id for one in listed.items}
    await owner("DeleteTarget", api.DeleteTargetRequest(metric_id="scheduled_appointments"))
    for method, request in (
        ("DeleteTarget", api.DeleteTargetRequest(metric_id="scheduled_appointments")),
        ("GetTarget", api.GetTargetRequest(metric_id="scheduled_appointments")),
        ("SetTarget", target("luck", 1, 2)),
    ):
        with pytest.raises(errors.NotFound):
            await owner(method, request)


async def test_bad_targets_are_refused(owner: Client) -> None:
    for request, field in (
        (target("no_show_rate", 9, 5), "warning_limit"),
        (target("net_collection_rate", 90, 95), "warning_limit"),
        (target("no_show_rate", float("nan"), 5), "good_limit"),
        (target("no_show_rate", 5, 9, effective_from="2025-02-30"), "effective_from"),
        (api.SetTargetRequest(metric_id="no_show_rate", good_limit=5), "warning_limit"),
    ):
        with pytest.raises(errors.InvalidInput) as refused:
            await owner("SetTarget", request)
        assert {violation.field for violation in refused.value.violations} == {field}
    await owner("SetTarget", target("no_show_rate", 5, 9))
    with pytest.raises(errors.EtagMismatch):
        await owner("SetTarget", target("no_show_rate", 5, 9, etag='"0"'))


# Staff.


async def test_the_staff_directory(owner: Client, clinic: Book) -> None:
    await clinic.apply(
        clinic.entry(STAFF_USER, "1", display_name="Zoe Ray", role="biller", active=True),
        clinic.entry(STAFF_USER, "2", display_name="Ann Day", department="Front", active=False),
        clinic.entry(STAFF_USER, "3", display_name="Gone", voided=True),
    )
    found = await owner("ListStaffUsers", api.ListStaffUsersRequest())
    assert [(one.display_name, one.active) for one in found.items] == [
        ("Ann Day", False),
        ("Zoe Ray", True),
    ]
    assert (found.total, found.items[1].role) == (2, "biller")
    assert found.items[1].id == str(clinic.id(STAFF_USER, "1"))
    page = await owner("ListStaffUsers", api.ListStaffUsersRequest(active_only=True, limit=1))
    assert ([one.display_name for one in page.items], page.has_more) == (["Zoe Ray"], False)
