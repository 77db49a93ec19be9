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
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import psycopg

from praxis_analytics.application.verify import verify
from praxis_analytics.domain.findings import Finding
from praxis_analytics.queries.ties import ties
from praxis_analytics.settings import Settings
from praxis_analytics.sources.generator import generate
from praxis_analytics.storage.practices import add_practice
from praxis_chassis import logs
from praxis_chassis.caller import Call, Caller, enter
from praxis_chassis.database import Connection, transaction
from praxis_chassis.errors import Error
from praxis_chassis.ids import uuid7

_STATEMENT_MS = 60_000


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Runs a command on a connection of its own. Returns 0, 1 for findings, 2 for bad input."""
    logs.configure("analytics", "warning")
    _enter(getattr(options, "practice", None))
    try:
        if options.command == "dead-letters":
            return await _dead_letters(settings, options)
        async with await psycopg.AsyncConnection.connect(
            settings.conninfo("app"), autocommit=True, prepare_threshold=None
        ) as connection:
            if options.command == "practice":
                return await _add(connection, options)
            if options.command == "verify":
                return await _verify(connection, options)
            return await _import(connection, options)
    except Error as error:
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
    from praxis_analytics.importing import run_import

    return await run_import(connection, options)


async def _dead_letters(settings: Settings, options: argparse.Namespace) -> int:
    from praxis_analytics.replaying import run_dead_letters

    return await run_dead_letters(settings, options.arguments, _enter)


async def _verify(connection: Connection, options: argparse.Namespace) -> int:
    """Control totals, then drill = figure, each said as soon as it is known."""
    findings = []
    async for one in _findings(connection, options.practice):
        findings.append(one)
        if not options.json:
            print(f"{'ok  ' if one.holds else 'FAIL'} {one.name}: {one.detail}", flush=True)
    if options.json:
        print(json.dumps([dataclasses.asdict(one) for one in findings], default=str))
    return 0 if all(one.holds for one in findings) else 1


async def _findings(connection: Connection, practice_id: uuid.UUID) -> AsyncIterator[Finding]:
    async for one in verify(connection, practice_id):
        yield one
    async for one in ties(connection, practice_id):
        yield one


def generate_files(folder: Path, until: date, patients: int) -> int:
    """Writes the built-in demo clinic as FHIR files."""
    counts = generate(folder, until=until, patients=patients)
    print(json.dumps(counts))
    return 0
