"""FHIR values to ours: texts, codes, numbers, references."""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import Any

from praxis_analytics.sources.problems import Rejected

Value = Any

# Texts and codes.

_INVISIBLE = re.compile("[\\u200b-\\u200f\\u2060\\ufeff\\x00]")


def clean(text: Value) -> str | None:
    """`text` without zero-width characters and outer space; None when nothing is left."""
    if not isinstance(text, str):
        return None
    if not text.isascii() or "\x00" in text:
        text = _INVISIBLE.sub("", text)
    return text.strip() or None


def first(value: Value) -> Value:
    """The first item of a list, or the value itself when it is none; None for an empty list."""
    if isinstance(value, list):
        return value[0] if value else None
    return value


def listed(value: Value) -> list[Value]:
    """A list as it is, nothing as an empty one, anything else as a list of one."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def at(value: Value, *path: str) -> Value:
    """The value at the end of a path of elements, of lists the first; None when it ends early."""
    for name in path:
        if value.__class__ is list:
            value = value[0] if value else None
        if value.__class__ is not dict:
            return None
        value = value.get(name)
    return first(value)


def codings(concepts: Value) -> list[str]:
    """`system|code` of every coding of one or more concepts."""
    return [
        f"{clean(coding.get('system')) or ''}|{clean(coding['code'])}"
        for concept in listed(concepts)
        for coding in listed(concept.get("coding"))
        if coding.get("code")
    ]


def code(concepts: Value) -> str | None:
    """The code of the first coding."""
    return clean(at(concepts, "coding", "code"))


def label(concepts: Value) -> str | None:
    """The code of the first coding, else the text."""
    return code(concepts) or clean(at(concepts, "text"))


def display(concepts: Value) -> str | None:
    """The text, else the first coding's display."""
    return clean(at(concepts, "text")) or clean(at(concepts, "coding", "display"))


def number(value: Value) -> Decimal | None:
    """A FHIR decimal, exactly as written up to 17 digits.

    JSON numbers come as binary floats; their shortest form that reads back the same is what
    was written, so that 2.675 is 2.675 again and not 2.67499….
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Rejected("holds an amount that is no number")
    return Decimal(repr(value))


# References.


@functools.lru_cache(1 << 16)
def split_reference(text: str) -> tuple[str | None, str]:
    """Resource type, if told, and id of `Type/id`, `urn:uuid:id` and absolute references."""
    if text.startswith("urn:"):
        return None, text.rpartition(":")[2]
    path = text.partition("/_history/")[0].rstrip("/").split("/")
    kind = path[-2] if len(path) > 1 and path[-2][:1].isupper() else None
    return kind, path[-1]
