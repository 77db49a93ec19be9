"""`keys`: the keys of a stack."""

from __future__ import annotations

import typer

from praxis_cli.options import DEFAULT_DIR, Dir
from praxis_cli.stack.keys import renew_master
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.local import running


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(help="Keys of a stack.", no_args_is_help=True)
    group.command()(rotate)
    # With a second command in it, typer keeps `rotate` a sub-command.
    group.callback()(lambda: None)
    app.add_typer(group, name="keys")


def rotate(directory: Dir = DEFAULT_DIR) -> None:
    """Make a new master key and wrap the keys of report files by it; no file is touched.

    The key before it stays beside it until the next rotation, for what is under way.
    """
    layout = Layout.existing(directory)
    with running(layout) as stack:
        # First what an earlier rotation may have left undone: its key is the one that goes.
        code = stack.run("report", "rewrap-keys")
        if not code:
            renew_master(layout)
            code = stack.run("report", "rewrap-keys")
        raise typer.Exit(code)
