"""Writes the table definitions that the fact model stands for.

Used to draft a migration and by the test that compares the migrated catalogue with the model;
a migration, once released, stays as it is.
"""

from __future__ import annotations

from praxis_analytics.domain.facts import KINDS, Kind

_NOT_NULL = {"source_system", "source_id", "source_resource", "source_version", "voided"} | {
    "synthetic",
    "recorded_at",
    "rev_from",
}
# What questions look facts up by, after the practice.
INDEXES: dict[str, tuple[str, ...]] = {
    "fact_charge": ("posting_date", "claim_id"),
    "fact_ledger": ("posting_date", "claim_id"),
    "fact_claim": ("created_on", "encounter_id", "first_submitted_on", "first_adjudicated_on"),
    "fact_encounter": ("start_at", "patient_id"),
    "fact_appointment": ("start_at",),
    "fact_task": ("created_at",),
    "dim_patient": ("registered_on",),
    "fact_claim_event": ("occurred_on",),
    "fact_condition": ("onset_on",),
    "fact_document": ("received_at",),
    "fact_message": ("sent_at",),
    "fact_observation": ("effective_at",),
    "fact_procedure": ("performed_on",),
    "fact_slot": ("start_at",),
    "fact_survey": ("sent_at",),
    "fact_verification": ("requested_at", "appointment_id"),
}


def _column(kind: Kind, name: str, sql_type: str) -> str:
    required = name in kind.key or name in _NOT_NULL
    return f"    {name} {sql_type}{' not null' if required else ''}"


def table_ddl(kind: Kind) -> str:
    """CREATE TABLE of a kind and its history twin, with indexes and comments."""
    columns = ["    practice_id uuid not null"]
    columns += [_column(kind, name, sql_type) for name, sql_type in kind.stored]
    key = ", ".join(("practice_id", *kind.key))
    body = ",\n".join(columns)
    lines = [
        f"create table {kind.table} (\n{body},\n    primary key ({key})\n);",
        f"create index {kind.table}_resource on {kind.table} (practice_id, source_resource);",
        f"create table {kind.table}_history (\n{body},\n    rev_to bigint not null,\n"
        f"    primary key ({key}, rev_from)\n);",
    ]
    for column in INDEXES.get(kind.table, ()):
        for table in (kind.table, f"{kind.table}_history"):
            lines.append(f"create index {table}_{column} on {table} (practice_id, {column});")
    for table in (kind.table, f"{kind.table}_history"):
        lines.append(f"comment on table {table} is 'distributed: facts';")
    return "\n".join(lines)


def model_ddl() -> str:
    """The whole fact model."""
    return "\n\n".join(table_ddl(kind) for kind in KINDS) + "\n"
