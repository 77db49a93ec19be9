"""What a link token stands for, and what it does not."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_report.domain.links import VALID, Link, Links, path_of

LINKS = Links(b"0123456789abcdef0123456789abcdef")
PRACTICE, RUN = uuid.UUID(int=1), uuid.UUID(int=2)
NOW = datetime(2025, 10, 15, 12, tzinfo=UTC)
URL = LINKS.url(PRACTICE, RUN, "ada", {"owner"}, NOW)
TOKEN = URL.partition("?token=")[2]


def test_a_link_opens_to_what_was_signed() -> None:
    assert f"{path_of(RUN)}?token={TOKEN}" == URL
    expires_at = int((NOW + VALID).timestamp())
    assert LINKS.open(RUN, TOKEN) == Link(PRACTICE, RUN, "ada", frozenset({"owner"}), expires_at)


def test_its_time_ends_on_the_second() -> None:
    link = LINKS.open(RUN, TOKEN)
    assert link is not None
    assert not link.expired(NOW + VALID - timedelta(seconds=1))
    assert link.expired(NOW + VALID)


def test_no_two_links_are_equal() -> None:
    assert LINKS.url(PRACTICE, RUN, "ada", {"owner"}, NOW) != URL


@given(st.integers(0, len(TOKEN) - 1), st.characters(codec="ascii", exclude_characters="\r\n"))
def test_no_changed_character_passes(index: int, character: str) -> None:
    changed = TOKEN[:index] + character + TOKEN[index + 1 :]
    assert changed == TOKEN or LINKS.open(RUN, changed) is None


@given(st.text(max_size=200))
def test_no_text_passes(token: str) -> None:
    assert LINKS.open(RUN, token) is None


def test_it_holds_for_its_file_and_key_only() -> None:
    assert LINKS.open(uuid.UUID(int=3), TOKEN) is None
    assert Links(b"another key of thirty-two bytes!").open(RUN, TOKEN) is None
    with pytest.raises(ValueError, match="32"):
        Links(b"short")
