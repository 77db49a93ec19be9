"""Through the whole stack: an answer asked again is kept and recorded, until facts change."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
import psycopg

from conftest import RunningStack
from praxis_cli.stack.postgres import database
from tests.e2e.conftest import parts_of, practice_on

PATH = "/reports/analytics/revenue"
YEAR = {"start_date": "2025-01-01", "end_date": "2025-12-31"}


def _until(check: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.05)


def _reads(stack: RunningStack, practice: str, receipt: str) -> list[str]:
    """The requests that are recorded as reads of a receipt."""
    conninfo = parts_of(stack).postgres.conninfo(database("analytics"))
    with psycopg.connect(conninfo) as connection:
        rows = connection.execute(
            "select request_id from audit_log where practice_id = %s and object_id = %s"
            " and action = 'metrics.read'",
            (practice, receipt),
        ).fetchall()
    return [row[0] for row in rows]


def test_an_answer_is_kept_until_the_practice_has_a_newer_revision(stack: RunningStack) -> None:
    practice = practice_on(stack)
    with practice.client() as client:

        def ask(**headers: str) -> httpx.Response:
            found = client.post(PATH, json=YEAR, headers=headers)
            assert found.status_code == 200, found.text
            return found

        # The facts' own event may still be on its way.
        _until(lambda: "age" in ask().headers)
        ids = [f"kept-{n}" for n in range(5)]
        kept = [ask(**{"x-request-id": one}) for one in ids]
        fresh = ask(**{"cache-control": "no-cache", "x-request-id": "fresh"})
        assert "age" not in fresh.headers
        assert {one.content for one in kept} == {fresh.content}
        assert all("age" in one.headers for one in kept)
        receipt = fresh.json()["receipt"].rpartition("/")[2]
        _until(lambda: {*ids, "fresh"} <= {*_reads(stack, practice.id, receipt)})
        seen = _reads(stack, practice.id, receipt)
        assert len(seen) == len(set(seen)), "a read is recorded once"

        revision = fresh.json()["as_of"]["revision"]
        practice.change(practice.clinic.correct)
        _until(lambda: ask().json()["as_of"]["revision"] == revision + 1, 5)
        assert ask().json()["total_payments"] == fresh.json()["total_payments"] + 312
    with stack.client(practice.id, "front_desk") as desk:
        assert desk.post(PATH, json=YEAR).status_code == 403
