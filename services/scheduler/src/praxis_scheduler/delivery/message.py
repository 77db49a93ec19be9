"""The mail about a finished report: a link that needs a login, and never the report itself."""

from __future__ import annotations

import html
import uuid
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from praxis_scheduler.domain.templates import DEFAULT_BODY, DEFAULT_SUBJECT, fill, one_line, plain

_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"></head>
<body style="font-family: sans-serif; line-height: 1.5; color: #1f2933"><p>{text}</p></body></html>
"""


def message_id(delivery_id: uuid.UUID) -> str:
    """The Message-ID of a delivery, the same for every attempt."""
    return f"<{delivery_id}@praxis.local>"


def compose(
    delivery_id: uuid.UUID,
    sender: str,
    recipient: str,
    templates: tuple[str | None, str | None],
    values: Mapping[str, str],
    now: datetime,
) -> bytes:
    """The mail as it goes over the wire.

    Args:
        templates: subject and body; None or empty: the usual ones.
        values: report_name, practice_name, fire_date and link.
    """
    clean = {name: one_line(value) for name, value in values.items()}
    subject, body = templates
    text = plain(fill(body or DEFAULT_BODY, clean))
    if clean["link"] not in text:
        text = f"{text.rstrip()}\n\n{clean['link']}\n"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("Praxis", addr_spec=sender)
    mail["To"] = Address(addr_spec=recipient)
    mail["Subject"] = one_line(fill(subject or DEFAULT_SUBJECT, clean))
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(delivery_id)
    # Answering machines keep quiet.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    mail.add_alternative(_page(text, clean["link"]), subtype="html")
    return mail.as_bytes()


def _page(text: str, link: str) -> str:
    shown = html.escape(link)
    body = html.escape(text.strip()).replace(shown, f'<a href="{shown}">{shown}</a>')
    return _PAGE.format(text=body.replace("\n\n", "</p><p>").replace("\n", "<br>"))
