"""The import command, killed on its way and run again, ends as one that was never disturbed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

import psycopg
import pytest

from conftest import DATA, RunningStack
from praxis_analytics.domain.facts import KINDS
from praxis_cli.stack.postgres import database
from tests.e2e.conftest import parts_of

SET = DATA / "fhir-r4-synthea-615"
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not SET.is_dir(), reason="the stored data set is not here"),
]


def _started(stack: RunningStack, practice: str) -> subprocess.Popen[str]:
    options = ["--dir", str(stack.directory), "--practice", practice, "--demo-overlay"]
    command = ["import", "fhir", str(SET), *options, "--as-of", "2021-03-31", "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "praxis_cli", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,  # so that it and what it started can die at once
    )


def _finished(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, _ = process.communicate(timeout=600)
    assert process.returncode == 0
    counts: dict[str, Any] = json.loads(out)
    return counts


def _facts(stack: RunningStack, practice: str) -> dict[str, tuple[Any, ...]]:
    """Rows, voided rows and sums of every kind of fact, and a digest of what stands in them."""
    found: dict[str, tuple[Any, ...]] = {}
    with psycopg.connect(parts_of(stack).postgres.conninfo(database("analytics"))) as connection:
        for kind in KINDS:
            own = [name for name, type_ in kind.columns if type_ != "uuid"]
            text = f"concat_ws('|', source_id, {', '.join(own) or 'null'}, voided)"
            found[kind.table] = (
                connection.execute(
                    f"select count(*), count(*) filter (where voided),"
                    f" sum(('x' || left(md5({text}), 8))::bit(32)::bigint)"
                    f" from {kind.table} where practice_id = %s",
                    (practice,),
                ).fetchone()
                or ()
            )
    return found


def test_killed_halfway_and_run_again_equals_one_clean_run(stack: RunningStack) -> None:
    clean = stack.practice("Clean")
    began = time.monotonic()
    _finished(_started(stack, clean))
    took_s = time.monotonic() - began
    killed = stack.practice("Killed")
    for share in (0.3, 0.6, 0.9):
        process = _started(stack, killed)
        time.sleep(share * took_s)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    _finished(_started(stack, killed))
    wanted = _facts(stack, clean)
    assert wanted["fact_encounter"][0] == 18_098
    assert _facts(stack, killed) == wanted
    assert _finished(_started(stack, killed))
    assert _facts(stack, killed) == wanted
    for practice in (clean, killed):
        assert stack.command("verify", "--practice", practice).returncode == 0
