"""`python -m praxis_analytics COMMAND`: the service, and what an operator does beside it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from uuid import UUID

from praxis_analytics.bootstrap import serve
from praxis_analytics.settings import Settings
from praxis_chassis.migrations import migrate

_SERVING: Mapping[str, Callable[[Settings], None]] = {
    "serve": lambda settings: asyncio.run(serve(settings)),
    "migrate": lambda settings: migrate(settings, "praxis_analytics"),
    "config": lambda settings: print(settings.model_dump_json(indent=2)),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="praxis-analytics")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in _SERVING:
        commands.add_parser(name)
    practice = commands.add_parser("practice").add_subparsers(required=True).add_parser("add")
    practice.add_argument("--name", required=True)
    practice.add_argument("--timezone", required=True)
    load = commands.add_parser("import")
    load.add_argument("source", choices=("fhir", "synthea"))
    load.add_argument("path", type=Path)
    load.add_argument("--demo-overlay", action="store_true")
    load.add_argument("--as-of", type=date.fromisoformat)
    letters = commands.add_parser("dead-letters", add_help=False)
    letters.add_argument("arguments", nargs=argparse.REMAINDER)
    check = commands.add_parser("verify")
    for command in (load, check):
        command.add_argument("--practice", type=UUID, required=True)
        command.add_argument("--json", action="store_true")
    make = commands.add_parser("generate")
    make.add_argument("folder", type=Path)
    make.add_argument("--until", type=date.fromisoformat, required=True)
    make.add_argument("--patients", type=int, default=1000)
    return parser


def main() -> int:
    """Runs one command; returns the exit code."""
    options = _parser().parse_args()
    if options.command in _SERVING:
        settings = Settings()  # type: ignore[call-arg]  # filled from the environment
        _SERVING[options.command](settings)
        return 0
    # Importers and the generator are no part of the serving process.
    from praxis_analytics import operations

    if options.command == "generate":
        return operations.generate_files(options.folder, options.until, options.patients)
    return asyncio.run(operations.run(Settings(), options))  # type: ignore[call-arg]


if __name__ == "__main__":
    sys.exit(main())
