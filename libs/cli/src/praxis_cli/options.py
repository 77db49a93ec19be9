"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

Dir = Annotated[Path, typer.Option("--dir", help="Folder of the stack.", file_okay=False)]
DEFAULT_DIR = Path(".praxis")
Practice = Annotated[UUID, typer.Option("--practice", help="Id of the practice.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
