"""How a cell reads: one rule per unit for people, one plain form for machines."""

import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from praxis_charts.model import Absent, Cell, Ratio, Trend, Unit

ABSENT = "—"
# What turns the text behind it around: a name must not be read as another.
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
PARTIAL = "*"  # after the name of a period that is not whole
MINUS = "−"

_EXACT = Context(prec=200, rounding=ROUND_HALF_UP)  # wide enough that only cents are rounded
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_REASONS = {
    "zero_denominator": "nothing to divide by in this period",
    "no_source_data": "no source data for this practice and period",
    "suppressed": "hidden because it rests on fewer than 11 patients",
    "not_additive": "does not add up over groups",
    "not_evaluable": "cannot be evaluated from the data at hand",
}


def currency_prefix(currency: str) -> str:
    """What stands before an amount: a symbol, or the ISO code and a space that never breaks."""
    return _SYMBOLS.get(currency, f"{currency}\u00a0")


def reason_words(reason: str) -> str:
    """The reason of an absent figure in words; an unknown code is shown as it is."""
    return _REASONS.get(reason, reason)


def plain_text(text: str) -> str:
    """Text without control characters, those of direction included; line breaks and tabs become
    a space."""
    if text.isprintable():
        return text
    return "".join(
        " " if char in "\t\r\n" else char
        for char in text
        if char in "\t\r\n" or (unicodedata.category(char) != "Cc" and char not in _DIRECTIONS)
    )


def format_value(value: Cell, unit: Unit, currency: str) -> str:
    """A cell as people read it; text is cleaned, None is empty, an absent figure is a dash.

    A count hidden for privacy says what it may say: that it is small.
    """
    if value is None:
        return ""
    if isinstance(value, Absent):
        return "<11" if value.reason == "suppressed" and unit == "count" else ABSENT
    if isinstance(value, Ratio):
        value = value.value
    if isinstance(value, Trend):
        return ", ".join(format_value(one, unit, currency) for one in value.values)
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, date):
        return _format_month(value) if unit == "month" else _format_date(value)
    return _NUMBERS.get(unit, _format_number)(value, currency)


def format_change(change: Decimal) -> str:
    """A change in percent with its sign, a direction mark and two decimals: `▲ +12.50%`."""
    rounded = _rounded(change, 2)
    lead = "▲ +" if rounded > 0 else "▼ " if rounded < 0 else ""
    return f"{lead}{_signed(rounded, 2)}%"


def raw_value(value: Cell, unit: Unit) -> Decimal | int | str | None:
    """A cell for machines: numbers as they are, ISO dates (months as YYYY-MM), absent as None.

    Raises: TypeError for a trend, which is no single value.
    """
    if value is None or isinstance(value, Absent):
        return None
    if isinstance(value, Trend):
        raise TypeError("a trend is no single value")
    if isinstance(value, Ratio):
        return value.value
    if isinstance(value, date):
        return value.isoformat()[:7] if unit == "month" else value.isoformat()
    return value


def plain_number(value: Decimal | int) -> str:
    """A number with all its digits and no exponent."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _rounded(value: Decimal | int, decimals: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), context=_EXACT)


def _signed(value: Decimal, decimals: int, prefix: str = "") -> str:
    sign = MINUS if value < 0 else ""
    return f"{sign}{prefix}{value.copy_abs():,.{decimals}f}"


def _format_money(value: Decimal | int, currency: str) -> str:
    return _signed(_rounded(value, 2), 2, currency_prefix(currency))


def _format_percent(value: Decimal | int, _currency: str) -> str:
    return _signed(_rounded(value, 2), 2) + "%"


def _format_number(value: Decimal | int, _currency: str) -> str:
    decimals = max(0, -int(Decimal(value).as_tuple().exponent))
    return _signed(Decimal(value), decimals)


_NUMBERS: dict[Unit, Callable[[Decimal | int, str], str]] = {
    "money": _format_money,
    "percent": _format_percent,
}


def _format_month(value: date) -> str:
    return f"{_MONTHS[value.month - 1]} {value.year}"


def _format_date(value: date) -> str:
    return f"{_MONTHS[value.month - 1]} {value.day}, {value.year}"
