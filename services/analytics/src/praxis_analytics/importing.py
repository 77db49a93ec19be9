"""The `import` command: files of a source into a practice, with progress, counts and a report."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys

from praxis_analytics.application.import_fhir import ImportResult, import_fhir
from praxis_analytics.progress import Progress
from praxis_analytics.sources.fhir.reading import BadFile
from praxis_analytics.storage.imports import finish_import, start_import
from praxis_analytics.storage.practices import get_practice
from praxis_chassis.database import Connection, transaction
from praxis_chassis.ids import uuid7

_STATEMENT_MS = 60_000


async def run_import(connection: Connection, options: argparse.Namespace) -> int:
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
    print(
        f"{'resource':<28}{'read':>10}{'loaded':>10}{'updated':>10}{'unchanged':>11}{'rejected':>10}"
    )
    print(result)


