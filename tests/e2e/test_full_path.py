"""From a schedule to a file in the hands of its reader, each step on record."""

from __future__ import annotations

import email
import email.policy
import re
import time
import uuid
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx
import psycopg
import pypdfium2

from conftest import RunningStack
from praxis_cli.live import envelope
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.services import Stack


def _mail_to(folder: Path, recipient: str, seconds: float = 60) -> EmailMessage:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for path in folder.glob("*.eml"):
            content = path.read_bytes()
            if recipient.encode() in content:
                message = email.message_from_bytes(content, policy=email.policy.default)
                assert isinstance(message, EmailMessage)
                return message
        time.sleep(0.2)
    raise AssertionError("no mail came")


def _publish(client: httpx.Client, practice: str) -> None:
    """A visit with its payment, told over REST as the platform would."""
    import random

    from google.protobuf import json_format

    from praxis.platform.v1 import events_pb2

    content = envelope(uuid.UUID(practice), "UTC", datetime.now(UTC), random.Random(7))
    message = events_pb2.Envelope.FromString(content)
    body = json_format.MessageToDict(message, preserving_proto_field_name=True)
    for event in body["events"]:
        event["version"] = int(event["version"])
    answer = client.post("/events", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["inserted"] >= 6
    again = client.post("/events", json=body).json()
    assert (again["revision"], again["inserted"], again["changed"]) == (None, 0, 0)


def _audited(stack: RunningStack, service: str, practice: str) -> list[str]:
    layout = Layout.existing(stack.directory)
    server = Stack(layout, layout.load().ports).postgres
    with psycopg.connect(server.conninfo(f"praxis_{service}", "postgres")) as connection:
        rows = connection.execute(
            "select action from audit_log where practice_id = %s order by at", (practice,)
        ).fetchall()
    return [row[0] for row in rows]


def test_schedule_firing_execution_mail_sign_in_download(stack: RunningStack) -> None:
    practice = stack.practice("Full path", "UTC")
    recipient = f"owner-{uuid.uuid4().hex[:8]}@example.com"
    with stack.client(practice) as client:
        _publish(client, practice)
        at = datetime.now(UTC) + timedelta(seconds=3)
        schedule = client.post(
            "/reports/schedules",
            json={
                "name": "Month to date",
                "report_type": "revenue",
                "report_format": "pdf",
                "report_parameters": {"relative_range": "month_to_date"},
                "frequency": "daily",
                "time_of_day": f"{at:%H:%M:%S}",
                "timezone": "UTC",
                "delivery_method": "email",
                "email_recipients": [recipient],
            },
        )
        assert schedule.status_code == 201, schedule.text
        mail = _mail_to(stack.directory / "mail", recipient)
        body = mail.get_body(("plain",))
        assert body is not None
        found = re.search(r"(http://\S+)/reports\?run=([0-9a-f-]{36})", body.get_content())
        assert found and found[1] == stack.url
        assert not list(mail.iter_attachments())
    with httpx.Client(base_url=stack.url) as stranger:
        page = stranger.get(f"/reports?run={found[2]}")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert stranger.get(f"/api/v1/reports/executions/{found[2]}").status_code == 401
    with stack.client(practice) as reader:
        run = reader.get(f"/reports/executions/{found[2]}").json()
        assert run["schedule_id"] == schedule.json()["id"]
        content = reader.get(stack.url + run["download_url"]).content
        text = "".join(
            page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)
        )
        assert "Month to date" in text and "Page 1 of" in text
        after = reader.get(f"/reports/schedules/{schedule.json()['id']}").json()
        assert (after["total_runs"], after["successful_runs"]) == (1, 1)
        assert after["last_run_status"] == "completed"
    report, scheduler = (_audited(stack, name, practice) for name in ("report", "scheduler"))
    wanted = ["report.execute", "report.completed", "report.download"]
    assert [action for action in report if action in wanted] == wanted
    assert "schedule.create" in scheduler
    assert any(action.startswith("delivery") for action in scheduler), scheduler
