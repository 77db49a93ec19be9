"""A practice changes its settings and targets over REST, and its figures follow."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from conftest import RunningStack


@pytest.fixture(scope="module")
def practice(stack: RunningStack) -> str:
    return stack.practice("Settings")


@pytest.fixture
def owner(stack: RunningStack, practice: str) -> Iterator[httpx.Client]:
    with stack.client(practice) as opened:
        yield opened


def test_settings(stack: RunningStack, practice: str, owner: httpx.Client) -> None:
    read = owner.get("/practice")
    assert (read.json()["active_patient_months"], read.json()["holidays"]) == (24, [])
    body = {"holidays": ["2026-12-25"], "variants": {"total_charges": "service_date"}}
    changed = owner.patch("/practice", json=body, headers={"If-Match": read.headers["ETag"]})
    assert changed.status_code == 200, changed.text
    assert changed.json()["revision"] == read.json()["revision"] + 1
    assert owner.get("/practice").json() == changed.json()
    stale = owner.patch(
        "/practice", json={"week_start": 6}, headers={"If-Match": read.headers["ETag"]}
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "etag_mismatch")
    emptied = owner.patch("/practice", json={"holidays": [], "business_date": None})
    assert (emptied.status_code, emptied.json()["holidays"]) == (200, [])
    bad = owner.patch("/practice", json={"time_zone": "Nowhere"})
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (400, "time_zone")
    history = owner.get("/practice/changes", params={"limit": 1}).json()
    assert (history["total"], history["has_more"]) == (3, True)
    assert history["items"][0]["fields"] == ["holidays"]
    assert history["items"][0]["settings"]["variants"] == body["variants"]
    with stack.client(practice, "analyst") as analyst:
        assert analyst.get("/practice").status_code == 200
        assert analyst.patch("/practice", json={"week_start": 6}).status_code == 403


def test_targets(owner: httpx.Client) -> None:
    path = "/practice/targets/no_show_rate"
    default = owner.get(path)
    assert (default.json()["good_limit"], default.json()["is_default"]) == (7, True)
    body = {"good_limit": 5, "warning_limit": 8.5}
    made = owner.put(path, json=body, headers={"If-Match": default.headers["ETag"]})
    assert made.status_code == 200, made.text
    assert (made.json()["warning_limit"], made.json()["direction"]) == (8.5, "lower_is_better")
    assert owner.put(path, json=body, headers={"If-Match": '"0"'}).status_code == 412
    listed = owner.get("/practice/targets").json()["items"]
    assert made.json() in listed
    assert owner.put("/practice/targets/luck", json=body).status_code == 404
    assert owner.put(path, json={"good_limit": 5}).status_code == 400
    assert owner.delete(path, headers={"If-Match": made.headers["ETag"]}).status_code == 200
    assert owner.delete(path).status_code == 404


def test_trends_key_figures_and_staff_of_an_empty_practice(owner: httpx.Client) -> None:
    asked = {"metric": "total_charges", "start_date": "2026-01-01", "end_date": "2026-03-31"}
    trend = owner.post("/reports/analytics/trends", json={**asked, "grain": "month"})
    assert trend.status_code == 200, trend.text
    assert (trend.json()["trend_direction"], len(trend.json()["data_points"])) == (None, 3)
    assert trend.json()["reasons"]["trend_direction"] == "no_source_data"
    fields = {"date", "value", "label"}
    assert all(fields <= point.keys() for point in trend.json()["data_points"])
    for category in ("financial", "clinical", "operational"):
        found = owner.get("/reports/analytics/kpis", params={"category": category})
        assert found.status_code == 200, found.text
        assert (found.json()["category"], bool(found.json()["last_updated"])) == (category, True)
        for metric in found.json()["metrics"]:
            names = "name value unit target comparison_value comparison_period trend status"
            assert set(names.split()) <= metric.keys()
            assert metric["value"] is None
            assert metric["reasons"]["value"]
    assert owner.get("/reports/analytics/kpis").status_code == 400
    staff = owner.get("/practice/staff").json()
    assert (staff["items"], staff["total"]) == ([], 0)
