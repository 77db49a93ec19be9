"""`generate`: the committed stubs from the contracts."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(generate)


def generate(
    release: Annotated[
        bool,
        typer.Option("--release", help="Also make this the contract that breaks are held against."),
    ] = False,
) -> None:
    """Rebuild the committed stubs from `protos/`."""
    # Needs the development packages, which the launcher installs for this command.
    from praxis_cli.commands import contracts

    contracts.generate()
    if release:
        contracts.release()
