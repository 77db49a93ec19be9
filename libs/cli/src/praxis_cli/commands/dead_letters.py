"""`dead-letters`: events that could not be applied, of the platform or of another service."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer

from praxis_cli.options import DEFAULT_DIR, AsJson, Dir
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.local import running
from praxis_cli.stack.services import SERVICES

_PLATFORM = "analytics"

Ids = Annotated[list[uuid.UUID] | None, typer.Argument(help="Their ids.")]
Of = Annotated[str, typer.Option("--service", help=f"Whose: {', '.join(SERVICES)}.")]
All = Annotated[bool, typer.Option("--all", help="Every one.")]


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(help="Events that could not be applied.", no_args_is_help=True)
    group.command("list")(list_letters)
    group.command()(replay)
    group.command()(discard)
    app.add_typer(group, name="dead-letters")


def list_letters(
    service: Of = _PLATFORM, directory: Dir = DEFAULT_DIR, as_json: AsJson = False
) -> None:
    """Show which events could not be applied, and why."""
    _run(directory, service, "list", *(["--json"] if as_json else []))


def replay(
    ids: Ids = None,
    every: All = False,
    service: Of = _PLATFORM,
    directory: Dir = DEFAULT_DIR,
) -> None:
    """Apply events again once their cause is gone; 1 when one still cannot be."""
    _run(directory, service, "replay", *_chosen(ids, every=every))


def discard(
    ids: Ids = None,
    every: All = False,
    service: Of = _PLATFORM,
    directory: Dir = DEFAULT_DIR,
) -> None:
    """Give events up for good."""
    _run(directory, service, "discard", *_chosen(ids, every=every))


def _chosen(ids: list[uuid.UUID] | None, *, every: bool) -> list[str]:
    if bool(ids) == every:
        raise typer.BadParameter("name the events by id, or take --all")
    return ["--all"] if every else [str(one) for one in ids or ()]


def _run(directory: Dir, service: str, *arguments: str) -> None:
    if service not in SERVICES:
        raise typer.BadParameter(f"takes one of {', '.join(SERVICES)}", param_hint="--service")
    with running(Layout.existing(directory)) as stack:
        raise typer.Exit(stack.run(service, "dead-letters", *arguments))
