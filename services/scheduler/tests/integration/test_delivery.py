"""From a run's end to the mailbox: one mail per recipient, whatever dies in between."""

from __future__ import annotations

import asyncio
import email
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from praxis.event.v1 import event_pb2
from praxis.report.v1 import events_pb2, report_pb2
from praxis.scheduler.v1 import schedule_pb2
from praxis.scheduler.v1 import schedule_service_pb2 as rpc
from praxis_chassis.jobs import Job, Jobs
from praxis_cli.stack import ports
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.mail import Mail
from praxis_cli.stack.processes import start
from praxis_scheduler.api.events import HANDLERS
from praxis_scheduler.application.delivering import Deliverer
from praxis_scheduler.application.outcomes import delivery_id
from praxis_scheduler.delivery.smtp import Mailer, NotNow, Refused, Unanswered

from .conftest import World, request

pytestmark = pytest.mark.asyncio
TO = ["a@praxis.test", "b@praxis.test"]


async def fired(world: World, **fields: Any) -> tuple[str, str]:
    """A schedule that has fired once: its id and the firing's."""
    made = await world.servicer.CreateSchedule(request(email_recipients=TO, **fields), None)
    world.clock.now = datetime(2026, 3, 2, 13, tzinfo=UTC)
    await world.fire()
    [(firing_id,)] = await world.rows(
        "select id from firing where schedule_id = %s", uuid.UUID(made.id)
    )
    return made.id, str(firing_id)


async def end(world: World, schedule_id: str, firing_id: str, status: str, error: str = "") -> str:
    """Lets the run end, as the report service tells it. Returns the execution's id."""
    ended = events_pb2.ExecutionEnded(
        execution_id=str(uuid.uuid4()),
        practice_id=str(world.practice_id),
        status=status,
        schedule_id=schedule_id,
        firing_id=firing_id,
        error_message=error,
    )
    await handle(world, status, ended)
    return ended.execution_id


async def handle(world: World, status: str, ended: events_pb2.ExecutionEnded) -> None:
    subject = f"praxis.report.v1.execution.{status}"
    event = event_pb2.Event(
        practice_id=str(world.practice_id), subject=subject, payload=ended.SerializeToString()
    )
    event.occurred_at.FromDatetime(world.clock())
    async with world.worker.write(world.practice_id) as connection:
        await HANDLERS[subject](connection, event)


async def get(world: World, schedule_id: str) -> schedule_pb2.ReportSchedule:
    return await world.servicer.GetSchedule(rpc.GetScheduleRequest(schedule_id=schedule_id), None)


async def ledger(world: World) -> list[tuple[str, str, int]]:
    rows = await world.rows("select recipient, status, attempts from delivery order by recipient")
    return [(str(to), str(status), int(attempts)) for to, status, attempts in rows]


async def test_a_completed_run_counts_and_queues_one_mail_per_recipient(world: World) -> None:
    schedule_id, firing_id = await fired(world)
    world.clock.forward(minutes=1)
    execution_id = await end(world, schedule_id, firing_id, "completed")
    # Told again with another execution, as no producer of ours would.
    await end(world, schedule_id, firing_id, "failed")
    shown = await get(world, schedule_id)
    assert (shown.total_runs, shown.successful_runs, shown.failed_runs) == (1, 1, 0)
    assert (shown.success_rate, shown.last_run_status) == (100, report_pb2.REPORT_STATUS_COMPLETED)
    assert shown.last_run_at.ToDatetime(tzinfo=UTC) == datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert await ledger(world) == [(to, "pending", 0) for to in TO]
    listed = await world.servicer.ListScheduleRuns(
        rpc.ListScheduleRunsRequest(schedule_id=schedule_id), None
    )
    [run] = listed.items
    assert (run.execution_id, run.status) == (execution_id, report_pb2.REPORT_STATUS_COMPLETED)
    assert [one.recipient for one in run.deliveries] == TO
    assert run.deliveries[0].status == schedule_pb2.DELIVERY_STATUS_PENDING


async def test_a_failed_run_says_why_and_sends_nothing(world: World) -> None:
    schedule_id, firing_id = await fired(world)
    await end(world, schedule_id, firing_id, "failed", "Choose a shorter period.")
    shown = await get(world, schedule_id)
    assert (shown.total_runs, shown.failed_runs, shown.success_rate) == (1, 1, 0)
    assert shown.last_run_status == report_pb2.REPORT_STATUS_FAILED
    assert shown.last_run_error == "Choose a shorter period."
    assert await ledger(world) == []


async def test_runs_of_people_and_portal_schedules_send_nothing(world: World) -> None:
    await handle(world, "completed", events_pb2.ExecutionEnded(status="completed"))
    portal = schedule_pb2.DELIVERY_METHOD_PORTAL
    await end(world, *await fired(world, delivery_method=portal), "completed")
    assert await ledger(world) == []


async def test_another_practice_s_firing_is_not_touched(world: World) -> None:
    schedule_id, firing_id = await fired(world)
    own = world.practice_id
    world.practice_id = uuid.uuid4()
    await end(world, schedule_id, firing_id, "completed")
    world.practice_id = own
    assert (await get(world, schedule_id)).total_runs == 0


class Post:
    """A mail server that answers as its script says; what it took is kept."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.rcpt: list[str] = []
        self.data: list[str] = []
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd looks for
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.rcpt.pop(0) if self.rcpt else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Any, envelope: Any
    ) -> str:
        answer = self.data.pop(0) if self.data else "250 OK"
        if answer.startswith(("250", "drop")):
            self.taken.append((envelope.rcpt_tos[0], envelope.content))
        if answer == "drop":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    script = Post()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(script, hostname="praxis.test", loop=loop), "127.0.0.1", 0
    )
    script.port = server.sockets[0].getsockname()[1]
    yield script
    server.close()


@pytest.fixture
def deliver(world: World) -> Callable[[int], Deliverer]:
    """Makes what delivers through a port."""

    def make(port: int) -> Deliverer:
        mailer = Mailer("127.0.0.1", port, "none", 2, "reports@praxis.test")
        jobs = Jobs(world.worker, f"test-{world.practice_id}")
        link = "http://praxis.test"
        return Deliverer(world.worker, jobs, world.neighbours, mailer, link, world.clock)  # type: ignore[arg-type]

    return make


async def claim(world: World, recipient: str) -> Job:
    """This world's job for a recipient, whatever state it was left in."""
    async with world.worker.write(None) as connection:
        cursor = await connection.execute(
            "update job set state = 'running', fence = fence + 1, attempts = attempts + 1,"
            " lease_until = clock_timestamp() + interval '30 s' where"
            " practice_id = %s and subject_id = %s"
            " returning job_id, practice_id, kind, subject_id, attempts, fence",
            (world.practice_id, await _delivery(world, recipient)),
        )
        row = await cursor.fetchone()
    assert row is not None
    return Job(*row)


async def _delivery(world: World, recipient: str) -> uuid.UUID:
    [(found,)] = await world.rows("select id from delivery where recipient = %s", recipient)
    assert isinstance(found, uuid.UUID)
    return found


def _text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_the_mail_is_taken_once_and_carries_a_link(
    world: World, post: Post, deliver: Callable[[int], Deliverer]
) -> None:
    schedule_id, firing_id = await fired(world)
    execution_id = await end(world, schedule_id, firing_id, "completed")
    for recipient in TO:
        job = await claim(world, recipient)
        await deliver(post.port).handle(job)
    # A job that comes a second time finds the mail sent.
    again = await claim(world, TO[0])
    await deliver(post.port).handle(again)
    assert [to for to, _ in post.taken] == TO
    assert await ledger(world) == [(to, "sent", 1) for to in TO]
    mail = email.message_from_bytes(post.taken[0][1], policy=policy.default)
    expected = delivery_id(uuid.UUID(execution_id), TO[0])
    assert mail["Message-ID"] == f"<{expected}@praxis.local>"
    assert mail["Subject"] == "Morning, 2026-03-02"
    text = _text_of(mail)
    assert f"http://praxis.test/reports?run={execution_id}" in text and "Riverside" in text
    actions = await world.rows(
        "select action, actor, on_behalf_of from audit_log where object_type = 'delivery'"
        " and object_id = %s order by at",
        str(expected),
    )
    assert actions == [
        ("delivery.send", "scheduler", "tester"),
        ("delivery.sent", "scheduler", "tester"),
    ]


@pytest.mark.parametrize("at", ["rcpt", "data"])
async def test_a_server_that_puts_it_off_is_asked_again(
    world: World, post: Post, deliver: Callable[[int], Deliverer], at: str
) -> None:
    await end(world, *await fired(world), "completed")
    getattr(post, at).append("451 later")
    with pytest.raises(NotNow, match="451"):
        await deliver(post.port).handle(await claim(world, TO[0]))
    assert (await ledger(world))[0][1] == "pending"
    await deliver(post.port).handle(await claim(world, TO[0]))
    assert (await ledger(world))[0][1] == "sent"
    assert len(post.taken) == 1


@pytest.mark.parametrize("at", ["rcpt", "data"])
async def test_a_refusal_is_final_and_told(
    world: World, post: Post, deliver: Callable[[int], Deliverer], at: str
) -> None:
    schedule_id, firing_id = await fired(world)
    await end(world, schedule_id, firing_id, "completed")
    getattr(post, at).append("550 no such patient Jane Roe")
    job = await claim(world, TO[0])
    with pytest.raises(Refused) as caught:
        await deliver(post.port).handle(job)
    await deliver(post.port).give_up(job, caught.value)
    listed = await world.servicer.ListScheduleRuns(
        rpc.ListScheduleRunsRequest(schedule_id=schedule_id), None
    )
    told = listed.items[0].deliveries[0]
    assert told.status == schedule_pb2.DELIVERY_STATUS_FAILED
    # The server's own words stay out.
    assert told.error == "the mail server refused it with 550"
    assert post.taken == []


async def test_a_server_that_is_away_leaves_the_mail_waiting(
    world: World, deliver: Callable[[int], Deliverer]
) -> None:
    await end(world, *await fired(world), "completed")
    with pytest.raises(NotNow):
        await deliver(1).handle(await claim(world, TO[0]))
    assert (await ledger(world))[0] == (TO[0], "pending", 0)


async def test_a_server_that_takes_it_and_drops_gets_it_again_marked(
    world: World, post: Post, deliver: Callable[[int], Deliverer]
) -> None:
    await end(world, *await fired(world), "completed")
    post.data.append("drop")
    with pytest.raises(Unanswered):
        await deliver(post.port).handle(await claim(world, TO[0]))
    await deliver(post.port).handle(await claim(world, TO[0]))
    assert (await ledger(world))[0] == (TO[0], "maybe_duplicate", 2)
    first, second = (email.message_from_bytes(content) for _, content in post.taken)
    assert first["Message-ID"] == second["Message-ID"]


async def test_a_crash_between_acceptance_and_commit_is_marked(
    world: World, post: Post, deliver: Callable[[int], Deliverer]
) -> None:
    await end(world, *await fired(world), "completed")
    stale = await claim(world, TO[0])

    class Dies(Deliverer):
        async def _taken(self, job: Job, is_uncertain: bool) -> None:
            raise KeyboardInterrupt

    whole = deliver(post.port)
    dies = Dies(*(getattr(whole, name) for name in Deliverer.__dataclass_fields__))
    with pytest.raises(KeyboardInterrupt):
        await dies.handle(stale)
    await whole.handle(await claim(world, TO[0]))
    assert (await ledger(world))[0] == (TO[0], "maybe_duplicate", 2)
    assert len(post.taken) == 2


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Mail]:
    """The stack's own mail server as a process."""
    layout = Layout.at(tmp_path / "stack")
    layout.create()
    mail = Mail(layout, ports.choose(("mail",), {})["mail"])
    child = start(mail.process(), layout.logs)
    yield mail
    child.stop()
    assert child.exit_code() == 0


async def test_the_stack_s_mail_server_keeps_the_mail_as_a_file(
    world: World, box: Mail, deliver: Callable[[int], Deliverer]
) -> None:
    await end(world, *await fired(world, name="Umsätze – März"), "completed")
    for recipient in TO:
        await deliver(box.port).handle(await claim(world, recipient))
    files = sorted(box.folder.glob("*.eml"))
    mails = [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    assert [mail["X-Envelope-To"] for mail in mails] == TO
    assert mails[0]["Subject"] == "Umsätze – März, 2026-03-02"
    assert sorted(box.folder.iterdir()) == sorted(files)
