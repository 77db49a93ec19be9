"""`python -m praxis_scheduler COMMAND`: serve, migrate, config, dead-letters."""

from __future__ import annotations

import argparse
import asyncio
import sys

from praxis_chassis.dead_letters import run_alone
from praxis_chassis.migrations import migrate
from praxis_scheduler.api.events import HANDLERS
from praxis_scheduler.bootstrap import serve
from praxis_scheduler.settings import Settings


def main() -> int:
    """Runs one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="praxis-scheduler")
    parser.add_argument("command", choices=("serve", "migrate", "config", "dead-letters"))
    options, more = parser.parse_known_args()
    command = options.command
    if more and command != "dead-letters":
        parser.error(f"{command} takes nothing more")
    settings = Settings()  # type: ignore[call-arg]  # filled from the environment
    if command == "serve":
        asyncio.run(serve(settings))
    elif command == "migrate":
        migrate(settings, "praxis_scheduler")
    elif command == "dead-letters":
        conninfo = settings.conninfo("worker")
        return asyncio.run(run_alone(conninfo, "scheduler", "report", HANDLERS, more))
    else:
        print(settings.model_dump_json(indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
