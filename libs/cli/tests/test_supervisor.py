"""The supervisor, on processes made up for the test."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from praxis_cli.stack.processes import Child, NotReadyError, Process, mortal
from praxis_cli.stack.supervisor import Supervisor

# Notes its start and its end in a file, and can be killed.
_NOTING = """
import signal, sys, time
name, journal = sys.argv[1:]
def note(what):
    with open(journal, "a") as out:
        out.write(f"{what} {name}\\n")
def end(*_):
    time.sleep(0.2)
    note("end")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
note("start")
while True:
    time.sleep(1)
"""


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "journal"
    path.touch()
    return path


def _noting(name: str, journal: Path, **fields: tuple[str, ...]) -> Process:
    return Process(
        name,
        mortal(sys.executable, "-c", _NOTING, name, str(journal)),
        ready=lambda: f"start {name}\n" in journal.read_text(),
        **fields,  # type: ignore[arg-type]
    )


def _python(name: str, code: str, ready: Callable[[], bool] | None = None) -> Process:
    return Process(name, (sys.executable, "-c", code), ready=ready)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  the condition is outside the loop
            await asyncio.sleep(0.02)


async def test_starts_by_need_and_stops_in_reverse(tmp_path: Path, journal: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(
        [
            _noting("gateway", journal, uses=("service",)),
            _noting("service", journal, needs=("store", "task")),
            Process("task", (sys.executable, "-c", ""), needs=("store",)),
            _noting("store", journal),
        ],
        tmp_path,
        said.append,
    )
    await supervisor.start()
    lines = journal.read_text().split("\n")
    assert lines.index("start store") < lines.index("start service")
    assert sorted(line.split()[0] for line in said) == ["gateway", "service", "store", "task"]
    pids = supervisor.pids()
    assert set(pids) == {"gateway", "service", "store"}
    await supervisor.stop()
    ends = [line for line in journal.read_text().split("\n") if line.startswith("end")]
    assert ends == ["end gateway", "end service", "end store"]
    assert not any(_is_alive(pid) for pid in pids.values())


async def test_what_dies_is_restarted(tmp_path: Path, journal: Path) -> None:
    changes: list[dict[str, int]] = []
    supervisor = Supervisor(
        [_noting("one", journal), _noting("other", journal)],
        tmp_path,
        lambda _text: None,
        lambda: changes.append(supervisor.pids()),
    )
    await supervisor.start()
    before = supervisor.pids()
    for _ in range(2):
        pid = supervisor.pids()["one"]
        os.kill(pid, signal.SIGKILL)
        await _until(lambda pid=pid: supervisor.pids().get("one", pid) != pid)  # type: ignore[misc]
    after = supervisor.pids()
    assert after["other"] == before["other"]
    assert supervisor.restarts == {"one": 2}
    assert changes[-1] == after
    await supervisor.stop()
    assert not any(_is_alive(pid) for pid in after.values())


async def test_a_process_that_never_starts_ends_the_start_with_its_last_words(
    tmp_path: Path,
) -> None:
    stubborn = _python("stubborn", "import sys; sys.exit('no such table')", ready=lambda: False)
    supervisor = Supervisor([stubborn], tmp_path, lambda _text: None)
    began = time.monotonic()
    with pytest.raises(NotReadyError, match=r"stubborn ended with 1, see .*: no such table"):
        await supervisor.start()
    await supervisor.stop()
    assert 0.6 < time.monotonic() - began < 5


async def test_a_failed_task_is_not_tried_again(tmp_path: Path, journal: Path) -> None:
    code = f"open({str(journal)!r}, 'a').write('x'); raise SystemExit(3)"
    supervisor = Supervisor([_python("task", code)], tmp_path, lambda _text: None)
    with pytest.raises(NotReadyError, match="task ended with 3"):
        await supervisor.start()
    await supervisor.stop()
    assert journal.read_text() == "x"


async def test_a_start_can_be_given_up(tmp_path: Path) -> None:
    asleep = _python("asleep", "import time; time.sleep(60)", ready=lambda: False)
    supervisor = Supervisor([asleep], tmp_path, lambda _text: None)
    start = asyncio.create_task(supervisor.start())
    await _until(lambda: "asleep" in supervisor.pids())
    pid = supervisor.pids()["asleep"]
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    await supervisor.stop()
    assert not _is_alive(pid)


def test_stop_also_ends_what_the_process_started(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time;"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(p.pid)); time.sleep(60)"
    )
    child = Child(_python("parent", code, (tmp_path / "pid").exists), tmp_path)
    child.wait_ready()
    while not (text := (tmp_path / "pid").read_text()):
        time.sleep(0.01)
    child.stop()
    deadline = time.monotonic() + 5
    while _is_alive(int(text)) and not _is_zombie(int(text)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _is_zombie(pid: int) -> bool:
    try:
        return not os.path.exists(f"/proc/{pid}/exe") or "Z" in _state(pid)
    except FileNotFoundError:
        return True


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


def test_a_deaf_process_is_killed(tmp_path: Path) -> None:
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"open({str(tmp_path / 'deaf')!r}, 'w'); time.sleep(60)"
    )
    deaf = Process(
        "deaf",
        (sys.executable, "-c", code),
        ready=(tmp_path / "deaf").exists,
        stop_signals=((signal.SIGTERM, 0.3), (signal.SIGKILL, 2)),
    )
    child = Child(deaf, tmp_path)
    child.wait_ready()
    child.stop()
    assert child.exit_code() == -signal.SIGKILL


def test_logs_are_kept_and_bounded(tmp_path: Path) -> None:
    process = _python("talker", "print('new')")
    log = tmp_path / "talker.log"
    log.write_text("old\n")
    Child(process, tmp_path).wait_ready()
    assert log.read_text() == "old\nnew\n"
    log.write_bytes(b"x" * 10_000_001)
    Child(process, tmp_path).wait_ready()
    assert log.read_text() == "new\n"
    assert (tmp_path / "talker.log.1").stat().st_size == 10_000_001
