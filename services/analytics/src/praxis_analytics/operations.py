"""What an operator does beside the running service: add a practice, import files, verify.

Each runs as a process of its own with the service's own login; several may run at once.
"""

from __future__ import annotations

import argparse
import dataclasses
import getpass
import json
import sys
import time
import uuid
from datetime import date
from pathlib import Path

import psycopg

from praxis_analytics.application.import_fhir import ImportResult, import_fhir
from praxis_analytics.application.verify import verify
from praxis_analytics.settings import Settings
from praxis_analytics.sources.fhir.reading import BadFile
from praxis_analytics.sources.generator import generate
from praxis_analytics.storage.imports import finish_import, start_import
from praxis_analytics.storage.practices import add_practice, get_practice
from praxis_chassis import logs
from praxis_chassis.caller import Call, Caller, enter
from praxis_chassis.database import Connection, transaction
from praxis_chassis.errors import Error
from praxis_chassis.ids import uuid7
from praxis_analytics.progress import Progress

_STATEMENT_MS = 60_000


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Runs a command on a connection of its own. Returns 0, 1 for findings, 2 for bad input."""
    logs.configure("analytics", "warning")
    _enter(getattr(options, "practice", None))
    try:
        async with await psycopg.AsyncConnection.connect(
            settings.conninfo("app"), autocommit=True, prepare_threshold=None
        ) as connection:
            if options.command == "practice":
                return await _add(connection, options)
            if options.command == "verify":
                return await _verify(connection, options)
            return await _import(connection, options)
    except (BadFile, Error) as error:
        print(f"praxis: {error}", file=sys.stderr)
        return 2


def _enter(practice_id: uuid.UUID | None) -> None:
    """Makes the operator of this process the caller, for the audit."""
    caller = Caller(practice_id or uuid.UUID(int=0), getpass.getuser(), frozenset({"service"}))
    enter(Call(caller, uuid.uuid4().hex, "", time.monotonic() + 86_400))


async def _add(connection: Connection, options: argparse.Namespace) -> int:
    practice_id = uuid7()
    _enter(practice_id)
    async with transaction(connection, "BEGIN", practice_id, _STATEMENT_MS):
        await add_practice(connection, practice_id, options.name, options.timezone)
    print(practice_id)
    return 0


async def _import(connection: Connection, options: argparse.Namespace) -> int:
    async with transaction(connection, "BEGIN", options.practice, _STATEMENT_MS):
        practice = await get_practice(connection, options.practice)
    if options.source == "synthea":
        print("praxis: Synthea CSV is not built yet; FHIR R4 is", file=sys.stderr)
        return 2
    import_id = uuid7()
    await start_import(connection, practice.practice_id, import_id, options)
    progress = Progress(quiet=options.json)
    state, result = "failed", None
    try:
        result = await import_fhir(
            connection,
            practice,
            options.path,
            overlay=options.demo_overlay,
            as_of=options.as_of,
            import_id=import_id,
            progress=progress,
        )
        state = "completed"
    finally:
        progress.close()
        await finish_import(connection, practice.practice_id, import_id, state, result)
    _print_result(result, as_json=options.json)
    return 0


def _print_result(result: ImportResult, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(dataclasses.asdict(result), default=str))
        return
    print(f"{'resource':<28}{'read':>10}{'loaded':>10}{'updated':>10}{'unchanged':>11}{'rejected':>10}")
    print(result)


async def _verify(connection: Connection, options: argparse.Namespace) -> int:
    findings = await verify(connection, options.practice)
    if options.json:
        print(json.dumps([dataclasses.asdict(one) for one in findings], default=str))
    else:
        for one in findings:
            mark = "ok  " if one.holds else "FAIL"
            print(f"{mark} {one.name}: {one.detail}")
    return 0 if all(one.holds for one in findings) else 1


def generate_files(folder: Path, until: date, patients: int) -> int:
    """Writes the built-in demo clinic as FHIR files."""
    counts = generate(folder, until=until, patients=patients)
    print(json.dumps(counts))
    return 0
