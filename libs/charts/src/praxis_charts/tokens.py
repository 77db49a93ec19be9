"""The design tokens: colours, type and chart palette for all outputs, and colours in the dark."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def tokens() -> dict[str, Any]:
    """The content of `tokens.json`; sizes carry their unit in the key."""
    loaded: dict[str, Any] = json.loads((files(__package__) / "tokens.json").read_bytes())
    return loaded


@cache
def dark() -> dict[str, Any]:
    """The content of `dark.json`: for each colour of the tokens its counterpart in the dark."""
    loaded: dict[str, Any] = json.loads((files(__package__) / "dark.json").read_bytes())
    return loaded
