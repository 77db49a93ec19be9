"""`import` and `verify`: source files into a practice, and its figures checked."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from praxis_cli.options import DEFAULT_DIR, AsJson, Dir, Practice
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.local import running


class Source(StrEnum):
    """What the files are."""

    FHIR = "fhir"
    SYNTHEA = "synthea"


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("import")(import_files)
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(verify)


def _day(text: str | None) -> str | None:
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date such as 2026-07-27") from None


def import_files(
    source: Annotated[Source, typer.Argument(help="Kind of files.")],
    path: Annotated[Path, typer.Argument(exists=True, help="File or folder.")],
    practice: Practice,
    directory: Dir = DEFAULT_DIR,
    demo_overlay: Annotated[
        bool, typer.Option("--demo-overlay", help="Invent what the files lack, marked as such.")
    ] = False,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", callback=_day, help="Today, for the overlay.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Load files into a practice; again changes nothing."""
    arguments = ["import", source.value, str(path), "--practice", str(practice)]
    arguments += ["--demo-overlay"] if demo_overlay else []
    arguments += ["--as-of", as_of] if as_of else []
    arguments += ["--json"] if as_json else []
    with running(Layout.existing(directory)) as stack:
        raise typer.Exit(stack.run("analytics", *arguments))


def verify(
    context: typer.Context,
    practice: Practice,
    directory: Dir = DEFAULT_DIR,
    as_json: AsJson = False,
) -> None:
    """Check the stored figures of a practice; further options go to the analytics service."""
    arguments = ["verify", "--practice", str(practice), *(["--json"] if as_json else [])]
    with running(Layout.existing(directory)) as stack:
        raise typer.Exit(stack.run("analytics", *arguments, *context.args))
