"""A revenue report from its definition to its file, through the gateway as a client does it."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest

from conftest import RunningStack, wait_for_execution
from praxis_report.domain.links import VALID, Links

from .conftest import Practice, parts_of, practice_on, run_report

EXECUTION = (
    "id report_id schedule_id practice_id report_type format status stage progress_percent"
    " queued_at started_at completed_at execution_time_ms result_count file_name file_size sha256"
    " as_of expires_at download_url error parameters requested_by_user_id priority queue_place"
    " contains_phi is_cut_short download_count last_downloaded_at deleted_at legal_hold retry_of_id"
)
YEAR = {"start_date": "2025-01-01", "end_date": "2025-10-15"}
MONTHS = [f"2025-{month:02}" for month in range(1, 11)]


@pytest.fixture(scope="module")
def practice(stack: RunningStack) -> Practice:
    return practice_on(stack)


@pytest.fixture(scope="module")
def other(stack: RunningStack) -> Practice:
    return practice_on(stack, scale=10)


@pytest.fixture
def client(practice: Practice) -> Iterator[httpx.Client]:
    with practice.client() as opened:
        yield opened


def fetched(stack: RunningStack, url: str, **headers: str) -> httpx.Response:
    """What anybody who holds the link gets."""
    return httpx.get(f"{stack.url}{url}", headers=headers, timeout=30)


def problem(response: httpx.Response, status: int, code: str, field: str = "") -> dict[str, Any]:
    """The problem document, checked for its shape."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["request_id"]
    if field:
        assert [error["field"] for error in body["errors"]] == [field]
    return body


def text_of(content: bytes) -> list[str]:
    """The text of each page, spaces made equal."""
    with pypdfium2.PdfDocument(content) as document:
        pages = []
        for page in document:
            shown = page.get_textpage().get_text_bounded()
            pages.append(re.sub(r"\s+", " ", shown))
            page.close()
        return pages


def money(value: float) -> str:
    return f"${Decimal(str(value)):,.2f}"


def test_from_definition_to_file(stack: RunningStack, client: httpx.Client) -> None:
    body = {"report_type": "revenue", "name": "Monthly revenue", "format": "csv"}
    report = client.post("/reports/", json=body)
    assert report.status_code == 201
    path = f"/api/v1/reports/{report.json()['id']}"
    assert report.headers["location"] == path
    assert httpx.get(f"{stack.url}{path}", headers=dict(client.headers)).json() == report.json()

    queued = client.post(f"/reports/{report.json()['id']}/execute", json={"priority": "high"})
    assert queued.status_code == 202
    run = queued.json()
    assert run.keys() == set(EXECUTION.split())
    assert queued.headers["location"] == f"/api/v1/reports/executions/{run['id']}"
    assert run["status"] in ("pending", "running")
    assert (run["download_url"], run["error"], run["sha256"]) == (None, None, None)
    assert (run["priority"], run["schedule_id"]) == ("high", None)

    done = wait_for_execution(client, run["id"])
    assert done.keys() == set(EXECUTION.split())
    assert (done["status"], done["stage"], done["progress_percent"]) == ("completed", "done", 100)
    assert done["parameters"]["start_date"] == "2025-09-01"
    assert done["parameters"]["relative_range"] is None
    assert done["queued_at"] <= done["started_at"] <= done["completed_at"] < done["expires_at"]
    assert done["execution_time_ms"] >= 0
    file = fetched(stack, done["download_url"])
    assert file.status_code == 200
    assert len(file.content) == done["file_size"]
    assert hashlib.sha256(file.content).hexdigest() == done["sha256"]
    assert file.headers["content-disposition"] == f'attachment; filename="{done["file_name"]}"'
    assert file.headers["cache-control"] == "no-store"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["referrer-policy"] == "no-referrer"

    shown = client.get(f"/reports/{report.json()['id']}").json()
    assert (shown["status"], shown["is_completed"], shown["download_count"]) == (
        "completed",
        True,
        1,
    )
    assert shown["file_path"] == done["file_name"]
    runs = client.get("/reports/executions/", params={"report_id": report.json()["id"]}).json()
    assert [item["id"] for item in runs["items"]] == [run["id"]]


def test_the_files_say_what_the_api_says(stack: RunningStack, client: httpx.Client) -> None:
    done = {form: run_report(client, form, **YEAR) for form in ("csv", "json", "pdf")}
    files = {form: fetched(stack, run["download_url"]).content for form, run in done.items()}
    answer = client.post("/reports/analytics/revenue", json=YEAR).json()
    assert {run["as_of"]["revision"] for run in done.values()} == {answer["as_of"]["revision"]}
    by_month = {
        month: client.post("/reports/analytics/revenue", json=month_of(month)).json()
        for month in MONTHS
    }

    rows = list(csv.DictReader(files["csv"].decode().splitlines()))
    assert [row["group"] for row in rows] == MONTHS
    for row in rows:
        for name in ("total_charges", "total_payments", "total_adjustments", "total_revenue"):
            assert Decimal(row[name]) == exact(by_month[row["group"]][name])
        assert Decimal(row["collection_rate"]) == exact(by_month[row["group"]]["collection_rate"])
    for name in ("total_charges", "total_payments", "total_adjustments", "total_revenue"):
        assert sum(Decimal(row[name]) for row in rows) == exact(answer[name])

    document = json.loads(files["json"], parse_float=Decimal)
    cards = {card["label"]: card["value"] for card in document["sections"][0]["cards"]}
    labels = {
        "Revenue": "total_revenue",
        "Charges": "total_charges",
        "Payments": "total_payments",
        "Adjustments": "total_adjustments",
        "Outstanding balance": "outstanding_balance",
        "Collection rate (gross)": "collection_rate",
        "Revenue per patient": "average_revenue_per_patient",
    }
    for label, field in labels.items():
        assert cards[label] == exact(answer[field]), label
    assert document["sections"][0]["cards"][0]["comparison"]["change"] == exact(
        answer["comparison_change"]
    )
    main, mix, *_ = (one for one in document["sections"] if one["type"] == "table")
    for name in ("total_charges", "total_payments"):
        assert main["totals"][name] == mix["totals"][name] == exact(answer[name])
        assert sum(row[name] for row in mix["rows"]) == exact(answer[name])

    pages = text_of(files["pdf"])
    whole = " ".join(pages)
    for label, field in labels.items():
        shown = money(answer[field]) if answer[field] > 100 else f"{answer[field]:.2f}%"
        assert f"{label} {shown}" in whole
    for row in rows:
        assert money(float(row["total_payments"])) in whole
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert f"Revision {answer['as_of']['revision']}" in page
    assert "January 1 – October 15, 2025" in pages[0]
    assert "Oct 2025 is not a whole month: it counts October 1 – 15, 2025." in whole
    assert "synthetic" not in whole
    assert "Cedar Valley Family Medicine" in pages[0]


def month_of(name: str) -> dict[str, str]:
    first = datetime.fromisoformat(f"{name}-01").date()
    after = (first + timedelta(days=31)).replace(day=1)
    last = min(after - timedelta(days=1), datetime(2025, 10, 15, tzinfo=UTC).date())
    return {"start_date": first.isoformat(), "end_date": last.isoformat()}


def exact(number: float) -> Decimal:
    return Decimal(str(number)).quantize(Decimal("0.01"))


def test_every_receipt_in_the_pdf_explains_its_figures(
    stack: RunningStack, client: httpx.Client, other: Practice
) -> None:
    document = json.loads(
        fetched(stack, run_report(client, "json", **YEAR)["download_url"]).content
    )
    pdf = fetched(stack, run_report(client, "pdf", **YEAR)["download_url"]).content
    found = set(re.findall(r"/api/v1/receipts/[\w=-]+", " ".join(text_of(pdf))))
    assert found == {one["receipt"] for one in document["receipts"]}
    assert len(found) == 5
    cards = document["sections"][0]["cards"]
    explained = httpx.get(f"{stack.url}{cards[0]['receipt']}", headers=dict(client.headers)).json()
    values = {one["metric"]["label"]: one["figure"]["value"] for one in explained["figures"]}
    assert values.keys() == {card["label"] for card in cards}
    for card in cards:
        assert float(values[card["label"]]) == card["value"]
    with other.client() as theirs:
        for receipt in found:
            problem(
                httpx.get(f"{stack.url}{receipt}", headers=dict(theirs.headers)), 404, "not_found"
            )


def test_synthetic_facts_are_named_in_every_form(stack: RunningStack) -> None:
    made_up = practice_on(stack, synthetic=True)
    with made_up.client() as client:
        files = {
            form: fetched(stack, run_report(client, form)["download_url"]).content
            for form in ("csv", "json", "pdf")
        }
    rows = list(csv.DictReader(files["csv"].decode().splitlines()))
    assert rows
    assert all(row["notice"].startswith("contains synthetic demo data") for row in rows)
    assert json.loads(files["json"])["synthetic"] is True
    for page in text_of(files["pdf"]):
        assert "Contains synthetic demo data" in page


@pytest.mark.parametrize("grouping", ["day", "week", "month", "quarter", "payer_class", "provider"])
def test_every_grouping_and_filter_adds_up(
    stack: RunningStack, client: httpx.Client, grouping: str
) -> None:
    run = run_report(
        client, "json", group_by=[grouping], filters={"payer_class": "medicare"}, **YEAR
    )
    document = json.loads(fetched(stack, run["download_url"]).content, parse_float=Decimal)
    main = next(one for one in document["sections"] if one.get("main"))
    for name in ("total_charges", "total_payments", "total_adjustments", "total_revenue"):
        assert sum(row[name] for row in main["rows"]) == main["totals"][name]
    assert document["filters"] == {"Only payer class": "Medicare"}
    labels = [card["label"] for card in document["sections"][0]["cards"]]
    assert "Revenue per patient" in labels
    assert "Left out" not in document["parameters"]
    assert run["result_count"] == len(main["rows"]) > 0


# Links over HTTP.


def test_parts_of_a_file(stack: RunningStack, client: httpx.Client) -> None:
    run = run_report(client, "pdf")
    whole = fetched(stack, run["download_url"]).content
    size = len(whole)
    for wanted, start, end in (
        ("bytes=0-99", 0, 100),
        (f"bytes={size - 10}-", size - 10, size),
        ("bytes=-7", size - 7, size),
    ):
        part = fetched(stack, run["download_url"], Range=wanted)
        assert (part.status_code, part.content) == (206, whole[start:end])
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
    outside = fetched(stack, run["download_url"], Range=f"bytes={size}-")
    problem(outside, 416, "range_not_satisfiable")
    assert outside.headers["content-range"] == f"bytes */{size}"


def test_links_that_do_not_hold(
    stack: RunningStack, client: httpx.Client, practice: Practice, other: Practice
) -> None:
    run, second = run_report(client), run_report(client)
    url = run["download_url"]
    path, token = url.split("?token=")
    with other.client() as theirs:
        foreign = run_report(theirs)["download_url"]
        in_other_hands = fetched(stack, url, authorization=theirs.headers["authorization"])
    own = fetched(stack, url, authorization=client.headers["authorization"])
    assert own.status_code == 200
    bodies = [problem(in_other_hands, 404, "not_found")]
    for forged in (
        url[:-1],
        f"{path}?token={token[1:]}",
        f"{path}?token={second['download_url'].split('=')[1]}",
        f"{path}?token={foreign.split('=')[1]}",
        f"/api/v1/reports/executions/{uuid.uuid4()}/download?token={token}",
    ):
        bodies.append(problem(fetched(stack, forged), 404, "not_found"))
    for body in bodies:
        del body["request_id"], body["instance"]
    assert all(body == bodies[0] for body in bodies)

    key = (parts_of(stack).layout.secrets / "link.key").read_bytes()
    made_at = datetime.now(UTC) - VALID
    old = Links(key).url(uuid.UUID(practice.id), uuid.UUID(run["id"]), "ada", {"owner"}, made_at)
    problem(fetched(stack, old), 410, "link_expired")


def test_a_changed_or_missing_file_gives_no_byte(
    stack: RunningStack, client: httpx.Client, practice: Practice
) -> None:
    run = run_report(client)
    [file] = (parts_of(stack).layout.files / practice.id).glob(f"{run['id']}.*")
    assert isinstance(file, Path)
    stored = file.read_bytes()
    file.write_bytes(stored[:-1] + bytes([stored[-1] ^ 1]))
    problem(fetched(stack, run["download_url"]), 500, "integrity")
    file.unlink()
    gone = problem(fetched(stack, run["download_url"]), 500, "integrity")
    assert practice.id not in json.dumps(gone)
    counted = client.get(f"/reports/{run['report_id']}").json()["download_count"]
    assert counted == 0


# What REST adds: keys as headers, problems that name the field, pages.


def test_the_same_key_is_the_same_report(client: httpx.Client) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    body = {"report_type": "revenue", "name": "Once"}
    first = client.post("/reports/", json=body, headers=key)
    second = client.post("/reports/", json=body, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    changed = client.post("/reports/", json={**body, "name": "Twice"}, headers=key)
    problem(changed, 422, "idempotency_key_reused")
    run = [
        client.post(f"/reports/{first.json()['id']}/execute", json={}, headers=key)
        for _ in range(2)
    ]
    assert [one.status_code for one in run] == [202, 202]
    assert run[0].json()["id"] == run[1].json()["id"]
    assert run[1].headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "bell\x07"}, "name"),
        ({"report_type": "horoscope"}, "report_type"),
        ({"format": "docx"}, "format"),
        ({"columns": ["total_charges", "ssn"]}, "columns[1]"),
        ({"sort_by": "ssn"}, "sort_by"),
        ({"metadata": {"text": "x" * 17_000}}, "metadata"),
        ({"parameters": {**YEAR, "start_date": "2025-02-30"}}, "parameters.start_date"),
        ({"parameters": {"group_by": ["patient"]}}, "parameters.group_by[0]"),
        ({"parameters": {"filters": {"patient": "1"}}}, "parameters.filters.patient"),
        ({"parameters": {"colour": "red"}}, "parameters.colour"),
        ({"surprise": 1}, "surprise"),
        ({"description": "nul \x00"}, "description"),
        ({"metadata": {"deep": ["nul \x00"]}}, "metadata.deep[0]"),
    ],
)
def test_a_bad_field_is_named(client: httpx.Client, change: dict[str, Any], field: str) -> None:
    body = {"report_type": "revenue", "name": "Revenue", **change}
    problem(client.post("/reports/", json=body), 400, "invalid_field", field)


def test_who_is_refused_and_how(
    stack: RunningStack, client: httpx.Client, practice: Practice, other: Practice
) -> None:
    body = {"report_type": "revenue", "name": "Revenue"}
    problem(httpx.post(f"{stack.url}/api/v1/reports/", json=body), 401, "token_invalid")
    with practice.client("front_desk") as desk:
        problem(desk.post("/reports/", json=body), 403, "missing_permission")
    foreign = {**body, "practice_id": other.id}
    problem(client.post("/reports/", json=foreign), 404, "not_found")


def test_another_practices_ids_look_like_nobodys(client: httpx.Client, other: Practice) -> None:
    run = run_report(client)
    with other.client() as theirs:
        for verb, path in (
            ("GET", "/reports/{report}"),
            ("PATCH", "/reports/{report}"),
            ("DELETE", "/reports/{report}"),
            ("POST", "/reports/{report}/execute"),
            ("GET", "/reports/executions/{run}"),
            ("POST", "/reports/executions/{run}/rerun"),
        ):
            bodies = []
            for report_id, run_id in ((run["report_id"], run["id"]), (uuid.uuid4(),) * 2):
                target = path.format(report=report_id, run=run_id)
                sent = {"name": "Mine"} if verb == "PATCH" else {}
                answer = theirs.request(verb, target, json=sent if verb != "GET" else None)
                body = problem(answer, 404, "not_found")
                bodies.append(
                    {k: v for k, v in body.items() if k not in ("instance", "request_id")}
                )
            assert bodies[0] == bodies[1]
        listed = theirs.get("/reports/executions/", params={"report_id": run["report_id"]}).json()
        assert (listed["items"], listed["total"]) == ([], 0)


def test_pages_over_rest(stack: RunningStack) -> None:
    with stack.client(stack.practice("Pages")) as client:
        made = []
        for number in range(5):
            body = {"report_type": "revenue", "name": f"R{number}", "format": "json"}
            made.append(client.post("/reports/", json=body).json()["id"])
        page = client.get("/reports/", params={"skip": 1, "limit": 2}).json()
        assert [item["name"] for item in page["items"]] == ["R3", "R2"]
        assert {k: page[k] for k in ("total", "skip", "limit", "has_more")} == {
            "total": 5,
            "skip": 1,
            "limit": 2,
            "has_more": True,
        }
        seen: list[str] = []
        params: dict[str, Any] = {"page_size": 2}
        while True:
            page = client.get("/reports/", params=params).json()
            seen += [item["id"] for item in page["items"]]
            client.post("/reports/", json={"report_type": "revenue", "name": "New"})
            if not page["next_page_token"]:
                break
            params["page_token"] = page["next_page_token"]
        assert seen == made[::-1]
        none = client.get("/reports/", params={"report_type": "claims"}).json()
        assert (none["items"], none["has_more"]) == ([], False)
        for bad in ({"limit": 0}, {"limit": 501}, {"skip": -1}, {"status": "lost"}):
            assert client.get("/reports/", params=bad).status_code == 400
