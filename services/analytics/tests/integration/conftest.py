"""A connection past row-level security, for looking at and tampering with what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from praxis_cli.stack.services import Stack


@pytest.fixture(scope="session")
def superuser(postgres: Stack) -> Iterator[psycopg.Connection[Any]]:
    """The server's superuser in the analytics database, in autocommit mode."""
    conninfo = postgres.postgres.conninfo("praxis_analytics")
    with psycopg.connect(conninfo, autocommit=True) as opened:
        yield opened
