"""The keys of report files while a stack runs."""

from __future__ import annotations

import httpx

from conftest import RunningStack

from .conftest import practice_on, run_report


def test_rotated_keys_open_what_older_ones_closed(stack: RunningStack) -> None:
    practice = practice_on(stack)
    with practice.client() as client:
        runs = [run_report(client)]
        for _ in range(2):  # at the second time the first master key is gone
            done = stack.command("keys", "rotate")
            assert (done.returncode, done.stderr) == (0, "")
            assert "wrapped anew: 0" in done.stdout.splitlines()[0]
            assert "wrapped anew: 0" not in done.stdout.splitlines()[1]
            runs.append(run_report(client))
        for run in runs:
            fresh = client.get(f"/reports/executions/{run['id']}").json()
            file = httpx.get(f"{stack.url}{fresh['download_url']}", timeout=30)
            assert (file.status_code, len(file.content)) == (200, run["file_size"])
