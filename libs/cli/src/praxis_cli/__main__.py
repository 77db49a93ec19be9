"""`./praxis`: gathers the commands; turns what goes wrong into one line and an exit code."""

from __future__ import annotations

import sys

import typer
from typer.exceptions import TyperException

from praxis_cli.commands import (
    ask,
    bench,
    checks,
    dead_letters,
    demo,
    doctor,
    generate,
    imports,
    keys,
    practice,
    stack,
    token,
)
from praxis_cli.errors import CommandError

app = typer.Typer(
    name="praxis",
    help="Analytics and reporting for healthcare practices.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for group in (
    demo,
    stack,
    practice,
    ask,
    imports,
    dead_letters,
    keys,
    token,
    doctor,
    checks,
    generate,
    bench,
):
    group.register(app)


def main() -> None:
    """Runs one command and ends the process: 0 done, 1 failed, 2 bad input."""
    try:
        code = app(prog_name="./praxis", standalone_mode=False)
    except (CommandError, TyperException) as error:
        sys.exit(_complain(error))
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(code)


def _complain(error: CommandError | TyperException) -> int:
    text = error.format_message() if isinstance(error, TyperException) else str(error)
    print(f"praxis: {' '.join(text.split())}", file=sys.stderr)
    return error.exit_code


if __name__ == "__main__":
    main()
