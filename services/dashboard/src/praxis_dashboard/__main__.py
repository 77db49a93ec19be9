"""`python -m praxis_dashboard COMMAND`: serve, migrate, config."""

from __future__ import annotations

import argparse
import asyncio

from praxis_chassis.migrations import migrate
from praxis_dashboard.bootstrap import serve
from praxis_dashboard.settings import Settings


def main() -> None:
    """Runs one command."""
    parser = argparse.ArgumentParser(prog="praxis-dashboard")
    parser.add_argument("command", choices=("serve", "migrate", "config"))
    command = parser.parse_args().command
    settings = Settings()  # type: ignore[call-arg]  # filled from the environment
    if command == "serve":
        asyncio.run(serve(settings))
    elif command == "migrate":
        migrate(settings, "praxis_dashboard")
    else:
        print(settings.model_dump_json(indent=2))


if __name__ == "__main__":
    main()
