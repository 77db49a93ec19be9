"""`generate`: the committed stubs from the contracts."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(generate)


def generate() -> None:
    """Rebuild the committed stubs from `protos/`."""
    # Needs the development packages, which the launcher installs for this command.
    from praxis_cli.commands import contracts

    contracts.generate()
