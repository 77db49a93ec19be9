"""`token`: access tokens of the local issuer."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

import typer

from praxis_cli.options import DEFAULT_DIR, Dir, Practice
from praxis_cli.stack import keys
from praxis_cli.stack.layout import Layout

Role = StrEnum("Role", {role: role for role in keys.ROLES})  # type: ignore[misc]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(token)


def token(
    practice: Practice,
    role: Annotated[Role, typer.Option(help="What its bearer may do.")],
    user: Annotated[UUID | None, typer.Option(help="User id; made up when absent.")] = None,
    directory: Dir = DEFAULT_DIR,
) -> None:
    """Print an access token for the gateway, valid for 12 hours."""
    print(keys.access_token(Layout.existing(directory), practice, role.value, user))
