"""`practice`: the practices of a stack."""

from __future__ import annotations

import zoneinfo
from typing import Annotated

import typer

from praxis_cli.options import DEFAULT_DIR, Dir
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.local import running


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(help="Practices of a stack.", no_args_is_help=True)
    group.command()(add)
    # With a second command in it, typer keeps `add` a sub-command.
    group.callback()(lambda: None)
    app.add_typer(group, name="practice")


def _zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise typer.BadParameter(f"{name!r} is not an IANA time zone such as America/New_York")
    return name


def add(
    name: Annotated[str, typer.Option(help="Its name.")],
    timezone: Annotated[str, typer.Option(help="Its IANA time zone.", callback=_zone)],
    directory: Dir = DEFAULT_DIR,
) -> None:
    """Add a practice and print its id."""
    with running(Layout.at(directory)) as stack:
        arguments = ("practice", "add", "--name", name, "--timezone", timezone)
        raise typer.Exit(stack.run("analytics", *arguments))
