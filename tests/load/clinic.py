"""A generated clinic in a practice of its own, for measuring."""

from __future__ import annotations

import json
import subprocess
import uuid
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from conftest import RunningStack
from praxis_analytics.sources.generator import generate
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.services import Stack


@dataclass(frozen=True)
class Clinic:
    """A practice with facts; `conninfo` opens its database past row security, for bare SQL."""

    practice_id: uuid.UUID
    until: date
    files: Path
    conninfo: str
    result: dict[str, object]


def service_stack(stack: RunningStack) -> Stack:
    """The stack's ports, secrets and environments."""
    layout = Layout.existing(stack.directory)
    return Stack(layout, layout.load().ports)


def superuser(stack: RunningStack) -> str:
    """How the server's superuser reaches the analytics database."""
    return service_stack(stack).postgres.conninfo("praxis_analytics", "postgres")


def load_clinic(stack: RunningStack, patients: int) -> Clinic:
    """Generates and imports a clinic up to today, with the demo overlay."""
    until = date.today()  # noqa: DTZ011
    files = stack.directory / f"clinic-{patients}"
    generate(files, until=until, patients=patients)
    practice_id = stack.practice("Bench")
    done = stack.command(
        "import", "fhir", str(files), "--practice", practice_id, "--demo-overlay", "--json"
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, "import", done.stdout, done.stderr)
    result = json.loads(done.stdout.strip().splitlines()[-1])
    return Clinic(uuid.UUID(practice_id), until, files, superuser(stack), result)
