"""The design tokens: the one file of colours, type and chart palette for all outputs."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def tokens() -> dict[str, Any]:
    """The content of `tokens.json`; sizes carry their unit in the key."""
    loaded: dict[str, Any] = json.loads((files(__package__) / "tokens.json").read_bytes())
    return loaded
