"""`doctor`: what this machine has and lacks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import typer

from praxis_cli.errors import CommandError
from praxis_cli.options import DEFAULT_DIR, Dir
from praxis_cli.stack import postgres
from praxis_cli.workspace import ROOT

_FREE_BYTES = 2_000_000_000


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(doctor)


def doctor(directory: Dir = DEFAULT_DIR) -> None:
    """Say what is missing, and the command that brings it."""
    sound = [
        _report("PostgreSQL 18", _postgres),
        _report("nats-server", _nats),
        _report("user for PostgreSQL", _account),
        _report("free disk", lambda: _disk(directory)),
    ]
    _report("PDF", _pdf)
    if not all(sound):
        raise typer.Exit(1)


def load_launcher() -> ModuleType:
    """The launcher as a module; its file name has no suffix."""
    loader = SourceFileLoader("praxis_launcher", str(ROOT / "praxis"))
    spec = spec_from_loader(loader.name, loader)
    if spec is None:
        raise CommandError(f"{ROOT / 'praxis'} is missing")
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def _report(what: str, check: Callable[[], str]) -> bool:
    try:
        print(f"ok       {what}: {check()}")
    except (CommandError, OSError, subprocess.CalledProcessError) as error:
        print(f"missing  {what}: {error}")
        return False
    return True


def _version(program: Path) -> str:
    done = subprocess.run([str(program), "--version"], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _postgres() -> str:
    version = _version(postgres.bin_dir() / "postgres")
    if " 18." not in version:
        raise CommandError(f"{version}, but 18 is needed; look at PG_BIN")
    return version


def _nats() -> str:
    return _version(Path(sysconfig.get_path("scripts")) / "nats-server")


def _account() -> str:
    if os.geteuid() != 0:
        return "you"
    if shutil.which("setpriv") is None:
        raise CommandError("it refuses root, and setpriv is not here; use another user")
    return "nobody, since it refuses root"


def _disk(directory: Path) -> str:
    folder = next(
        path for path in (directory.resolve(), *directory.resolve().parents) if path.exists()
    )
    free = shutil.disk_usage(folder).free
    if free < _FREE_BYTES:
        raise CommandError(f"{free / 1e9:.1f} GB at {folder}; 2 GB are needed")
    return f"{free / 1e9:.0f} GB"


def _pdf() -> str:
    launcher = load_launcher()
    if missing := launcher.missing_libraries():
        raise CommandError(f"no {', '.join(missing)}; run: {launcher.pdf_command()}")
    return "libraries found"
