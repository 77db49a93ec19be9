"""Through the whole stack: behind a figure, why it changed, what to do, and custom SQL."""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import psycopg
import pytest

from conftest import RunningStack
from praxis_cli.stack.postgres import database
from tests.e2e.conftest import Practice, parts_of, practice_on


@pytest.fixture(scope="module")
def practice(stack: RunningStack) -> Practice:
    return practice_on(stack)


@pytest.fixture
def client(practice: Practice) -> Iterator[httpx.Client]:
    with practice.client() as client:
        yield client


def _asked(client: httpx.Client, **question: Any) -> Any:
    body = {"questions": [{"period": {"relative_range": "year_to_date"}, **question}]}
    found = client.post("/reports/analytics/query", json=body)
    assert found.status_code == 200, found.text
    return found.json()["answers"][0]


def test_the_rows_of_a_receipt_sum_to_its_figure(
    client: httpx.Client, practice: Practice, stack: RunningStack
) -> None:
    answer = _asked(client, metrics=["total_payments"])
    path = answer["receipt"].removeprefix("/api/v1")
    amounts: list[Decimal] = []
    token = ""
    while True:
        page = client.get(f"{path}/rows", params={"page_size": 200, "page_token": token}).json()
        amounts += [Decimal(row["amount"]) for row in page["rows"]]
        token = page["next_page_token"]
        if not token:
            break
    assert len(amounts) == page["component"]["rows"] > 0
    assert sum(amounts) == Decimal(answer["rows"][0]["figures"][0]["value"])
    assert Decimal(page["component"]["value"]) == sum(amounts)
    difference = client.get(f"{path}/difference").json()
    assert Decimal(difference["figures"][0]["difference"]) == 0
    with stack.client(practice.id, "analyst") as analyst:
        assert analyst.get(f"{path}/rows").status_code == 403
        assert analyst.get(f"{path}/difference").json()["figures"][0]["components"] == []
    wrong = client.get(f"{path}/rows", params={"component": "nothing"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "component")


def test_every_look_behind_a_figure_is_recorded(
    client: httpx.Client, practice: Practice, stack: RunningStack
) -> None:
    path = _asked(client, metrics=["total_charges"])["receipt"].removeprefix("/api/v1")
    for more in ("", "/rows", "/difference"):
        assert client.get(f"{path}{more}").status_code == 200
    receipt = path.rpartition("/")[2]
    conninfo = parts_of(stack).postgres.conninfo(database("analytics"))
    deadline = time.monotonic() + 20
    seen: set[str] = set()
    with psycopg.connect(conninfo, autocommit=True) as connection:
        while seen != {"metrics.read", "receipt.read", "receipt.rows", "receipt.difference"}:
            assert time.monotonic() < deadline, seen
            rows = connection.execute(
                "select action from audit_log where practice_id = %s and object_id = %s",
                (practice.id, receipt),
            ).fetchall()
            seen = {action for (action,) in rows}
            time.sleep(0.1)


def test_a_cell_of_a_receipt_and_whom_its_rows_name(
    client: httpx.Client, practice: Practice, stack: RunningStack
) -> None:
    answer = _asked(
        client, metrics=["total_charges"], dimensions=["payer_class"], grain="month",
        period={"relative_range": "previous_month"},
    )  # fmt: skip
    path = answer["receipt"].removeprefix("/api/v1")
    row = next(row for row in answer["rows"] if row["figures"][0]["value"] != "0.00")
    cell = {"bucket": row["bucket"], "keys": row["keys"]}
    (figure,) = client.get(f"{path}/difference", params=cell).json()["figures"]
    assert figure["figure"]["value"] == row["figures"][0]["value"]
    assert (figure["difference"], figure["components"][0]["reasons"]) == ("0.00", [])
    page = client.get(f"{path}/rows", params={**cell, "page_size": 1}).json()
    (patient,) = [row["patient_id"] for row in page["rows"]]
    with stack.client(practice.id, "auditor") as auditor:
        told = auditor.get(f"/patients/{patient}/disclosures").json()["disclosures"]
        assert [one["action"] for one in told][:1] == ["receipt.rows"]
        assert told[0]["object_id"] == path.rpartition("/")[2]
        assert auditor.get("/patients/ann/disclosures").status_code == 400
    with stack.client(practice.id, "analyst") as analyst:
        assert analyst.get(f"/patients/{patient}/disclosures").status_code == 403


def test_verify_ties_every_figure_to_its_rows(practice: Practice, stack: RunningStack) -> None:
    done = stack.command("verify", "--practice", practice.id)
    assert done.returncode == 0, done.stdout
    for name in (
        "charges − ledger = balance",
        "claim states sum to the total",
        "drill = figure, revenue",
    ):
        assert f"ok   {name}: " in done.stdout


def test_a_change_adds_up(client: httpx.Client) -> None:
    body = {
        "metric": "total_payments",
        "dimension": "payer_class",
        "period": {"relative_range": "previous_month"},
    }
    found = client.post("/reports/analytics/changes", json=body).json()
    parts = [Decimal(part["amount"]) for part in found["parts"]]
    assert parts
    assert sum(parts) == Decimal(found["amount"])
    assert parts == sorted(parts, key=abs, reverse=True)
    assert found["sentence"].startswith("Payments ")
    refused = client.post("/reports/analytics/changes", json=body | {"dimension": "age"})
    assert refused.status_code == 400


def test_work_lists(client: httpx.Client, practice: Practice, stack: RunningStack) -> None:
    lists = client.get("/work-lists").json()["work_lists"]
    assert len(lists) == 5
    amounts = [Decimal(one["amount"]) for one in lists]
    assert amounts == sorted(amounts, reverse=True)
    for one in lists:
        items = client.get(f"/work-lists/{one['id']}/items", params={"page_size": 500}).json()
        assert len(items["items"]) == min(one["items"], 500)
    assert client.get("/work-lists/nothing/items").status_code == 404
    with stack.client(practice.id, "front_desk") as clerk:
        assert clerk.get("/work-lists").status_code == 403
        assert clerk.get("/work-lists/denials/items").status_code == 403


def test_custom_sql(client: httpx.Client, practice: Practice, stack: RunningStack) -> None:
    views = client.get("/reports/sql/views").json()["views"]
    assert "visits" in {view["name"] for view in views}
    sql = {"sql": "select sum(charges) as charged from charges_by_month"}
    checked = client.post("/reports/sql/check", json=sql).json()
    assert checked["columns"][0]["name"] == "charged"
    found = client.post("/reports/sql/run", json=sql).json()
    body = {"start_date": "2000-01-01", "end_date": "2009-12-31"}
    assert client.post("/reports/analytics/revenue", json=body).status_code == 200
    whole = _asked(
        client,
        metrics=["total_charges"],
        period={"start_date": "2017-01-01", "end_date": "2026-12-31"},
    )
    assert found["rows"][0]["values"][0]["text"] == whole["rows"][0]["figures"][0]["value"]
    refused = client.post("/reports/sql/run", json={"sql": "select * from dim_patient"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "sql")
    with stack.client(practice.id, "billing") as biller:
        assert biller.post("/reports/sql/run", json=sql).status_code == 403
