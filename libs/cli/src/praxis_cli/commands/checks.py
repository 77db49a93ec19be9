"""`test` and `check`: everything that must hold before a change is done."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Annotated

import typer

from praxis_cli.workspace import ROOT

_TYPED = ("libs", "services", "gateway", "tests")
_FAST = "not slow and not long"
_USUAL = "not long"
_LONG = "long"

Check = tuple[str, Callable[[], bool]]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    passing_on = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command(context_settings=passing_on)(test)
    app.command()(check)


def test(
    context: typer.Context,
    fast: Annotated[bool, typer.Option("--fast", help="Leave out what takes seconds.")] = False,
    long: Annotated[bool, typer.Option("--long", help="Only what takes minutes.")] = False,
) -> None:
    """Run every check, then the tests; further arguments go to pytest."""
    if fast and long:
        raise typer.BadParameter("--fast and --long exclude each other")
    marker = _FAST if fast else _LONG if long else _USUAL
    _run_all([*_checkers(), _tests(marker, *context.args)])


def check() -> None:
    """Run every check and the fast tests."""
    _run_all([*_checkers(), _tests(_FAST)])


def _checkers() -> list[Check]:
    typed = [name for name in _TYPED if (ROOT / name).exists()]
    return [
        ("lint", lambda: _python("-m", "ruff", "check")),
        ("format", lambda: _python("-m", "ruff", "format", "--check")),
        (
            "layers",
            lambda: _python("-c", "from importlinter.cli import lint_imports_command as c; c()"),
        ),
        ("types", lambda: _python("-m", "mypy", *typed)),
        ("contracts", _contracts),
    ]


def _tests(marker: str, *arguments: str) -> Check:
    return ("tests", lambda: _python("-m", "pytest", "-m", marker, *arguments))


def _python(*arguments: str) -> bool:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False).returncode == 0


def _contracts() -> bool:
    # Needs the development packages, which the launcher installs for these commands.
    from praxis_cli.commands import contracts

    found = [*contracts.drift(), *contracts.stale_pages()]
    stale = [f"{name} is not what its source yields; ./praxis generate" for name in found]
    faults = [*contracts.lint(), *contracts.breaking(), *stale]
    print("\n".join(faults) or "no faults")
    return not faults


def _run_all(checks: list[Check]) -> None:
    """Runs the checks in order up to the first that fails, and says how each went."""
    results: list[str] = []
    passed = True
    for name, work in checks:
        if not passed:
            results.append(f"not run  {name}")
            continue
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        passed = work()
        took_s = time.monotonic() - began
        results.append(f"{'passed ' if passed else 'FAILED '}  {name}  {took_s:.1f} s")
    print("\n" + "\n".join(results), flush=True)
    if not passed:
        raise typer.Exit(1)
