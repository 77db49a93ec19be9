"""What every account comes to, kept beside the facts, so that balances need not sum them all."""

from pathlib import Path

from praxis_chassis.migrations import execute_file, execute_script, protect

revision = "0009"
down_revision = "0008"

_FACTS = ("fact_charge", "fact_ledger")


def upgrade() -> None:
    """Creates the table and fills it from the facts that are there."""
    # The owner reads past its own policy while it is not forced.
    for table in _FACTS:
        execute_script(f"alter table {table} no force row level security")
    execute_file(Path(__file__).with_suffix(".sql"))
    for table in _FACTS:
        execute_script(f"alter table {table} force row level security")
    protect("analytics", "account_balance", "select, insert, update")
