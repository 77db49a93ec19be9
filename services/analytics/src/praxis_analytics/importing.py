"""The `import` command: files of a source into a practice, with progress, counts and a report."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys

from praxis_analytics.application.import_fhir import import_fhir
from praxis_analytics.application.import_report import ImportResult
from praxis_analytics.application.import_synthea import import_synthea
from praxis_analytics.progress import Progress
from praxis_analytics.sources.problems import BadFile
from praxis_analytics.storage.imports import finish_import, start_import
from praxis_analytics.storage.practices import get_practice
from praxis_chassis.database import Connection, transaction
from praxis_chassis.ids import uuid7

_STATEMENT_MS = 60_000
_SHOWN = 10
_IMPORTS = {"fhir": import_fhir, "synthea": import_synthea}


async def run_import(connection: Connection, options: argparse.Namespace) -> int:
    """Imports what the options name. Returns 0, or 2 for files that cannot be imported."""
    async with transaction(connection, "BEGIN", options.practice, _STATEMENT_MS):
        practice = await get_practice(connection, options.practice)
    import_id = uuid7()
    await start_import(connection, practice.practice_id, import_id, options)
    progress = Progress(quiet=options.json)
    result: ImportResult | None = None
    try:
        result = await _IMPORTS[options.source](
            connection,
            practice,
            options.path,
            overlay=options.demo_overlay,
            as_of=options.as_of,
            import_id=import_id,
            progress=progress,
        )
    except BadFile as error:
        print(f"praxis: {error}; nothing was loaded", file=sys.stderr)
        return BadFile.exit_code
    finally:
        progress.close()
        await finish_import(connection, practice.practice_id, import_id, result)
    if options.json:
        print(json.dumps(dataclasses.asdict(result), default=str))
    else:
        _print_counts(result)
        _print_report(result)
    return 0


_COLUMNS = ("read", "loaded", "updated", "unchanged", "rejected", "skipped")


def _print_counts(result: ImportResult) -> None:
    print(f"{'resource':<28}" + "".join(f"{name:>11}" for name in _COLUMNS))
    for name, counts in sorted(result.resources.items()):
        print(f"{name:<28}" + "".join(f"{getattr(counts, column):>11,}" for column in _COLUMNS))
    print(
        f"facts: {result.inserted:,} new, {result.changed:,} changed, {result.voided:,} voided"
        f" in {result.seconds:.1f} s; "
        + (f"revision {result.revision}" if result.revision else "nothing changed")
    )


def _print_report(result: ImportResult) -> None:
    """What was left out and what looked doubtful: counts first, then a few places."""
    for reason, count in sorted(result.skipped.items()):
        print(f"skipped: {count:,} × {reason}")
    for name in result.files_skipped:
        print(f"not read: {name}")
    for kind, warned in sorted(result.warnings.items()):
        print(f"warning: {warned.count:,} × {kind} (such as {', '.join(warned.examples[:2])})")
    for rejection in result.rejections[:_SHOWN]:
        print(f"rejected: {rejection}")
    if result.rejected > _SHOWN:
        print(f"rejected: {result.rejected - _SHOWN:,} more; --json names up to 100")
