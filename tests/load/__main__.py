"""`python -m tests.load [NAME] [--json]`: runs the benches on a stack of their own."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from conftest import RunningStack, start_stack, stop_stack
from tests.load import events, importing, questions, render, rollups
from tests.load.row import Row

BENCHES: Mapping[str, Callable[[RunningStack], list[Row]]] = {
    "events": events.run,
    "import": importing.run,
    "question": questions.run,
    "rollups": rollups.run,
    "rollups-long": rollups.run_long,
    "render": render.run,
}


def main() -> int:
    """Runs one bench or all; exit code 2 for a name that is none."""
    parser = argparse.ArgumentParser(prog="./praxis bench")
    parser.add_argument("name", nargs="?", choices=tuple(BENCHES))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        stack = start_stack(Path(folder) / "stack")
        try:
            for name, bench in BENCHES.items():
                if options.name == name or (options.name is None and not name.endswith("-long")):
                    print(f"{name} …", file=sys.stderr, flush=True)
                    rows += bench(stack)
        finally:
            stop_stack(stack)
    if options.json:
        print(json.dumps([asdict(row) for row in rows]))
        return 0
    print(f"{'name':<34}{'value':>12} {'unit':<10}{'reference':>12}{'ratio':>8}  goal")
    for row in rows:
        mark = {True: "holds", False: "MISSED", None: ""}[row.holds]
        print(
            f"{row.name:<34}{row.value:>12,.2f} {row.unit:<10}{row.reference:>12,.2f}"
            f"{row.ratio:>8.2f}  {row.goal} {mark}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
