"""`needs.py FOLDER`: what a package of the workspace needs from outside, a line each.

Standard library only: it runs in an image before anything is installed there.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_OURS = "praxis-"


def workspace(folder: str) -> list[str]:
    """The folders of the package in `folder` and of all the packages of ours below it."""
    found = [folder]
    for place in found:
        ours = [name for name in _declared(place) if name.startswith(_OURS)]
        below = [f"libs/{name.removeprefix(_OURS)}" for name in ours]
        found += [one for one in below if one not in found]
    return found


def requirements(folder: str) -> list[str]:
    """What these packages want of others, as their projects write it."""
    wanted = {need for place in workspace(folder) for need in _declared(place)}
    return sorted(need for need in wanted if not need.startswith(_OURS))


def _declared(folder: str) -> list[str]:
    project = tomllib.loads((_ROOT / folder / "pyproject.toml").read_text())["project"]
    return list(project["dependencies"])


if __name__ == "__main__":
    sys.stdout.writelines(f"{need}\n" for need in requirements(sys.argv[1]))
