"""What a failed run means to whoever waits for it: its code, its words, the next step."""

from __future__ import annotations

from praxis_chassis.errors import DependencyDown, Error, LimitExceeded
from praxis_report.rendering.errors import (
    CannotWrite,
    PdfUnavailable,
    RenderCrashed,
    RenderError,
    RenderQueueFull,
    RenderTimeout,
    TooManyRows,
)

_HINTS = {
    "dependency_down": "Wait a moment and run it again; nothing was lost.",
    "deadline": "Choose a shorter period or a coarser grouping.",
    "quota": "Wait until other runs have finished.",
    "missing_permission": "Ask the practice's owner for the right to see these figures.",
    "internal": "Run it again; if it fails again, report the execution's id.",
    "too_large": "Choose CSV or JSON, or a shorter period.",
    "not_built": "Choose CSV or JSON.",
}
_OTHER_HINT = "Correct the report's parameters and run it again."


class _Unstorable(DependencyDown):
    """The store does not take files."""

    hint = "Tell whoever runs Praxis that report files cannot be stored; then run it again."


class _Crashed(DependencyDown):
    """A render process died; the next one may live."""

    hint = "Run it again; if it fails again, choose CSV or a shorter period."


class _TimedOut(Error):
    """Drawing took too long, and would again."""

    reason = "DEADLINE"


class _Undrawable(Error):
    """This form cannot be drawn here."""

    reason = "NOT_BUILT"


class TooLong(Error):
    """More rows than this form takes, or than a run keeps."""

    reason = "TOO_LARGE"


_KINDS: dict[type[RenderError], type[Error]] = {
    RenderCrashed: _Crashed,
    RenderTimeout: _TimedOut,
    RenderQueueFull: LimitExceeded,
    PdfUnavailable: _Undrawable,
    TooManyRows: TooLong,
}


def not_drawn(error: RenderError) -> Error:
    """What a failure to draw means for the run; the transient ones are tried again."""
    if isinstance(error, CannotWrite):
        return _unstorable(str(error))
    kind = _KINDS.get(type(error))
    return kind(str(error)) if kind else Error("the document could not be drawn")


def not_stored(why: str) -> Error:
    """What a store that refuses a file means for the run; it is tried again."""
    return _unstorable(why)


def _unstorable(why: str) -> Error:
    return _Unstorable(f"the report's file could not be stored: {why}")


def hint_of(error: Error) -> str:
    """The next step for whoever waits for the run."""
    hint = getattr(error, "hint", None)
    return hint or _HINTS.get(error.reason.lower(), _OTHER_HINT)
