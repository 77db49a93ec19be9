"""Amounts: exact decimals, rounded half-up to cents once, when a fact is made."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")
# What a money column holds.
_BOUND = Decimal(10) ** 12


def cents(amount: Decimal) -> Decimal:
    """`amount` rounded half-up to cents. Raises: ValueError when no money column holds it."""
    if not abs(amount) < _BOUND:
        raise ValueError("an amount is beyond a million million")
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)
