"""What ends a command early. `praxis_cli.__main__` turns each into one line and an exit code.

CommandError          1  the command could not do its work
└── BadInputError     2  what the user named is not right
    └── BusyError     2  another command holds the stack
"""


class CommandError(Exception):
    """The command failed; the text is one line for the user."""

    exit_code = 1


class BadInputError(CommandError):
    """The user's input is at fault; the text says which and what would be right."""

    exit_code = 2


class BusyError(BadInputError):
    """Another process holds the lock of the stack."""
