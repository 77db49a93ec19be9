"""What can be wrong with files and what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class BadFile(Exception):
    """A file that no import begins with; the message says what to do about it."""

    exit_code = 2

    def __init__(self, file: Path, line: int | None, message: str) -> None:
        where = f"{file.name}, line {line}" if line else file.name
        super().__init__(f"{where}: {message}")
        self.file, self.line, self.message = file, line, message


@dataclass(frozen=True)
class Rejection:
    """A line (an entry of a bundle, counted from 1) that is left out, and why."""

    file: str
    line: int
    reason: str


class Rejected(Exception):
    """The resource cannot be loaded; the text says why, without any of its values."""


class OtherCurrency(Rejected):
    """An amount is not in the practice's currency."""


class Skipped(Exception):
    """The resource is understood and deliberately makes no fact; the text says why."""


@contextmanager
def shaped() -> Iterator[None]:
    """Elements are read as the specification shapes them; any other shape is Rejected."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise Rejected("has an element of the wrong shape") from error
