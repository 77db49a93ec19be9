"""The checkout that these packages are part of."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
