"""Sends queued mails: one delivery each, handed over once unless a crash leaves that open.

The ledger says `sending` before the mail goes out and `sent` after it was taken. Whoever finds
`sending` does not know, sends again under the same Message-ID, and ends in `maybe_duplicate`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from praxis_chassis import logs
from praxis_chassis.database import Database
from praxis_chassis.errors import Error
from praxis_chassis.jobs import Job, Jobs
from praxis_chassis.records import audit
from praxis_scheduler.application.firing import on_behalf, owner_of
from praxis_scheduler.application.neighbours import Neighbours
from praxis_scheduler.delivery.message import compose
from praxis_scheduler.delivery.smtp import Mailer, Unanswered
from praxis_scheduler.storage import firings
from praxis_scheduler.storage.rows import Record, update

_OPEN = ("pending", "sending")


@dataclass(frozen=True)
class Deliverer:
    """What sending needs; `database` is the worker login, `public_url` has no last slash."""

    database: Database
    jobs: Jobs
    neighbours: Neighbours
    mailer: Mailer
    public_url: str
    clock: Callable[[], datetime]

    async def handle(self, job: Job) -> None:
        """Sends one mail. Raises: LeaseLost, or the error that ends the attempt."""
        delivery = await self._delivery(job)
        if delivery is None or delivery["status"] not in _OPEN:
            async with self.jobs.ending(job):
                return
        with on_behalf(owner_of(delivery), uuid.uuid4().hex):
            mail = await self._compose(delivery)
            async with self.mailer.accepted(delivery["recipient"]) as handover:
                is_uncertain = await self._begin(job)
                try:
                    await handover.send(mail)
                except Unanswered:
                    raise
                except Error:
                    await self._not_taken(job)
                    raise
            await self._taken(job, is_uncertain)

    async def give_up(self, job: Job, error: Error) -> None:
        """Records that a mail could not be delivered, and why."""
        delivery = await self._delivery(job)
        if delivery is None:
            async with self.jobs.ending(job, "failed"):
                return
        with on_behalf(owner_of(delivery), uuid.uuid4().hex):
            change: Record = {"status": "failed", "error": error.message}
            async with self.jobs.ending(job, "failed") as connection:
                await update(connection, "delivery", job.practice_id, job.subject_id, change)
                outcome = error.reason.lower()
                await audit(
                    connection, "delivery.fail", "delivery", job.subject_id, outcome=outcome
                )

    async def _delivery(self, job: Job) -> Record | None:
        async with self.database.read(job.practice_id, 5_000) as connection:
            return await firings.get_delivery(connection, job.practice_id, job.subject_id)

    async def _compose(self, delivery: Record) -> bytes:
        values = {
            "report_name": delivery["name"],
            "practice_name": await self.neighbours.practice_name(owner_of(delivery)),
            "fire_date": delivery["local_label"][:10],
            "link": f"{self.public_url}/reports?run={delivery['execution_id']}",
        }
        templates = (delivery["email_subject"], delivery["email_body"])
        sender, recipient = self.mailer.sender, delivery["recipient"]
        return compose(delivery["id"], sender, recipient, templates, values, self.clock())

    async def _begin(self, job: Job) -> bool:
        """Notes and audits the attempt before the first byte leaves."""
        async with self.jobs.step(job) as connection:
            await audit(connection, "delivery.send", "delivery", job.subject_id)
            return await firings.begin_attempt(connection, job.practice_id, job.subject_id)

    async def _not_taken(self, job: Job) -> None:
        async with self.jobs.step(job) as connection:
            change: Record = {"status": "pending"}
            await update(connection, "delivery", job.practice_id, job.subject_id, change)

    async def _taken(self, job: Job, is_uncertain: bool) -> None:
        status = "maybe_duplicate" if is_uncertain else "sent"
        change: Record = {"status": status, "sent_at": self.clock(), "error": None}
        async with self.jobs.ending(job) as connection:
            await update(connection, "delivery", job.practice_id, job.subject_id, change)
            await audit(connection, "delivery.sent", "delivery", job.subject_id, outcome=status)
        logs.get().info("delivery.sent", practice_id=str(job.practice_id), state=status)
