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
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from praxis_cli.commands.stack import say
from praxis_cli.errors import BadInputError, CommandError
from praxis_cli.options import DEFAULT_DIR, Dir
from praxis_cli.stack import keys
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.local import run_until_signal, started
from praxis_cli.stack.services import Stack

FORMATS = ("pdf", "excel", "html", "csv", "json")
_NAME, _ZONE = "Harbor Clinic (demo)", "America/New_York"
_REPORT_S = 120


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
    if live:
        raise BadInputError("--live is not built yet: it needs the platform's events")
    today = date.today() if as_of is None else _day(as_of)  # noqa: DTZ011  (the clinic's own day)
    run_until_signal(_demo(Layout.at(directory), data, today, as_of is not None, leave))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInputError(f"{text!r} is not a date such as 2026-07-27") from None


async def _demo(
    layout: Layout, data: Path | None, today: date, fix_today: bool, leave: bool
) -> None:
    begun = time.monotonic()
    out = layout.root / "demo"
    async with _up(layout) as stack:
        out.mkdir(exist_ok=True)
        practice = await asyncio.to_thread(_load, stack, out, data, today, fix_today)
        token = keys.access_token(layout, practice, "owner", None)
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(
            base_url=f"{stack.url}/api/v1", headers=headers, timeout=30
        ) as client:
            await _answer(client)
            await _report(client, out)
        say(f"\nready {stack.url}   ({time.monotonic() - begun:.0f} s)")
        say(f"REST description: {stack.url}/openapi.json")
        say(f"sign in with this bearer token (12 h, role owner):\n{token}")
        if not leave:
            say("Ctrl-C stops everything; the data stays.")
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


def _load(stack: Stack, out: Path, data: Path | None, today: date, fix_today: bool) -> uuid.UUID:
    """Adds the demo's practice and loads its facts; the same demo again changes nothing."""
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
        say(f"\ndrawing a clinic of 200 patients up to {today} …")
        make = stack.command("analytics", "generate", str(folder), "--until", today.isoformat())
        _output(stack, *make)
    say(f"loading {folder} with the demo overlay …")
    arguments = ["import", "fhir", str(folder), "--practice", str(practice), "--demo-overlay"]
    if fix_today:
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


async def _ended(client: httpx.AsyncClient, execution_id: str) -> Any:
    deadline = time.monotonic() + _REPORT_S
    while True:
        run = _body(await client.get(f"/reports/executions/{execution_id}"))
        if run["status"] in ("completed", "failed", "cancelled"):
            return run
        if time.monotonic() > deadline:
            raise CommandError(f"execution {execution_id} is still {run['stage']}")
        await asyncio.sleep(0.2)
