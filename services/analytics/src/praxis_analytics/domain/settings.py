"""What a practice may set, and which values each setting takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from praxis_analytics.domain.periods import PeriodError, parse_date
from praxis_analytics.domain.registry import METRICS

# ISO 4217 currencies with two decimals: every amount is kept in hundredths.
_CODES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD"
    " CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ"
    " GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL"
    " MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR"
    " PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT"
    " TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW"
)
CURRENCIES = frozenset(_CODES.split())


class SettingError(ValueError):
    """A value that a setting does not take; `field` names the setting."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


def check_variants(chosen: Mapping[str, str]) -> None:
    """Raises: SettingError for a metric or a variant of it that is not in the registry."""
    for metric_id, name in chosen.items():
        metric = METRICS.get(metric_id)
        if metric is None or not metric.variants:
            able = ", ".join(each.id for each in METRICS.values() if each.variants)
            raise SettingError("variants", f"{metric_id!r} has none; there are those of {able}")
        if metric.variant(name) is None:
            ways = ", ".join(variant.id for variant in metric.variants)
            raise SettingError(f"variants.{metric_id}", f"{name!r} is not known; use {ways}")


def holidays_of(texts: Iterable[str]) -> tuple[date, ...]:
    """Dates of texts, in order. Raises: SettingError naming the one that is no date."""
    found = []
    for index, text in enumerate(texts):
        try:
            found.append(parse_date(f"holidays[{index}]", text))
        except PeriodError as error:
            raise SettingError(error.field, error.message) from None
    return tuple(sorted(set(found)))


def check_currency(currency: str) -> None:
    """Raises: SettingError for what is no currency with two decimals."""
    if currency not in CURRENCIES:
        raise SettingError("currency", f"{currency!r} is no ISO 4217 currency with two decimals")


def fixed_today(text: str, local_today: date) -> date:
    """A business date to fix. Raises: SettingError for none, or one that has not come yet."""
    try:
        day = parse_date("business_date", text)
    except PeriodError as error:
        raise SettingError(error.field, error.message) from None
    if day > local_today:
        raise SettingError("business_date", f"is after the local date, {local_today}")
    return day
