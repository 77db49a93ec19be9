"""Over REST: a run is watched, stopped, tried again, shared, held and compared."""

from __future__ import annotations

import json
import threading
from typing import Any

import httpx
import pytest

from conftest import RunningStack, wait_for_execution

from .conftest import Practice, practice_on, run_report


@pytest.fixture(scope="module")
def practice(stack: RunningStack) -> Practice:
    return practice_on(stack)


def events(client: httpx.Client, execution_id: str) -> list[dict[str, Any]]:
    """The states that a run goes through, until it has ended."""
    found = []
    with client.stream("GET", f"/reports/executions/{execution_id}/events") as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream"
        assert "content-length" not in answer.headers
        name = ""
        for line in answer.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            if line.startswith("data: "):
                assert name == "execution"
                found.append(json.loads(line.removeprefix("data: ")))
    return found


def test_a_run_is_watched_to_its_end(practice: Practice) -> None:
    with practice.client() as client:
        body = {"report_type": "revenue", "name": "Watched", "format": "pdf"}
        report = client.post("/reports/", json=body).json()
        run = client.post(f"/reports/{report['id']}/execute", json={}).json()
        states = events(client, run["id"])
        assert states[-1]["status"] == "completed"
        assert states[-1].keys() == run.keys()
        percents = [state["progress_percent"] for state in states]
        assert percents == sorted(percents)
        assert [one["status"] for one in events(client, run["id"])] == ["completed"]
        missing = client.get(f"/reports/executions/{report['id']}/events")
        assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
        wrong = client.get(f"/reports/executions/{run['id']}/events?x=1")
        assert wrong.status_code == 400
    with httpx.Client(base_url=practice.stack.url) as nobody:
        path = f"/api/v1/reports/executions/{run['id']}/events"
        assert nobody.get(path).status_code == 401


def test_a_stopped_run_is_tried_again(practice: Practice) -> None:
    with practice.client() as client:
        body = {"report_type": "revenue", "name": "Stopped", "format": "csv"}
        report = client.post("/reports/", json=body).json()["id"]
        # So many wait that the last one is still waiting when it is stopped.
        runs = [client.post(f"/reports/{report}/execute", json={}).json() for _ in range(12)]
        last = runs[-1]["id"]
        seen: list[dict[str, Any]] = []
        watcher = threading.Thread(target=lambda: seen.extend(events(client, last)))
        watcher.start()
        stopped = client.post(f"/reports/executions/{last}/cancel", json={})
        assert (stopped.status_code, stopped.json()["status"]) == (200, "cancelled")
        watcher.join(timeout=30)
        assert seen[-1]["status"] == "cancelled"
        again = client.post(f"/reports/executions/{last}/retry", json={})
        assert again.status_code == 202
        assert again.headers["location"] == f"/api/v1/reports/executions/{again.json()['id']}"
        done = wait_for_execution(client, again.json()["id"])
        assert (done["status"], done["retry_of_id"]) == ("completed", last)
        refused = client.post(f"/reports/executions/{done['id']}/cancel", json={})
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
        for run in runs[:-1]:
            wait_for_execution(client, run["id"])


def test_files_are_shared_held_and_compared(practice: Practice) -> None:
    with practice.client() as client, practice.client("front_desk") as desk:
        run, other = run_report(client), run_report(client)
        assert desk.get(f"/reports/executions/{run['id']}").status_code == 404
        share = client.post(f"/reports/{run['report_id']}/shares", json={"role": "front_desk"})
        assert share.status_code == 201, share.text
        path = share.headers["location"].removeprefix("/api/v1")
        assert client.get(path).json() == share.json()
        link = desk.get(f"/reports/executions/{run['id']}").json()["download_url"]
        got = httpx.get(f"{practice.stack.url}{link}")
        assert (got.status_code, got.headers["etag"]) == (200, f'"{run["sha256"]}"')
        # Neither of these counts as a download.
        known = {"if-none-match": got.headers["etag"]}
        assert httpx.get(f"{practice.stack.url}{link}", headers=known).status_code == 304
        head = httpx.head(f"{practice.stack.url}{link}")
        assert int(head.headers["content-length"]) == len(got.content)
        assert desk.get("/reports/files").json()["total"] == 1
        assert client.delete(path).status_code == 200
        assert httpx.get(f"{practice.stack.url}{link}").status_code == 410

        centre = client.get("/reports/files", params={"report_id": run["report_id"]}).json()
        [file] = centre["items"]
        assert [reader["downloads"] for reader in file["downloaded_by"]] == [1]
        assert file["storage_backend"] == "local"
        held = client.post(f"/reports/executions/{run['id']}/hold", json={"reason": "Matter 1"})
        assert held.json()["legal_hold"]["reason"] == "Matter 1"
        freed = client.delete(f"/reports/executions/{run['id']}/hold")
        assert freed.json()["legal_hold"] is None
        compared = client.get(
            f"/reports/executions/{run['id']}/comparison",
            params={"other_execution_id": other["id"]},
        )
        assert compared.json()["difference_count"] == 0
        assert len(compared.json()["first_answers"]) > 1


def test_a_template_over_rest(practice: Practice) -> None:
    with practice.client() as client:
        starters = client.get("/reports/templates").json()["items"]
        assert len([one for one in starters if one["is_starter"]]) == 10
        [sheet] = [one for one in starters if one["template_name"] == "Day sheet"]
        made = client.post(f"/reports/templates/{sheet['id']}/instantiate", json={})
        assert made.status_code == 201
        assert made.headers["location"] == f"/api/v1/reports/{made.json()['id']}"
        saved = client.post(f"/reports/{made.json()['id']}/template", json={"template_name": "T"})
        assert (saved.status_code, saved.json()["version"]) == (201, 1)
        unbuilt = [one for one in starters if not one["is_built"]]
        for one in unbuilt[:1]:
            answer = client.post(f"/reports/templates/{one['id']}/instantiate", json={})
            assert (answer.status_code, answer.json()["code"]) == (501, "not_built")
