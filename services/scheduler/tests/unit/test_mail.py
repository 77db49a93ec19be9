"""Templates and the mail that is made of them."""

from __future__ import annotations

import email
import uuid
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import ValidationError

from praxis_scheduler.delivery.message import compose
from praxis_scheduler.domain.templates import BODY_NAMES, SUBJECT_NAMES, fault, fill
from praxis_scheduler.settings import Settings

ID = uuid.UUID(int=7)
LINK = "https://praxis.test/reports?run=1"
VALUES = {
    "report_name": "Revenue & <more>",
    "practice_name": "Zoë's\r\nBcc: all@evil.test",
    "fire_date": "2026-03-01",
    "link": LINK,
}


def _mail(subject: str | None = None, body: str | None = None) -> EmailMessage:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    content = compose(ID, "from@praxis.test", "to@praxis.test", (subject, body), VALUES, now)
    parsed = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    content = body.get_content()
    assert isinstance(content, str)
    return content


def test_the_usual_mail_says_what_is_ready_and_where() -> None:
    mail = _mail()
    assert mail["Subject"] == "Revenue & <more>, 2026-03-01"
    assert mail["Message-ID"] == f"<{ID}@praxis.local>"
    assert (mail["To"], mail["From"]) == ("to@praxis.test", "Praxis <from@praxis.test>")
    assert LINK in _part(mail, "plain")
    assert f'<a href="{LINK}">' in _part(mail, "html")
    assert "Revenue &amp; &lt;more&gt;" in _part(mail, "html")
    assert list(mail.iter_attachments()) == []


def test_a_value_cannot_become_a_header() -> None:
    mail = _mail(subject="{{practice_name}}")
    assert mail["Subject"] == "Zoë's Bcc: all@evil.test"
    assert mail["Bcc"] is None


def test_a_body_without_the_link_gets_it() -> None:
    assert _part(_mail(body="Hello {{ report_name }}"), "plain").split() == [
        *("Hello", "Revenue", "&", "<more>", LINK)
    ]


def test_values_are_not_looked_at_again() -> None:
    assert fill("{{report_name}}", VALUES | {"report_name": "{{link}}"}) == "{{link}}"


@pytest.mark.parametrize(
    "template",
    ["{{patient_name}}", "{{link}}", "{{ x.__class__ }}", "{{", "}}", "{{}}"],
)
def test_unknown_names_are_a_fault(template: str) -> None:
    assert fault(template, SUBJECT_NAMES)


def test_known_names_are_none() -> None:
    assert fault("{{report_name}} {x} {{ link }} { } %s", BODY_NAMES) is None


def _settings(**mail: str) -> Settings:
    file = Path("unread")
    return Settings(
        internal_jwks_file=file,
        signing_key_file=file,
        database_name="praxis_scheduler",
        database_app_password_file=file,
        database_worker_password_file=file,
        analytics_target="127.0.0.1:1",
        report_target="127.0.0.1:1",
        public_url="https://praxis.test",
        **mail,  # type: ignore[arg-type]
    )


def test_plain_text_goes_to_loopback_only() -> None:
    assert _settings().smtp_tls == "starttls"
    assert _settings(smtp_tls="none", smtp_host="127.0.0.1").smtp_port == 25
    with pytest.raises(ValidationError, match="loopback"):
        _settings(smtp_tls="none", smtp_host="mail.test")
