"""Alembic's entry: everything it does is the chassis's."""

from praxis_chassis.migrations import run

run()
