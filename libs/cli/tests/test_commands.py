"""The commands as a user runs them, with stand-ins for the services."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from praxis_cli.stack.layout import Layout, State
from praxis_cli.stack.services import SERVICES

Cli = Callable[..., subprocess.Popen[str]]
PRACTICE = "00000000-0000-4000-8000-000000000001"


def _finish(command: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, said = command.communicate(timeout=120)
    return command.returncode, out, said


def _until_ready(command: subprocess.Popen[str]) -> str:
    """The url of an `up`, which must be its last line so far."""
    assert command.stdout
    for line in command.stdout:
        if match := re.fullmatch(r"ready (http://127\.0\.0\.1:\d+)\n", line):
            return match[1]
    raise AssertionError(command.stderr and command.stderr.read())


def _state(root: Path) -> State:
    return Layout.at(root).load()


def _alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}/cmdline").exists() and _words(pid)]


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def _backends(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in children.split()]


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_up_serves_restarts_refuses_a_second_and_stops_clean(
    cli: Cli, tmp_path: Path, sent: signal.Signals
) -> None:
    up = cli("up", "--dir", "stack")
    url = _until_ready(up)
    assert httpx.get(f"{url}/healthz").status_code == 200
    state = _state(tmp_path / "stack")
    assert (state.pid, state.url) == (up.pid, url)
    infrastructure = {"postgres", "nats", "streams", "mail"}
    assert set(state.pids) == {*infrastructure, *SERVICES, "gateway"}

    code, out, said = _finish(cli("up", "--dir", "stack"))
    assert (code, out) == (2, "")
    assert "in use by another command" in said
    assert len(said.splitlines()) == 1

    code, out, _ = _finish(cli("status", "--dir", "stack"))
    assert code == 0
    assert out.splitlines()[-1] == f"ready {url}"
    assert len(out.splitlines()) == len(state.pids) + 1

    everything = [*state.pids.values(), *_backends(state.pids["postgres"])]
    assert len(_alive(everything)) > 6
    up.send_signal(sent)
    code, out, said = _finish(up)
    assert (code, out, said) == (0, "stopped\n", "")
    assert _alive(everything) == []
    assert _finish(cli("status", "--dir", "stack"))[:2] == (1, "stopped\n")

    again = cli("up", "--dir", "stack")
    assert _until_ready(again) == url
    assert _finish(cli("down", "--dir", "stack", "--wipe"))[:2] == (0, "removed\n")
    assert again.wait(10) == 0
    assert not (tmp_path / "stack").exists()


@pytest.mark.slow
def test_every_process_comes_back_after_sigkill(cli: Cli, tmp_path: Path) -> None:
    up = cli("up", "--dir", "stack")
    _until_ready(up)
    for name in ("postgres", "nats", "analytics", "gateway"):
        before = _state(tmp_path / "stack").pids
        os.kill(before[name], signal.SIGKILL)
        assert up.stdout
        assert f"{name} ended with -9, restarting\n" in up.stdout.readline()
        assert up.stdout.readline() == f"{name} is back\n"
        after = _state(tmp_path / "stack")
        assert after.restarts[name] == 1
        assert {key for key in before if before[key] != after.pids[key]} == {name}
    code, out, _ = _finish(cli("verify", "--dir", "stack", "--practice", PRACTICE))
    assert (code, json.loads(out)) == (0, ["verify", "--practice", PRACTICE])


@pytest.mark.slow
def test_a_killed_supervisor_takes_all_with_it_and_the_next_one_starts(
    cli: Cli, tmp_path: Path
) -> None:
    up = cli("up", "--dir", "stack")
    _until_ready(up)
    pids = list(_state(tmp_path / "stack").pids.values())
    up.kill()
    up.wait()
    again = cli("up", "--dir", "stack")
    _until_ready(again)
    deadline = time.monotonic() + 5
    while _alive(pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
def test_stacks_stand_side_by_side(cli: Cli) -> None:
    both = [cli("up", "--dir", name) for name in ("one", "other")]
    urls = {_until_ready(up) for up in both}
    assert len(urls) == 2


@pytest.mark.slow
def test_a_stop_during_the_start_is_clean(cli: Cli, tmp_path: Path) -> None:
    up = cli("up", "--dir", "stack")
    _until_ready(up)
    up.terminate()
    _finish(up)
    for pause_s in (0.3, 0.8, 1.3):
        up = cli("up", "--dir", "stack")
        time.sleep(pause_s)
        pids = list(_state(tmp_path / "stack").pids.values())
        up.terminate()
        _finish(up)
        pids += _state(tmp_path / "stack").pids.values()
        assert _alive(pids) == []
    up = cli("up", "--dir", "stack")
    _until_ready(up)


@pytest.mark.slow
def test_commands_work_with_the_stack_down_and_up(cli: Cli, tmp_path: Path) -> None:
    up = cli("up", "--dir", "stack")
    _until_ready(up)
    add = ("practice", "add", "--dir", "stack", "--name", "A B", "--timezone", "America/Denver")
    source = tmp_path / "good"
    source.mkdir()
    load = ("import", "fhir", str(source), "--dir", "stack", "--practice", PRACTICE)
    flags = ("--demo-overlay", "--as-of", "2026-07-27", "--json")
    for stop_after in (True, False):
        code, out, _ = _finish(cli(*add))
        assert code == 0
        assert json.loads(out.splitlines()[-1]) == [
            *("practice", "add", "--name", "A B", "--timezone", "America/Denver")
        ]
        code, out, said = _finish(cli(*load, *flags))
        assert (code, said) == (0, "progress\n")
        assert json.loads(out) == ["import", "fhir", str(source), "--practice", PRACTICE, *flags]
        if stop_after:
            up.terminate()
            _finish(up)
            assert _state(tmp_path / "stack").pids == {}
    bad = tmp_path / "bad"
    bad.touch()
    load = ("import", "synthea", str(bad), "--dir", "stack", "--practice", PRACTICE)
    assert _finish(cli(*load))[0] == 2
    assert not (tmp_path / "stack/pg/postmaster.pid").exists()


@pytest.mark.slow
def test_a_killed_command_leaves_no_server(cli: Cli, tmp_path: Path, stack: Path) -> None:
    (tmp_path / "endless").touch()
    load = cli("import", "fhir", "endless", "--dir", "stack", "--practice", PRACTICE)
    assert load.stdout
    assert load.stdout.readline() == "begun\n"
    server = int((stack / "pg/postmaster.pid").read_text().split()[0])
    assert _finish(cli("down", "--dir", "stack"))[0] == 2
    load.kill()
    deadline = time.monotonic() + 10
    while _alive([server]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    # Its output is closed only when the service that ran for it is gone too.
    assert load.stdout.read() == ""


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    """A stack that `up` has begun, with no server needed."""
    layout = Layout.at(tmp_path / "stack")
    layout.create()
    layout.save(State())
    return layout.root


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("status --dir nowhere", "no stack in nowhere"),
        ("down --dir nowhere", "no stack in nowhere"),
        (f"token --dir nowhere --practice {PRACTICE} --role owner", "no stack in nowhere"),
        (f"import fhir . --dir nowhere --practice {PRACTICE}", "no stack in nowhere"),
        (f"verify --dir nowhere --practice {PRACTICE}", "no stack in nowhere"),
        ("practice add --dir stack --name x --timezone Mars/Base", "not an IANA time zone"),
        ("token --dir stack --practice 17 --role owner", "--practice"),
        (f"token --dir stack --practice {PRACTICE} --role king", "--role"),
        (f"token --dir stack --practice {PRACTICE} --role owner --user me", "--user"),
        ("import fhir . --dir stack --practice 17", "--practice"),
        (f"import csv . --dir stack --practice {PRACTICE}", "csv"),
        (f"import fhir nowhere --dir stack --practice {PRACTICE}", "nowhere"),
        (f"import fhir . --dir stack --practice {PRACTICE} --as-of July", "not a date"),
        ("up --dir full", "not empty and not a stack"),
        ("up --dir full/file", "full/file"),
        ("test --fast --long", "exclude each other"),
        ("fly", "fly"),
    ],
)
def test_bad_input_gets_one_line_and_exit_code_2(
    cli: Cli, tmp_path: Path, stack: Path, command: str, complaint: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").touch()
    code, out, said = _finish(cli(*command.split()))
    assert (code, out) == (2, "")
    assert said.startswith("praxis: ")
    assert complaint in said
    assert len(said.splitlines()) == 1
    assert stack.exists()


def test_token_is_the_last_line(cli: Cli, stack: Path) -> None:
    from praxis_cli.stack.services import Stack

    Stack(Layout.at(stack), {}).create_secrets()
    command = ("token", "--dir", "stack", "--practice", PRACTICE, "--role", "front_desk")
    code, out, said = _finish(cli(*command, "--user", str(uuid.uuid4())))
    assert (code, said) == (0, "")
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", out.splitlines()[-1])


def test_doctor_names_what_is_here(cli: Cli) -> None:
    code, out, _ = _finish(cli("doctor"))
    assert code == 0
    assert "ok       PostgreSQL 18: postgres (PostgreSQL) 18." in out
    assert "ok       nats-server: nats-server: v2." in out
    assert re.search(r"^(ok|missing)  +PDF: ", out, re.MULTILINE)
