"""Questions in words: `net_collection_rate by payer, previous_month`.

Metrics come first; what follows may come in any order, parted by commas: `by` dimensions, `per`
day, week, month or quarter, a period, filters (`payer_class = medicare | dual`), `top 5 by` a
metric, and `vs` what to compare with.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from praxis_analytics.domain.periods import GRAINS, PeriodError, relative

DEFAULT_RANGE = "previous_month"
COMPARISONS = ("previous_period", "same_period_last_year")
NONE = "none"
_TOKEN = re.compile(
    r'\s*(?:"([^"]*)"|(\d{4}-\d{2}-\d{2})|(\w(?:[\w+-]|\.(?!\.))*)|(\.\.|[,=|\[\]]))'
)
_ANY_DAY = date(2026, 1, 1)


class TextError(ValueError):
    """Text that is no question; `position` is the offending character's, from 1."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(f"at character {position}: {message}")
        self.position = position


@dataclass
class Asked:
    """What a text asks for. `start` and `end` are empty where `relative_range` is not."""

    metrics: list[str] = field(default_factory=list)
    variants: dict[str, str] = field(default_factory=dict)
    dimensions: list[str] = field(default_factory=list)
    grain: str = ""
    relative_range: str = ""
    start: str = ""
    end: str = ""
    compare_to: str = ""
    filters: dict[str, list[str]] = field(default_factory=dict)
    order_by: str = ""
    descending: bool = False
    limit: int = 0


@dataclass(frozen=True)
class _Token:
    text: str
    at: int
    quoted: bool = False


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            place = at + len(text[at:]) - len(text[at:].lstrip())
            raise TextError(place + 1, f"{text[place]!r} has no meaning here")
        index = match.lastindex or 0
        found.append(_Token(match[index], match.start(index) + 1, quoted=index == 1))
        at = match.end()
    return [*found, _Token("", len(text) + 1)]


def parse(text: str, metrics: Mapping[str, Collection[str]], dimensions: Collection[str]) -> Asked:
    """What a text asks for, in terms of `metrics` (id → its variants) and `dimensions`.

    Raises: TextError saying where it cannot be understood, and what was probably meant.
    """
    return _Parser(_tokens(text), metrics, dimensions).run()


class _Parser:
    def __init__(
        self,
        tokens: list[_Token],
        metrics: Mapping[str, Collection[str]],
        dimensions: Collection[str],
    ) -> None:
        self._tokens, self._next = tokens, 0
        self._metrics, self._dimensions = metrics, dimensions
        self._asked = Asked()

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._token
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _met(self, *texts: str) -> bool:
        """Takes the next token if it is one of these."""
        if self._token.text not in texts or self._token.quoted:
            return False
        self._take()
        return True

    def run(self) -> Asked:
        while self._token.text:
            if not self._met(",", "and", "where"):
                self._clause()
        if not self._asked.metrics:
            raise self._unknown(self._token, self._metrics, "a metric is missing")
        if not self._asked.start and not self._asked.relative_range:
            self._asked.relative_range = DEFAULT_RANGE
        return self._asked

    def _clause(self) -> None:
        token = self._take()
        clauses = {
            "by": self._by, "per": self._per, "top": self._top, "bottom": self._top,
            "vs": self._versus,
        }  # fmt: skip
        if token.text in clauses:
            clauses[token.text](token)
        elif token.text in self._metrics:
            self._metric(token)
        elif self._token.text == "=":
            self._filter(token)
        elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", token.text):
            self._dates(token)
        elif _is_range(token.text):
            self._once(token, self._asked.relative_range or self._asked.start, "a period")
            self._asked.relative_range = token.text
        else:
            raise self._unknown(token, (*self._metrics, *_WORDS, *self._dimensions))

    def _unknown(self, token: _Token, known: Collection[str], instead: str = "") -> TextError:
        near = difflib.get_close_matches(token.text, known, n=3, cutoff=0.6)
        said = instead or f"{token.text!r} is not known"
        meant = f"; did you mean {' or '.join(near)}?" if near else ""
        return TextError(token.at, said + meant)

    @staticmethod
    def _once(token: _Token, given: object, what: str) -> None:
        if given:
            raise TextError(token.at, f"{what} was given already")

    def _metric(self, token: _Token) -> None:
        self._once(token, token.text in self._asked.metrics, token.text)
        self._asked.metrics.append(token.text)
        if self._met("["):
            name = self._take()
            if name.text not in self._metrics[token.text]:
                there = ", ".join(self._metrics[token.text]) or "none"
                raise TextError(name.at, f"{token.text} has no {name.text!r}; variants: {there}")
            self._asked.variants[token.text] = name.text
            if not self._met("]"):
                raise TextError(self._token.at, "']' is missing")

    def _by(self, token: _Token) -> None:
        self._once(token, self._asked.dimensions, "'by'")
        self._asked.dimensions.append(self._dimension(self._take()))
        while self._more_dimensions():
            self._asked.dimensions.append(self._dimension(self._take()))

    def _more_dimensions(self) -> bool:
        """Takes the comma or `and` before a further dimension that is no filter."""
        following = self._tokens[self._next : self._next + 3]
        if len(following) < 3 or following[0].text not in (",", "and"):
            return False
        if following[1].text not in self._dimensions or following[2].text == "=":
            return False
        self._take()
        return True

    def _dimension(self, token: _Token) -> str:
        if token.text not in self._dimensions:
            raise self._unknown(token, self._dimensions)
        return token.text

    def _per(self, token: _Token) -> None:
        self._once(token, self._asked.grain, "'per'")
        grain = self._take()
        if grain.text not in GRAINS:
            raise TextError(grain.at, f"per one of {', '.join(GRAINS)}, not {grain.text!r}")
        self._asked.grain = grain.text

    def _top(self, token: _Token) -> None:
        self._once(token, self._asked.limit, "'top' or 'bottom'")
        number = self._take()
        if not number.text.isdecimal() or not 0 < int(number.text) <= 10_000:
            raise TextError(number.at, f"'{token.text}' takes a number from 1 to 10000")
        self._asked.limit, self._asked.descending = int(number.text), token.text == "top"
        if self._met("by"):
            metric = self._take()
            if metric.text not in self._metrics:
                raise self._unknown(metric, self._metrics)
            self._asked.order_by = metric.text
        elif self._asked.metrics:
            self._asked.order_by = self._asked.metrics[0]

    def _versus(self, token: _Token) -> None:
        self._once(token, self._asked.compare_to, "'vs'")
        other = self._take()
        if other.text not in COMPARISONS:
            raise self._unknown(other, COMPARISONS, f"vs {' or '.join(COMPARISONS)}")
        self._asked.compare_to = other.text

    def _filter(self, token: _Token) -> None:
        name = self._dimension(token)
        self._once(token, name in self._asked.filters, f"a filter by {name}")
        values = self._asked.filters.setdefault(name, [])
        self._take()
        while True:
            value = self._take()
            if not value.quoted and (not value.text or value.text in ",=|[]"):
                raise TextError(value.at, f"a value of {name} is missing")
            values.append("" if value.text == NONE and not value.quoted else value.text)
            if not self._met("|"):
                return

    def _dates(self, token: _Token) -> None:
        self._once(token, self._asked.relative_range or self._asked.start, "a period")
        self._asked.start = self._asked.end = token.text
        if self._met(".."):
            end = self._take()
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", end.text):
                raise TextError(end.at, "a last day such as 2026-03-31 is missing")
            self._asked.end = end.text


_UNITS = ("week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year")
_RANGES = (
    "today",
    "yesterday",
    "last_30_days",
    *(name for unit in _UNITS for name in (f"this_{unit}", f"previous_{unit}", f"{unit}_to_date")),
)
_WORDS = ("by", "per", "top", "bottom", "vs", "where", *_RANGES)


def _is_range(text: str) -> bool:
    try:
        relative(text, _ANY_DAY)
    except PeriodError:
        return False
    return True
