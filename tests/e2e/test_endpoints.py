"""Every endpoint that clients rely on answers, with the field names they know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from conftest import RunningStack

RANGE = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
METRIC = "as_of metric_versions receipt reasons parts suppressed period_start period_end"
ANSWERS = {
    "revenue": "total_revenue total_charges total_payments total_adjustments outstanding_balance"
    " collection_rate average_revenue_per_patient comparison_change",
    "payments": "total_payments total_amount insurance_payments patient_payments"
    " average_payment_amount payment_methods",
    "claims": "total_claims submitted_claims accepted_claims rejected_claims denied_claims"
    " pending_claims acceptance_rate average_claim_amount total_claim_value",
    "appointments": "total_appointments scheduled_appointments completed_appointments"
    " cancelled_appointments no_show_appointments completion_rate no_show_rate cancellation_rate"
    " average_appointments_per_day",
    "patients": "total_patients new_patients active_patients inactive_patients average_age"
    " gender_distribution insurance_distribution",
    "tasks": "total_tasks completed_tasks pending_tasks overdue_tasks completion_rate"
    " average_completion_time_hours by_type by_priority",
}
OVERVIEW = (
    "revenue_today revenue_this_month appointments_today appointments_this_week pending_tasks"
    " overdue_tasks unread_messages pending_claims outstanding_balance new_patients_this_month"
)
REPORT = (
    "id practice_id report_type name description parameters columns sort_by sort_order status"
    " format created_by_user_id started_at completed_at execution_time_ms result_count file_path"
    " file_size storage_backend bucket_name error_message expires_at download_count"
    " last_downloaded_at is_shared shared_with_users is_template template_name metadata created_at"
    " updated_at is_completed is_running is_failed file_size_mb is_expired"
)
EXECUTION = (
    "id report_id schedule_id practice_id report_type format status stage progress_percent"
    " queued_at started_at completed_at execution_time_ms result_count file_name file_size sha256"
    " as_of expires_at download_url error parameters requested_by_user_id"
)
SCHEDULE = (
    "id practice_id name description report_type report_id report_format report_parameters"
    " frequency cron_expression day_of_week day_of_month month_of_year time_of_day timezone status"
    " is_enabled created_by_user_id delivery_method email_recipients email_subject email_body"
    " last_run_at last_run_status last_run_error next_run_at total_runs successful_runs"
    " failed_runs retention_days auto_delete_old_reports metadata is_active is_due success_rate"
)
EXPORT = "export_id file_path file_size format expires_at download_url"
DASHBOARD = (
    "id practice_id name description dashboard_type user_id widgets layout theme refresh_interval"
    " auto_refresh is_public shared_with_users shared_with_roles is_default is_template view_count"
    " last_viewed_at sort_order metadata widget_count is_shared"
)
TYPES = (
    "revenue claims payments outstanding_balances collections patient_demographics"
    " appointment_statistics provider_productivity no_shows diagnosis_trends staff_productivity"
    " task_completion insurance_verification document_status patient_satisfaction"
    " clinical_outcomes quality_measures custom"
)


@pytest.fixture(scope="module")
def client(stack: RunningStack) -> Iterator[httpx.Client]:
    with stack.client(stack.practice("Endpoints")) as opened:
        yield opened


def _fields(body: Any, names: str) -> None:
    missing = set(names.split()) - body.keys()
    assert not missing, missing


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_has_its_fields_and_an_empty_practice_gets_reasons(
    client: httpx.Client, name: str
) -> None:
    response = client.post(f"/reports/analytics/{name}", json=RANGE)
    assert response.status_code == 200, response.text
    body = response.json()
    _fields(body, f"{ANSWERS[name]} {METRIC}")
    for field in ANSWERS[name].split():
        if not isinstance(body[field], dict):
            assert body[field] is None
            assert body["reasons"][field] == "no_source_data"


def test_the_overview(client: httpx.Client) -> None:
    response = client.get("/reports/analytics/overview")
    assert response.status_code == 200, response.text
    _fields(response.json(), OVERVIEW)
    assert all(response.json()[field] is None for field in OVERVIEW.split())


@pytest.mark.parametrize("slash", ["", "/"])
def test_report_definitions(client: httpx.Client, slash: str) -> None:
    made = client.post(f"/reports{slash}", json={"report_type": "revenue", "name": "R"})
    assert made.status_code == 201, made.text
    _fields(made.json(), REPORT)
    path = f"/reports/{made.json()['id']}"
    assert made.headers["Location"].endswith(path)
    assert client.get(path + slash).json() == made.json()
    changed = client.patch(path, json={"name": "New", "description": "Words"})
    assert (changed.status_code, changed.json()["name"]) == (200, "New")
    stale = client.patch(path, json={"name": "X"}, headers={"If-Match": made.headers["ETag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "etag_mismatch")
    cleared = client.patch(path, json={"description": None})
    assert cleared.json()["description"] is None
    listed = client.get(f"/reports{slash}", params={"report_type": "revenue", "limit": 1}).json()
    _fields(listed, "items total skip limit has_more")
    stats = client.get("/reports/stats/summary").json()
    _fields(stats, "total completed running failed total_downloads by_type by_format")
    assert stats["total"] == listed["total"]
    assert client.delete(path).status_code == 200
    assert client.get(path).status_code == 404
    assert client.get("/reports/stats/summary").json()["total"] == stats["total"] - 1


def test_bad_changes_name_the_field(client: httpx.Client) -> None:
    made = client.post("/reports/", json={"report_type": "revenue", "name": "R"})
    path = f"/reports/{made.json()['id']}"
    for body, field in (
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"columns": ["nothing"]}, "columns[0]"),
        (
            {"parameters": {"start_date": "2026-02-30", "end_date": "2026-03-01"}},
            "parameters.start_date",
        ),
        ({"report_type": "claims"}, "report_type"),
    ):
        answer = client.patch(path, json=body)
        assert answer.status_code == 400, (body, answer.text)
        assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("report_type", TYPES.split())
def test_every_report_type_can_be_defined(client: httpx.Client, report_type: str) -> None:
    body: dict[str, Any] = {"report_type": report_type, "name": "T"}
    if report_type == "custom":
        refused = client.post("/reports/", json=body)
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid_field")
        body["parameters"] = {"metrics": ["total_revenue"]}
    response = client.post("/reports/", json=body)
    assert response.status_code == 201, response.text
    assert response.json()["report_type"] == report_type


def test_executions(client: httpx.Client) -> None:
    report = client.post("/reports/", json={"report_type": "revenue", "name": "R"}).json()
    run = client.post(f"/reports/{report['id']}/execute", json={"format": "csv"})
    assert run.status_code == 202, run.text
    _fields(run.json(), EXECUTION)
    assert run.headers["Location"] == f"/api/v1/reports/executions/{run.json()['id']}"
    listed = client.get("/reports/executions/", params={"report_id": report["id"]}).json()
    assert [item["id"] for item in listed["items"]] == [run.json()["id"]]


@pytest.mark.parametrize("format", ["csv", "excel", "json"])
def test_an_export_is_a_file_at_once(client: httpx.Client, format: str) -> None:
    body = {
        "metric_type": "revenue",
        "format": format,
        "date_range": RANGE,
        "filters": {"payer_class": ["medicare"]},
        "include_charts": True,
    }
    made = client.post("/reports/analytics/export", json=body)
    assert made.status_code == 200, made.text
    _fields(made.json(), EXPORT)
    assert made.json()["format"] == format
    file = client.get(f"{client.base_url.copy_with(path='/')}{made.json()['download_url'][1:]}")
    assert len(file.content) == made.json()["file_size"] > 0
    execution = client.get(f"/reports/executions/{made.json()['export_id']}").json()
    assert (execution["report_type"], execution["status"]) == ("custom", "completed")
    refused = client.post("/reports/analytics/export", json={**body, "metric_type": "nothing"})
    assert [error["field"] for error in refused.json()["errors"]] == ["metric_type"]


def test_schedules(client: httpx.Client) -> None:
    body = {
        "name": "Monthly",
        "report_type": "revenue",
        "report_format": "pdf",
        "report_parameters": {"relative_range": "previous_month"},
        "frequency": "monthly",
        "day_of_month": 31,
        "time_of_day": "07:00",
        "timezone": "America/Denver",
        "delivery_method": "email",
        "email_recipients": ["owner@example.com"],
    }
    made = client.post("/reports/schedules", json=body)
    assert made.status_code == 201, made.text
    _fields(made.json(), SCHEDULE)
    path = f"/reports/schedules/{made.json()['id']}"
    assert client.get(path).json()["name"] == "Monthly"
    assert client.patch(path, json={"name": "Other"}).json()["name"] == "Other"
    assert client.post(f"{path}/pause").json()["status"] == "paused"
    assert client.post(f"{path}/resume").json()["status"] == "active"
    runs = client.get(f"{path}/next-runs", params={"count": 3}).json()
    assert [set(run) >= {"fire_at", "local_time", "utc_offset"} for run in runs["runs"]] == [
        True
    ] * 3
    del body["email_recipients"], body["delivery_method"]
    assert len(client.post("/reports/schedules/preview", json=body).json()["runs"]) == 5
    refused = client.post(
        "/reports/schedules", json={**body, "frequency": "custom", "cron_expression": "0 7 * * *"}
    )
    assert refused.status_code == 501, refused.text


def test_dashboards(client: httpx.Client) -> None:
    overview = client.get("/dashboards/").json()["items"][0]
    _fields(overview, DASHBOARD)
    assert (overview["dashboard_type"], overview["widget_count"]) == ("overview", 6)
    data = client.get(f"/dashboards/{overview['id']}/data")
    assert data.status_code == 200, data.text
    made = client.post("/dashboards/", json={"name": "Mine", "dashboard_type": "custom"})
    assert made.status_code == 201, made.text
    path = f"/dashboards/{made.json()['id']}"
    assert client.patch(path, json={"name": "Ours"}).json()["name"] == "Ours"
    before = client.get(path).json()["view_count"]
    assert client.get(path).json()["view_count"] == before + 1
    assert client.delete(path).status_code == 200
    assert client.get(path).status_code == 404


def test_nobody_gets_anything_without_a_token(stack: RunningStack) -> None:
    for verb, path in (
        ("GET", "/reports/"),
        ("POST", "/reports/analytics/revenue"),
        ("GET", "/reports/analytics/overview"),
        ("GET", "/reports/schedules"),
        ("GET", "/dashboards/"),
        ("GET", "/practice"),
        ("POST", "/events"),
    ):
        answer = httpx.request(verb, f"{stack.url}/api/v1{path}")
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid"), path
