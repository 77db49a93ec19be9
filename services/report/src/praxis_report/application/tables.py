"""The tables of a report: which rows of an answer are shown, in what order, called what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

from praxis.analytics.v1 import answer_pb2
from praxis_charts.figures import format_value
from praxis_report.application.plans import Catalogue
from praxis_report.domain.document import Absent, Cell, Column, Ratio, Table, Trend, Unit
from praxis_report.domain.report_types import GRAINS
from praxis_report.domain.spans import day_words, span_words
from praxis_report.domain.words import lowered

# Dimensions whose values have an order of their own, and those that are open lists of codes:
# of these, a value that nothing was counted for says nothing.
ORDERED = ("weekday", "hour", "lead_band", "age_band", "aging_bucket", "task_priority")
_CODES = ("diagnosis", "procedure", "carc", "group_code", "adjustment_reason")
_PRIORITIES = ("urgent", "high", "normal", "low")


def rows_of(answer: answer_pb2.Answer, by: Sequence[str]) -> list[answer_pb2.AnswerRow]:
    """The rows that are shown: of times that have begun, of codes that were met.

    One dimension without an order of its own has its largest first figure first; more are
    sorted by one after the other.
    """
    dimensions = [one for one in by if one not in GRAINS]
    rows = [
        row
        for row in answer.rows
        if len(row.keys) >= len(dimensions) and (not row.bucket or row.bucket <= answer.today)
    ]
    if any(one in _CODES for one in dimensions):
        rows = [row for row in rows if any(_amount(figure) for figure in row.figures)]
    if len(by) > 1:
        ranks = {row.keys[0]: place for place, row in reversed(list(enumerate(rows))) if row.keys}
        return sorted(rows, key=lambda row: _order(row, by, ranks))
    if by == ("task_priority",):
        return sorted(rows, key=lambda row: (*_PRIORITIES, row.key).index(row.key))
    if dimensions and by[0] not in ORDERED:
        return sorted(rows, key=lambda row: -_amount(row.figures[0]))
    return rows


def _amount(figure: answer_pb2.Figure) -> Decimal:
    return Decimal(figure.value or 0)


def _order(
    row: answer_pb2.AnswerRow, by: Sequence[str], ranks: dict[str, int]
) -> tuple[tuple[int, str], ...]:
    """A row's place under several things; the first dimension keeps the order of the answer."""
    named = iter(enumerate(zip(row.keys, row.labels, strict=True)))
    places = []
    for one in by:
        if one in GRAINS:
            places.append((0, row.bucket))
            continue
        number, (key, label) = next(named)
        first = number == 0 and one in ORDERED
        places.append((ranks[key], "") if first else (0 if key else 1, (label or key).lower()))
    return tuple(places)


def cell_of(figure: answer_pb2.Figure, unit: str) -> Decimal | int | Absent | Ratio:
    """A figure as a document holds it."""
    if not figure.HasField("value"):
        return Absent(figure.reason)
    value = Decimal(figure.value)
    if figure.HasField("numerator") and figure.HasField("denominator"):
        return Ratio(value, Decimal(figure.numerator), Decimal(figure.denominator))
    return int(value) if unit == "count" else value


def key_of(catalogue: Catalogue, by: str, key: str, label: str) -> date | str:
    """A row's place under a grain or dimension, as people read it."""
    return date.fromisoformat(key) if by in GRAINS else catalogue.value(by, key, label)


def key_unit(by: str) -> Unit:
    """What such a place is measured in."""
    if by in GRAINS:
        return "month" if by == "month" else "date"
    return "text"


def table_of(
    catalogue: Catalogue,
    by: Sequence[str],
    answer: answer_pb2.Answer,
    wholes: Mapping[str, answer_pb2.Figure] | None = None,
    most: int = 0,
) -> Table:
    """An answer as a table, split by `by`; `wholes` are figures of no split, for its totals.

    Of more than `most` groups the first are shown, and what the others add up to.
    """
    every = rows_of(answer, by)
    rows, others = (every[:most], every[most:]) if most else (every, [])
    units = [metric.unit for metric in answer.metrics]
    columns = [
        Column(
            "group" if place == 0 else f"group_{place + 1}", _head(catalogue, one), key_unit(one)
        )
        for place, one in enumerate(by)
    ] or [Column("group", "Practice", "text")]
    columns += [Column(m.id, m.label, cast(Unit, m.unit)) for m in answer.metrics]
    labels = [lowered(catalogue.label(one)) for one in by]
    total: tuple[Cell, ...] | None = None
    if by and wholes and all(metric.id in wholes for metric in answer.metrics):
        sums = (cell_of(wholes[metric.id], metric.unit) for metric in answer.metrics)
        total = ("Total", *("" for _ in by[1:]), *sums)
    in_time = bool(by) and by[0] in GRAINS
    return Table(
        id="by_" + "_".join(by) if by else "whole",
        title=f"By {' and '.join(labels)}" if by else "The practice",
        columns=tuple(columns),
        rows=(
            *((*_keys(catalogue, by, row), *_cells(row, units)) for row in rows),
            *_together(answer, every, others, wholes or {}),
        ),
        totals=total,
        receipt=answer.receipt,
        remark=_said_of(answer, every, others) or _remark(by, answer, rows),
        partial=tuple(
            dict.fromkeys(_keys(catalogue, by, row)[0] for row in rows if in_time and row.partial)
        ),
    )


def _said_of(answer: answer_pb2.Answer, every: Sequence[Any], others: Sequence[Any]) -> str:
    """How many groups are shown of how many; empty where all are."""
    unknown = answer.total_rows - len(answer.rows)
    if not others and not unknown:
        return ""
    shown, there = len(every) - len(others), len(every) + unknown
    last = " The last row is what the others add up to." if _adds_up(answer) else ""
    return f"{shown:,} of {there:,}, those with the largest first figure.{last}"


def _adds_up(answer: answer_pb2.Answer) -> bool:
    """Whether every group came with the answer."""
    return answer.total_rows == len(answer.rows)


def _together(
    answer: answer_pb2.Answer,
    every: Sequence[answer_pb2.AnswerRow],
    others: Sequence[answer_pb2.AnswerRow],
    wholes: Mapping[str, answer_pb2.Figure],
) -> Iterator[tuple[Cell, ...]]:
    """The row of those that are not shown one by one, where all of them are known."""
    if not others or not _adds_up(answer):
        return
    cells = [
        _sum(index, metric, every, others, wholes.get(metric.id))
        for index, metric in enumerate(answer.metrics)
    ]
    yield f"Other ({len(others):,})", *cells


def _sum(
    index: int,
    metric: answer_pb2.MetricUse,
    every: Sequence[answer_pb2.AnswerRow],
    others: Sequence[answer_pb2.AnswerRow],
    whole: answer_pb2.Figure | None,
) -> Decimal | int | Absent:
    """What a metric adds up to in some of the groups. Only that of which all groups together make
    the whole adds up: not a rate, nor patients who are in several."""
    if any(row.figures[index].reason == "suppressed" for row in every):
        return Absent("suppressed")
    total = sum((_amount(row.figures[index]) for row in every), Decimal(0))
    is_sum = metric.unit in ("money", "count") and whole and not whole.HasField("denominator")
    if not whole or not is_sum or total != _amount(whole):
        return Absent("not_additive")
    value = sum((_amount(row.figures[index]) for row in others), Decimal(0))
    return int(value) if metric.unit == "count" else value


def _head(catalogue: Catalogue, by: str) -> str:
    """The head of a column of places; weeks and quarters are named by their first day."""
    label = catalogue.label(by)
    return f"{label} from" if by in ("week", "quarter") else label


def _keys(catalogue: Catalogue, by: Sequence[str], row: answer_pb2.AnswerRow) -> tuple[Cell, ...]:
    """The places of a row, in the order of `by`."""
    named = iter(zip(row.keys, row.labels, strict=True))
    places: list[Cell] = []
    for one in by:
        key, label = (row.bucket, "") if one in GRAINS else next(named)
        places.append(key_of(catalogue, one, key, label))
    return tuple(places) or ("All",)


def _cells(row: answer_pb2.AnswerRow, units: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(cell_of(figure, unit) for figure, unit in zip(row.figures, units, strict=True))


def _remark(
    by: Sequence[str], answer: answer_pb2.Answer, rows: Sequence[answer_pb2.AnswerRow]
) -> str:
    """Says which rows of time are no whole ones, and which days they count."""
    words: dict[str, str] = {}
    grain = next((one for one in by if one in GRAINS), "")
    newest = max((row.bucket for row in rows), default="")
    for row in rows:
        if not grain or not row.partial:
            continue
        first = max(date.fromisoformat(row.bucket), date.fromisoformat(answer.start_date))
        last = min(date.fromisoformat(answer.end_date), date.fromisoformat(answer.today))
        days = span_words(first, last) if row.bucket == newest else f"from {day_words(first)}"
        name = format_value(date.fromisoformat(row.bucket), key_unit(grain), "")
        words[row.bucket] = f"{name} is not a whole {grain}: it counts {days}."
    return " ".join(words.values())


def with_course(
    table: Table,
    by: Sequence[str],
    answer: answer_pb2.Answer,
    course: answer_pb2.Answer,
    most: int = 0,
) -> Table:
    """The table with the first metric's course by month in a last column, empty for what `most`
    puts together."""
    months = sorted({row.bucket for row in course.rows if row.bucket <= course.today})
    unit = course.metrics[0].unit
    by_key: dict[str, dict[str, Cell]] = {}
    for row in course.rows:
        by_key.setdefault(row.key, {})[row.bucket] = _plain(cell_of(row.figures[0], unit))
    labels = tuple(format_value(date.fromisoformat(month), "month", "") for month in months)
    metric = course.metrics[0]
    column = Column("course", f"{metric.label} by month", cast(Unit, metric.unit), trend=labels)
    courses = [by_key.get(row.key, {}) for row in rows_of(answer, by)[: most or None]]
    courses += [{}] * (len(table.rows) - len(courses))
    rows = tuple(
        (*cells, Trend(tuple(cast(Any, one.get(month)) for month in months)))
        for cells, one in zip(table.rows, courses, strict=True)
    )
    totals = table.totals and (*table.totals, None)
    return replace(table, columns=(*table.columns, column), rows=rows, totals=totals)


def _plain(cell: Cell) -> Cell:
    return cell.value if isinstance(cell, Ratio) else cell


def arranged(table: Table, columns: Sequence[str], sort_by: str, *, descending: bool) -> Table:
    """The main table with the columns and order that the definition asks for."""
    rows = list(table.rows)
    names = [column.name for column in table.columns]
    if sort_by in names:
        index = names.index(sort_by)
        known = [
            row for row in rows if not isinstance(row[index], Absent) and row[index] is not None
        ]
        absent = [row for row in rows if isinstance(row[index], Absent) or row[index] is None]
        known.sort(key=lambda row: cast(Any, _plain(row[index])), reverse=descending)
        rows = known + absent
    wanted = [name for name in columns if name in names] or names
    chosen = [index for index, name in enumerate(names) if name in wanted]
    totals = table.totals
    return replace(
        table,
        columns=tuple(table.columns[index] for index in chosen),
        rows=tuple(tuple(row[index] for index in chosen) for row in rows),
        totals=totals and tuple(totals[index] for index in chosen),
    )
