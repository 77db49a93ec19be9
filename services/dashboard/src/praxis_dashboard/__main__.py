"""`python -m praxis_dashboard COMMAND`: serve, migrate, config, dead-letters."""

from __future__ import annotations

import argparse
import asyncio
import sys

from praxis_chassis.dead_letters import run_alone
from praxis_chassis.migrations import migrate
from praxis_dashboard.application.live import REVISION_RECORDED, on_revision
from praxis_dashboard.bootstrap import serve
from praxis_dashboard.settings import Settings


def main() -> int:
    """Runs one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="praxis-dashboard")
    parser.add_argument("command", choices=("serve", "migrate", "config", "dead-letters"))
    options, more = parser.parse_known_args()
    command = options.command
    if more and command != "dead-letters":
        parser.error(f"{command} takes nothing more")
    settings = Settings()  # type: ignore[call-arg]  # filled from the environment
    if command == "serve":
        asyncio.run(serve(settings))
    elif command == "migrate":
        migrate(settings, "praxis_dashboard")
    elif command == "dead-letters":
        known = {REVISION_RECORDED: on_revision}
        conninfo = settings.conninfo("worker")
        return asyncio.run(run_alone(conninfo, "dashboard", "analytics", known, more))
    else:
        print(settings.model_dump_json(indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
