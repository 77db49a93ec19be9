"""Mail templates of users: text with `{{name}}` for a few names, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

SUBJECT_NAMES = ("report_name", "practice_name", "fire_date")
BODY_NAMES = (*SUBJECT_NAMES, "link")
DEFAULT_SUBJECT = "{{report_name}}, {{fire_date}}"
DEFAULT_BODY = """\
The report {{report_name}} of {{practice_name}} for {{fire_date}} is ready.

Open it here; you will be asked to sign in:
{{link}}
"""
_MARK = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_CONTROL_IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def fault(template: str, names: Collection[str]) -> str | None:
    """What is wrong with a template, in words; None when nothing is."""
    for name in _MARK.findall(template):
        if name not in names:
            return f"{name!r} is not known; {', '.join(names)} are"
    if "{{" in (rest := _MARK.sub("", template)) or "}}" in rest:
        return "braces must come as {{name}}"
    return None


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with its names replaced; what a value holds is not looked at again."""
    return _MARK.sub(lambda mark: values[mark.group(1)], template)


def one_line(text: str) -> str:
    """`text` without line breaks and other control characters."""
    return _CONTROL.sub(" ", text).strip()


def plain(text: str) -> str:
    """`text` with plain line breaks and without other control characters."""
    return _CONTROL_IN_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
