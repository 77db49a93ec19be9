"""Why a document could not be drawn.

RenderError
├── PdfUnavailable    a system library is missing; the message names the command that brings it
├── TooManyRows       more rows than this format can hold; another format can
├── RenderTimeout     the job took longer than the pool allows and was stopped
├── RenderCrashed     the child process ended before it answered (memory limit, kill)
├── CannotWrite       the disk does not take the file: full, read-only, gone
├── RenderQueueFull   too many documents wait already; try again later
└── RenderFailed      a fault in the renderer itself
"""


class RenderError(Exception):
    """A document could not be drawn."""


class PdfUnavailable(RenderError):
    """A system library that PDF needs is missing."""


class TooManyRows(RenderError):
    """The document has more rows than the format can hold."""


class RenderTimeout(RenderError):
    """The job ran out of time and was stopped."""


class RenderCrashed(RenderError):
    """The child process ended before it answered."""


class CannotWrite(RenderError):
    """The disk does not take the file; the message is the system's."""


class RenderQueueFull(RenderError):
    """Too many documents are waiting."""


class RenderFailed(RenderError):
    """The renderer met an error of its own; the message names where, never the data."""
