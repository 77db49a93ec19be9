"""`python -m praxis_report COMMAND`: serve, migrate, config, dead-letters, rewrap-keys."""

from __future__ import annotations

import argparse
import asyncio
import sys

from praxis_chassis.dead_letters import run_alone
from praxis_chassis.migrations import migrate
from praxis_report.application.scheduling import handlers
from praxis_report.bootstrap import rewrap_keys, serve
from praxis_report.settings import Settings


def main() -> int:
    """Runs one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="praxis-report")
    commands = ("serve", "migrate", "config", "dead-letters", "rewrap-keys")
    parser.add_argument("command", choices=commands)
    options, more = parser.parse_known_args()
    command = options.command
    if more and command != "dead-letters":
        parser.error(f"{command} takes nothing more")
    settings = Settings()  # type: ignore[call-arg]  # filled from the environment
    if command == "serve":
        asyncio.run(serve(settings))
    elif command == "migrate":
        migrate(settings, "praxis_report")
    elif command == "dead-letters":
        known = handlers(settings.queue_most, asyncio.Event())
        conninfo = settings.conninfo("worker")
        return asyncio.run(run_alone(conninfo, "report", "scheduler", known, more))
    elif command == "rewrap-keys":
        print(f"wrapped anew: {asyncio.run(rewrap_keys(settings))}")
    else:
        print(settings.model_dump_json(indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
