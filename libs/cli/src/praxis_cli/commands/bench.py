"""`bench`: speed, measured against the bare thing in the same run."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer

from praxis_cli.options import AsJson
from praxis_cli.workspace import ROOT


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(bench)


def bench(
    name: Annotated[
        str, typer.Argument(help="events, import or question; all when left out.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Measure; each row has name, value, unit, reference, ratio, goal and whether it holds."""
    # The benches cross services, so they live with the tests, not in a package that ships.
    arguments = [*([name] if name else []), *(["--json"] if as_json else [])]
    command = [sys.executable, "-m", "tests.load", *arguments]
    raise typer.Exit(subprocess.run(command, cwd=ROOT, check=False).returncode)
