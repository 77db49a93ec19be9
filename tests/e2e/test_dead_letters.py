"""Events that could not be applied, as an owner sees them over REST and an operator by command."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from conftest import RunningStack, eventually
from praxis.platform.v1 import events_pb2
from praxis_chassis import nkeys
from praxis_cli.live import SUBJECT, USER
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.services import Stack


def _envelope(practice: str, payer_id: str) -> bytes:
    event = events_pb2.Event(event_id=str(uuid.uuid4()), version=1)
    event.occurred_at.GetCurrentTime()
    charge = event.charge
    charge.id, charge.patient_id, charge.amount, charge.currency = payer_id, "p", "10.00", "EUR"
    charge.service_date = charge.posting_date = "2025-03-01"
    return events_pb2.Envelope(
        envelope_id=str(uuid.uuid4()), practice_id=practice, source_system="e2e", events=[event]
    ).SerializeToString()


async def _publish(stack: RunningStack, *contents: bytes) -> None:
    layout = Layout.existing(stack.directory)
    server = Stack(layout, layout.load().ports).nats
    client = await nkeys.connect(
        server.url,
        server.seed_file(USER),
        inbox_prefix=f"_INBOX_{USER}".encode(),
    )
    for content in contents:
        await client.jetstream().publish(SUBJECT, content)
    await client.close()


async def test_owner_and_operator_deal_with_dead_letters(stack: RunningStack) -> None:
    practice = stack.practice("Dead letters")
    await _publish(stack, *(_envelope(practice, f"c{n}") for n in range(3)))
    with stack.client(practice) as owner, stack.client(practice, role="billing") as billing:

        def letters() -> list[Any]:
            found = owner.get("/imports/dead-letters")
            assert found.status_code == 200, found.text
            return list(found.json()["dead_letters"])

        async def kept() -> bool:
            return len(await asyncio.to_thread(letters)) == 3

        await eventually(kept)
        assert billing.get("/imports/dead-letters").status_code == 403
        first, second, third = (one["dead_letter_id"] for one in letters())
        assert letters()[0]["reason"] == "invalid_field: events[0].charge.currency"
        refused = owner.post(f"/imports/dead-letters/{first}/replay", json={})
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["field"] == "events[0].charge.currency"
        assert owner.delete(f"/imports/dead-letters/{first}").status_code in (200, 204)
        assert owner.delete(f"/imports/dead-letters/{first}").status_code == 404

    def mine() -> set[str]:
        listed = stack.command("dead-letters", "list", "--json")
        assert listed.returncode == 0, listed.stderr
        rows = json.loads(listed.stdout)
        return {row["id"] for row in rows if row["practice_id"] == practice}

    assert mine() == {second, third}
    kept_again = stack.command("dead-letters", "replay", second)
    assert kept_again.returncode == 1
    assert "keeps its books in USD" in kept_again.stderr
    discarded = stack.command("dead-letters", "discard", second, third)
    assert discarded.returncode == 0, discarded.stderr
    assert not mine()
    assert stack.command("dead-letters", "discard", third).returncode == 2
    assert stack.command("dead-letters", "replay").returncode == 2
    for service in ("report", "scheduler", "dashboard"):
        listed = stack.command("dead-letters", "list", "--service", service, "--json")
        assert (listed.returncode, json.loads(listed.stdout)) == (0, []), listed.stderr
    assert stack.command("dead-letters", "list", "--service", "gateway").returncode == 2
