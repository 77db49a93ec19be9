"""The mail server of a stack: takes every mail on loopback and keeps it as `mail/<time>.eml`.

`python -m praxis_cli.stack.mail PORT FOLDER` is its process.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from praxis_cli.stack.layout import Layout
from praxis_cli.stack.processes import Process, mortal

NAME = "mail"
HOST = "127.0.0.1"
_MAIL_BYTES_MAX = 10_000_000


@dataclass(frozen=True)
class Mail:
    """The mail server of one stack on its loopback port."""

    layout: Layout
    port: int

    @property
    def folder(self) -> Path:
        """Where the mails are, one file each, the names in order of arrival."""
        return self.layout.root / NAME

    def process(self) -> Process:
        """The server as a process."""
        entry = (sys.executable, "-P", "-m", "praxis_cli.stack.mail")
        return Process(
            NAME, mortal(*entry, str(self.port), str(self.folder)), ready=_greets(self.port)
        )


def _greets(port: int) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            with socket.create_connection((HOST, port), timeout=2) as talk:
                return talk.recv(4) == b"220 "
        except OSError:
            return False

    return ask


class Keeper:
    """Keeps what the server takes; a mail is on disk before its sender is told so."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd looks for
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Writes one mail, with its recipients above its own headers."""
        recipients = ", ".join(envelope.rcpt_tos)
        content = envelope.original_content or b""
        self._write(f"X-Envelope-To: {recipients}\r\n".encode() + content)
        return "250 OK"

    def _write(self, content: bytes) -> None:
        path = self._folder / f"{time.time_ns()}.eml"
        fresh = path.with_suffix(".new")
        with fresh.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        fresh.rename(path)


async def serve(port: int, folder: Path) -> None:
    """Takes mail until told to stop."""
    folder.mkdir(mode=0o700, exist_ok=True)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def talk() -> SMTP:
        keeper = Keeper(folder)
        return SMTP(keeper, hostname="praxis.local", data_size_limit=_MAIL_BYTES_MAX, loop=loop)

    server = await loop.create_server(talk, HOST, port)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
