"""Codes and labels as people read them."""

from __future__ import annotations

import re

_CODE = re.compile(r"[a-z]+(_[a-z0-9]+)*")
_CAPITALISED = re.compile(r"[A-Z]?[a-z'’-]+[,;]?")
_SPECIAL = {
    "dual": "Dual eligible",
    "tricare": "TRICARE",
    "workers_comp": "Workers' compensation",
    "self_pay": "Self-pay",
    "eft": "Electronic transfer",
}
_LANGUAGES = {
    "ar": "Arabic", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "fr": "French", "hi": "Hindi", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "tl": "Tagalog", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip


def readable(by: str, name: str) -> str:
    """One value of a dimension: `denial_write_off` is Denial write off; names stay as they are."""
    if by == "language":
        language = _LANGUAGES.get(name.partition("-")[0])
        return f"{language} ({name})" if language else name
    if by == "carc":
        return f"CARC {name}"
    if name in _SPECIAL:
        return _SPECIAL[name]
    return name.replace("_", " ").capitalize() if _CODE.fullmatch(name) else name


def lowered(label: str) -> str:
    """A label inside a sentence: its first word is not capitalised, unless it is no plain word."""
    first, space, rest = label.partition(" ")
    return (first.lower() if _CAPITALISED.fullmatch(first) else first) + space + rest
