"""The launcher: what it needs, what it remembers, and how it recovers."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from praxis_cli.commands.doctor import load_launcher
from praxis_cli.workspace import ROOT

SOURCE = ROOT / "praxis"


@pytest.fixture
def launcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = load_launcher()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv/praxis.json")
    (tmp_path / "requirements.lock").write_text("# a\n")
    (tmp_path / "requirements-dev.lock").write_text("# b\n")
    return module


def test_old_python_is_refused_by_a_sentence() -> None:
    ast.parse(SOURCE.read_text(), feature_version=(3, 7))
    pretend = f"import sys; sys.version_info = (3, 10, 1); exec(open({str(SOURCE)!r}).read())"
    done = subprocess.run(
        [sys.executable, "-c", pretend], check=False, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("praxis needs Python 3.11 or newer; this is ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("argv", "names"),
    [
        (["up"], ["requirements.lock"]),
        (["up", "--dir", "test"], ["requirements.lock"]),
        ([], ["requirements.lock"]),
        (["test", "--fast"], ["requirements.lock", "requirements-dev.lock"]),
        (["check"], ["requirements.lock", "requirements-dev.lock"]),
        (["generate"], ["requirements.lock", "requirements-dev.lock"]),
    ],
)
def test_development_packages_are_for_development_commands(
    launcher: ModuleType, argv: list[str], names: list[str]
) -> None:
    digests = launcher.digests(argv)
    assert list(digests) == names
    assert digests["requirements.lock"] == hashlib.sha256(b"# a\n").hexdigest()


def test_stamp_holds_only_for_its_locks_and_its_interpreter(
    launcher: ModuleType, tmp_path: Path
) -> None:
    launcher.PYTHON.parent.mkdir(parents=True)
    launcher.PYTHON.symlink_to(sys.executable)
    wanted = launcher.digests(["up"])
    stamp = {"python": os.path.realpath(sys.executable), "locks": wanted}
    assert launcher.is_current(stamp, wanted)
    assert not launcher.is_current({}, wanted)
    assert not launcher.is_current(stamp, launcher.digests(["test"]))
    assert not launcher.is_current({**stamp, "python": "/elsewhere/python3"}, wanted)
    (tmp_path / "requirements.lock").write_text("# changed\n")
    assert not launcher.is_current(stamp, launcher.digests(["up"]))


def test_half_a_stamp_counts_as_none(launcher: ModuleType) -> None:
    launcher.STAMP.parent.mkdir()
    launcher.STAMP.write_text('{"python": ')
    assert launcher.read_stamp() == {}


def test_sources_follow_the_checkout(launcher: ModuleType, tmp_path: Path) -> None:
    site = tmp_path / ".venv/lib/python3.11/site-packages"
    site.mkdir(parents=True)
    for name in ("libs/cli/src", "services/report/src", "gateway/src"):
        (tmp_path / name).mkdir(parents=True)
    launcher.link_sources()
    (tmp_path / "services/later/src").mkdir(parents=True)
    launcher.link_sources()
    assert [path.name for path in site.iterdir()] == ["praxis-workspace.pth"]
    linked = (site / "praxis-workspace.pth").read_text().splitlines()
    assert [str(Path(line).relative_to(tmp_path)) for line in linked] == [
        "gateway/src",
        "libs/cli/src",
        "services/later/src",
        "services/report/src",
    ]


def test_missing_venv_module_names_the_command(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit, match=r"apt-get install -y python3\.\d+-venv"):
        launcher.make_venv()


def test_missing_libraries_name_the_command_and_stop_nothing(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launcher, "PDF_LIBRARIES", ("no-such-library",))
    monkeypatch.setenv("PATH", "")
    assert launcher.provide_pdf() is False
    said = capsys.readouterr().err
    assert "without PDF" in said
    assert launcher.pdf_command() in said


class Checkout:
    """A checkout of nothing but the launcher, empty locks and a command that tells its words."""

    def __init__(self, root: Path) -> None:
        self.root = root
        package = root / "libs/cli/src/praxis_cli"
        package.mkdir(parents=True)
        (package / "__main__.py").write_text("import sys; print(sys.argv[1:])")
        for name in ("requirements.lock", "requirements-dev.lock"):
            (root / name).write_text("# nothing\n")
        shutil.copy(SOURCE, root)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        # Without PATH there is no apt-get, so that the test leaves the system as it is.
        command = [sys.executable, str(self.root / "praxis"), *arguments]
        return subprocess.Popen(
            command,
            env={"PATH": ""},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def finish(self, run: subprocess.Popen[str]) -> tuple[str, str]:
        out, said = run.communicate(timeout=120)
        assert run.returncode == 0, said
        return out, said


@pytest.mark.slow
def test_first_run_installs_and_the_second_does_nothing(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    out, said = checkout.finish(checkout.start("up", "--dir", "x"))
    assert out == "['up', '--dir', 'x']\n"
    assert "installing requirements.lock" in said
    began = time.monotonic()
    out, said = checkout.finish(checkout.start("status"))
    assert (out, said) == ("['status']\n", "")
    assert time.monotonic() - began < 1
    _, said = checkout.finish(checkout.start("test"))
    assert "installing requirements-dev.lock (" in said


@pytest.mark.slow
def test_interrupted_installation_is_repaired(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    run = checkout.start("up")
    while not (tmp_path / ".venv/bin/python").exists():
        assert run.poll() is None
        time.sleep(0.01)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    (tmp_path / ".venv/half-made").touch()
    assert checkout.finish(checkout.start("up"))[0] == "['up']\n"
    assert not (tmp_path / ".venv/half-made").exists()


@pytest.mark.slow
def test_two_first_runs_at_once_make_one_environment(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    runs = [checkout.start("up"), checkout.start("up")]
    said = [checkout.finish(run)[1] for run in runs]
    assert sum("making" in text for text in said) == 1
    stamp = json.loads((tmp_path / ".venv/praxis.json").read_text())
    assert list(stamp["locks"]) == ["requirements.lock"]
