"""Hands mails to an SMTP server and tells apart: refused, not now, taken, and who knows."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from praxis_chassis.errors import DependencyDown, Error

_PERMANENT = 500


class Refused(Error):
    """The server will not take this mail, now or later; the message is its code."""

    reason = "MAIL_REFUSED"


class NotNow(DependencyDown):
    """The server did not take the mail; it may later."""


class Unanswered(DependencyDown):
    """The mail was sent and no answer came: the server may have taken it."""


@dataclass(frozen=True)
class Mailer:
    """Where mail goes. `tls` is starttls, tls or none."""

    host: str
    port: int
    tls: str
    timeout_s: float
    sender: str
    user: str = ""
    password: str = ""
    ca_file: str | None = None

    @asynccontextmanager
    async def accepted(self, recipient: str) -> AsyncIterator[Handover]:
        """A talk in which the server agreed to take a mail for `recipient`.

        Raises: Refused or NotNow, and then nothing was sent.
        """
        client = self._client()
        try:
            try:
                await client.connect()
                await client.mail(self.sender)
                await client.rcpt(recipient)
            except (SMTPException, OSError) as error:
                raise _told(error) from error
            yield Handover(client)
        finally:
            # Without good-bye: whatever counts was answered by now.
            client.close()

    def _client(self) -> SMTP:
        return SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user or None,
            password=self.password or None,
            local_hostname="praxis.local",
            timeout=self.timeout_s,
            use_tls=self.tls == "tls",
            start_tls=self.tls == "starttls",
            tls_context=None
            if self.tls == "none"
            else ssl.create_default_context(cafile=self.ca_file),
        )


@dataclass(frozen=True)
class Handover:
    """The moment before a mail is sent."""

    client: SMTP

    async def send(self, mail: bytes) -> None:
        """Sends it. Returns when the server has it. Raises: Refused, NotNow, Unanswered."""
        try:
            await self.client.data(mail)
        except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
            raise Unanswered("the mail server broke off while it took the mail") from error
        except SMTPException as error:
            raise _told(error) from error


def _told(error: Exception) -> Error:
    """What the server's answer means; its text may hold anything and goes no further."""
    if not isinstance(error, SMTPResponseException):
        return NotNow("the mail server does not answer")
    if error.code >= _PERMANENT:
        return Refused(f"the mail server refused it with {error.code}")
    return NotNow(f"the mail server put it off with {error.code}")
