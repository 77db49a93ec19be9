"""The class of a payer, from what a source calls it."""

from __future__ import annotations

import functools
import re

# Whole names, as sources write categories instead of companies.
_NAMES = {
    "private": "commercial",
    "no_insurance": "self_pay",
    "none": "self_pay",
    "uninsured": "self_pay",
    "other": "other",
}
# Words inside a name, the first that fits; any other name is a company's.
_WORDS = (
    (re.compile(r"dual_?eligible|medicare_(and_)?medicaid"), "dual"),
    (re.compile(r"medicaid|\bchip\b"), "medicaid"),
    (re.compile(r"medicare"), "medicare"),
    (re.compile(r"tricare|champva|champus"), "tricare"),
    (re.compile(r"workers?_comp"), "workers_comp"),
    (re.compile(r"self_?pay"), "self_pay"),
)


@functools.lru_cache(4096)
def payer_class(name: str) -> str:
    """`commercial`, `medicare`, `medicaid`, `dual`, `tricare`, `workers_comp`, `other` or
    `self_pay`."""
    key = re.sub(r"[^a-z0-9]+", "_", name.lower().replace("'", "")).strip("_")
    if key in _NAMES:
        return _NAMES[key]
    return next((kind for words, kind in _WORDS if words.search(key)), "commercial")
