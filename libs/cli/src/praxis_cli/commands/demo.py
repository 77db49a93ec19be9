"""`demo`: everything started, loaded, asked and written, then left running to look at."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import httpx
import typer

from praxis_cli.commands.stack import say
from praxis_cli.errors import BadInputError, CommandError
from praxis_cli.live import publish
from praxis_cli.options import DEFAULT_DIR, Dir
from praxis_cli.stack import keys
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.local import run_until_signal, started
from praxis_cli.stack.services import Stack

FORMATS = ("pdf", "excel", "html", "csv", "json")
_NAME, _ZONE = "Harbor Clinic (demo)", "America/New_York"
_REPORT_S = 120
_SOON_S, _MAIL_S = 3, 60


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(demo)


def demo(
    directory: Dir = DEFAULT_DIR,
    leave: Annotated[bool, typer.Option("--exit", help="Stop after printing.")] = False,
    live: Annotated[bool, typer.Option("--live", help="Keep new facts coming.")] = False,
    data: Annotated[
        Path | None,
        typer.Option("--data", exists=True, help="FHIR R4 files to load, not the built-in clinic."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Today, for historical data.")
    ] = None,
) -> None:
    """Start everything, load a clinic, answer, write a revenue report, and show where it is."""
    today = date.today() if as_of is None else _day(as_of)  # noqa: DTZ011  (the clinic's own day)
    wishes = _Wishes(data, today, as_of is not None, leave, live)
    run_until_signal(_demo(Layout.at(directory), wishes))


@dataclass(frozen=True)
class _Wishes:
    """What the demo was asked to do; `fixed` when today was given and is not the clock's."""

    data: Path | None
    today: date
    fixed: bool
    leave: bool
    live: bool


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInputError(f"{text!r} is not a date such as 2026-07-27") from None


async def _demo(layout: Layout, wishes: _Wishes) -> None:
    begun = time.monotonic()
    out = layout.root / "demo"
    async with _up(layout) as stack:
        out.mkdir(exist_ok=True)
        practice = await asyncio.to_thread(_load, stack, out, wishes)
        token = keys.access_token(layout, practice, "owner", None)
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(
            base_url=f"{stack.url}/api/v1", headers=headers, timeout=30
        ) as client:
            await _answer(client)
            await _report(client, out)
            await _mail(client, stack, out)
        say(f"\nready {stack.url}   ({time.monotonic() - begun:.0f} s)")
        say(f"REST description: {stack.url}/openapi.json")
        say(f"sign in with this token (12 h, role owner):\n{token}")
        if wishes.leave:
            return
        say("Ctrl-C stops everything; the data stays.")
        if wishes.live:
            say("every two seconds another visit happens; watch the overview change")
            await publish(stack, practice, _ZONE, say)
        await asyncio.Event().wait()


@asynccontextmanager
async def _up(layout: Layout) -> AsyncIterator[Stack]:
    """The stack: the one that runs already, or one of our own."""
    state = layout.load() if layout.run.is_dir() and layout.is_locked() else None
    if state is not None and state.url:
        say(f"using the stack at {state.url}")
        yield Stack(layout, state.ports)
    else:
        async with started(layout, say) as stack:
            yield stack


def _load(stack: Stack, out: Path, wishes: _Wishes) -> uuid.UUID:
    """Adds the demo's practice and loads its facts; the same demo again changes nothing."""
    data, today = wishes.data, wishes.today
    note = out / "demo.json"
    # The built-in clinic is drawn up to today, so that another day is another clinic.
    loaded = str(data.resolve()) if data is not None else f"built-in until {today}"
    known = json.loads(note.read_text()) if note.exists() else {}
    if known.get("data") == loaded:
        practice = uuid.UUID(known["practice"])
    else:
        command = stack.command(
            "analytics", "practice", "add", "--name", _NAME, "--timezone", _ZONE
        )
        practice = uuid.UUID(_output(stack, *command).split()[-1])
        note.write_text(json.dumps({"practice": str(practice), "data": loaded}))
    folder = data
    if folder is None:
        folder = out / "data"
        say(f"\ndrawing a clinic of 1,000 patients up to {today} …")
        make = stack.command("analytics", "generate", str(folder), "--until", today.isoformat())
        _output(stack, *make)
    say(f"loading {folder} with the demo overlay …")
    arguments = ["import", "fhir", str(folder), "--practice", str(practice), "--demo-overlay"]
    if wishes.fixed:
        arguments += ["--as-of", today.isoformat()]
    code = stack.run("analytics", *arguments)
    if code:
        raise (
            BadInputError("the files could not be loaded")
            if code == 2
            else CommandError("the import failed; see the lines above")
        )
    return practice


def _output(stack: Stack, *command: str) -> str:
    """Runs a sub-command of analytics; what it prints. Raises: CommandError."""
    env = {**os.environ, **stack.environment("analytics")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(done.stderr.strip() or f"{command[-1]} failed")
    return done.stdout


def _body(response: httpx.Response) -> Any:
    body = response.json()
    if response.is_error:
        raise CommandError(f"the gateway answered {response.status_code}: {body.get('detail')}")
    return body


async def _answer(client: httpx.AsyncClient) -> None:
    """Asks for revenue and appointments of the previous month and prints them."""
    found = await client.post(
        "/reports/analytics/period", json={"relative_range": "previous_month"}
    )
    period = _body(found)
    dates = {name: period[name] for name in ("start_date", "end_date")}
    revenue = _body(await client.post("/reports/analytics/revenue", json=dates))
    visits = _body(await client.post("/reports/analytics/appointments", json=dates))
    say(f"\n{dates['start_date']} to {dates['end_date']}, {period['time_zone']}")
    for label, answer, field, unit in (
        ("Revenue", revenue, "total_revenue", "$"),
        ("  against the month before", revenue, "comparison_change", "%"),
        ("Charges", revenue, "total_charges", "$"),
        ("Payments", revenue, "total_payments", "$"),
        ("Adjustments", revenue, "total_adjustments", "$"),
        ("Outstanding balance", revenue, "outstanding_balance", "$"),
        ("Collection rate", revenue, "collection_rate", "%"),
        ("Appointments", visits, "total_appointments", ""),
        ("  completed", visits, "completed_appointments", ""),
        ("No-show rate", visits, "no_show_rate", "%"),
        ("Cancellation rate", visits, "cancellation_rate", "%"),
    ):
        say(f"  {label:<28}{_shown(answer, field, unit):>16}")
    say(f"  explained at {revenue['receipt']}")


def _shown(answer: Any, field: str, unit: str) -> str:
    value = answer[field]
    if value is None:
        return f"— ({answer['reasons'][field]})"
    if unit == "$":
        return f"${value:,.2f}"
    return f"{value:.2f} %" if unit else f"{value:,}"


async def _report(client: httpx.AsyncClient, out: Path) -> None:
    """Runs a revenue report in every format and fetches its files."""
    body = {
        "report_type": "revenue",
        "name": "Revenue, last twelve months",
        "parameters": {"relative_range": "last_365_days"},
    }
    report = _body(await client.post("/reports", json=body))
    say("\nreport files")
    runs = {
        form: _body(await client.post(f"/reports/{report['id']}/execute", json={"format": form}))
        for form in FORMATS
    }
    for form, run in runs.items():
        ended = await _ended(client, run["id"])
        if ended["status"] != "completed":
            say(f"  {form}: {ended['error']['message']} {ended['error']['hint']}")
            continue
        content = await client.get(client.base_url.join(ended["download_url"]))
        content.raise_for_status()
        path = out / f"revenue{Path(ended['file_name']).suffix}"
        path.write_bytes(content.content)
        say(f"  {path}  ({len(content.content):,} bytes, revision {ended['as_of']['revision']})")


async def _mail(client: httpx.AsyncClient, stack: Stack, out: Path) -> None:
    """Sets up a schedule that fires in a moment, and keeps the mail it sends."""
    at = datetime.now(ZoneInfo(_ZONE)) + timedelta(seconds=_SOON_S)
    body = {
        "name": "Revenue, month to date",
        "report_type": "revenue",
        "report_format": "pdf",
        "report_parameters": {"relative_range": "month_to_date"},
        "frequency": "daily",
        "time_of_day": f"{at:%H:%M:%S}",
        "timezone": _ZONE,
        "delivery_method": "email",
        "email_recipients": ["owner@harbor-clinic.example"],
    }
    _body(await client.post("/reports/schedules", json=body))
    say(f"\na schedule fires at {at:%H:%M:%S} and sends its report by mail …")
    before = set(stack.mail.folder.glob("*.eml"))
    deadline = time.monotonic() + _MAIL_S
    while not (new := set(stack.mail.folder.glob("*.eml")) - before):
        if time.monotonic() > deadline:
            raise CommandError(f"no mail came; see {stack.layout.logs}/scheduler.log")
        await asyncio.sleep(0.2)
    path = out / "mail.eml"
    path.write_bytes(new.pop().read_bytes())
    say(f"  {path}")


async def _ended(client: httpx.AsyncClient, execution_id: str) -> Any:
    deadline = time.monotonic() + _REPORT_S
    while True:
        run = _body(await client.get(f"/reports/executions/{execution_id}"))
        if run["status"] in ("completed", "failed", "cancelled"):
            return run
        if time.monotonic() > deadline:
            raise CommandError(f"execution {execution_id} is still {run['stage']}")
        await asyncio.sleep(0.2)
