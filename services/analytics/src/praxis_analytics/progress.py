"""A line on standard error that says how far an import is."""

from __future__ import annotations

import sys
import time

_EVERY_S = 0.5
_EVERY_PLAIN_S = 5.0
_WIDTH = 24


class Progress:
    """Called with what is being done and how far it is; speaks twice a second at the most.

    On a terminal it rewrites one line; elsewhere it writes a line every five seconds.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._live = sys.stderr.isatty()
        self._next = 0.0
        self._shown = False

    def __call__(self, phase: str, file: str, done: int, total: int, facts: int) -> None:
        """`done` of `total` bytes read in this phase, `facts` applied so far."""
        now = time.monotonic()
        if self._quiet or now < self._next:
            return
        self._next = now + (_EVERY_S if self._live else _EVERY_PLAIN_S)
        share = min(1.0, done / total) if total else 1.0
        bar = "█" * round(share * _WIDTH)
        text = f"{bar:<{_WIDTH}} {share:4.0%}  {phase}  {file}  {facts:,} facts"
        sys.stderr.write(f"\r\x1b[2K{text}" if self._live else f"{text}\n")
        sys.stderr.flush()
        self._shown = True

    def close(self) -> None:
        """Ends the line."""
        if self._shown and self._live:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
