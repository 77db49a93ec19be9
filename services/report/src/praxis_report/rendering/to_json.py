"""JSON: the whole document, for machines; `document.schema.json` says what stands where.

A cell is a number with every digit of the figure, text, a date, or null. Where there is more to
say it is an object: `{"value": null, "reason": text}` for a figure that could not be computed,
and a rate with the numerator and denominator it was made of. A course is a list of such cells.
Months read YYYY-MM. Rows are written as they come, so that their number costs no memory.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO

import orjson

from praxis_charts.figures import plain_number, raw_value
from praxis_report.domain.document import (
    Absent,
    Bullets,
    Card,
    Cards,
    Cell,
    Chart,
    Document,
    Measures,
    Notes,
    Ratio,
    Section,
    Table,
    Trend,
    Unit,
)

_ROWS_AT_ONCE = 500


def write_json(document: Document, out: BinaryIO) -> None:
    """Write the document; the same document gives the same bytes."""
    head, receipts = _head(document), _receipts(document)
    out.write(orjson.dumps(head)[:-1] + b',"sections":[')
    for number, section in enumerate(document.sections):
        if number:
            out.write(b",")
        if isinstance(section, Table):
            _write_table(section, out)
        else:
            out.write(orjson.dumps(_section(section)))
    out.write(b'],"receipts":' + orjson.dumps(receipts) + b"}\n")


def _head(document: Document) -> dict[str, Any]:
    # AsOf, Axis, Series and Column are written field by field, as they are declared.
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "practice_name": document.practice_name,
        "period": document.period,
        "currency": document.currency,
        "time_zone": document.time_zone,
        "as_of": document.as_of,
        "synthetic": document.synthetic,
        "phi_level": document.phi_level,
        "parameters": dict(document.parameters),
        "filters": dict(document.filters),
    }


def _receipts(document: Document) -> list[dict[str, Any]]:
    link = document.receipt_link
    return [
        {"receipt": receipt, "link": link + receipt if link else None, "sections": titles}
        for receipt, titles in document.sources.items()
    ]


def _section(section: Section) -> dict[str, Any]:
    match section:
        case Cards():
            cards = [_card(card) for card in section.cards]
            return {"type": "cards", "title": section.title, "cards": cards}
        case Chart():
            return _chart(section)
        case Measures():
            return _measures(section)
        case Bullets():
            return {"type": "bullets", "title": section.title, "items": section.items}
        case Notes():
            items = [{"term": term, "text": text} for term, text in section.items]
            return {"type": "notes", "title": section.title, "items": items}
        case Table():
            raise TypeError("a table is written in pieces")


def _card(card: Card) -> dict[str, Any]:
    change = _cell(card.comparison_change, "percent")
    return {
        "label": card.label,
        "unit": card.unit,
        "value": _cell(card.value, card.unit),
        "reason": card.reason,
        "numerator": _cell(card.numerator, "number"),
        "denominator": _cell(card.denominator, "number"),
        "comparison": {"change": change, "text": card.comparison_text},
        "receipt": card.receipt,
    }


def _chart(chart: Chart) -> dict[str, Any]:
    columns = [(series.name, chart.unit_of(i)) for i, series in enumerate(chart.series)]
    return {
        "type": "chart",
        "title": chart.title,
        "summary": chart.summary,
        "kind": chart.kind,
        "x": chart.x,
        "y": chart.y,
        "series": chart.series,
        "rows": [
            {"x": _cell(x, chart.x.unit), "values": _named(columns, values)}
            for x, *values in chart.rows
        ],
        "partial": [_cell(x, chart.x.unit) for x in chart.partial],
        "receipt": chart.receipt,
    }


def _measures(section: Measures) -> dict[str, Any]:
    units = {column.name: column.unit for column in section.table.columns}
    figures = (
        "rate", "initial_population", "denominator", "exclusions", "exceptions", "numerator",
        "gaps", "goal", "completeness",
    )  # fmt: skip
    measures = [
        {"name": one.name, "label": one.label, "inverse": one.inverse}
        | {name: _cell(getattr(one, name), units[name]) for name in figures}
        | {"not_evaluable": one.not_evaluable}
        for one in section.measures
    ]
    head = {"type": "measures", "id": section.id, "title": section.title, "main": section.main}
    return head | {"measures": measures, "receipt": section.receipt}


def _write_table(table: Table, out: BinaryIO) -> None:
    columns = [(column.name, column.unit) for column in table.columns]
    first = columns[0][1] if columns else "text"
    head = {
        "type": "table",
        "id": table.id,
        "title": table.title,
        "main": table.main,
        "columns": table.columns,
    }
    tail = {
        "totals": None if table.totals is None else _named(columns, table.totals),
        "remark": table.remark,
        "partial": [_cell(cell, first) for cell in table.partial],
        "receipt": table.receipt,
    }
    out.write(orjson.dumps(head)[:-1] + b',"rows":[')
    rows, lead = iter(table.rows), b""
    while batch := [_named(columns, row) for row in islice(rows, _ROWS_AT_ONCE)]:
        out.write(lead + orjson.dumps(batch)[1:-1])
        lead = b","
    out.write(b"]," + orjson.dumps(tail)[1:])


def _named(columns: Sequence[tuple[str, Unit]], cells: Sequence[Cell]) -> dict[str, Any]:
    pairs = zip(columns, cells, strict=True)
    return {name: _cell(cell, unit) for (name, unit), cell in pairs}


def _cell(cell: Cell, unit: Unit) -> object:
    if isinstance(cell, str) or cell is None:
        return cell
    if isinstance(cell, Absent):
        return {"value": None, "reason": cell.reason} | _parts(cell)
    if isinstance(cell, Ratio):
        return {"value": _number(cell.value)} | _parts(cell)
    if isinstance(cell, Trend):
        return [_cell(value, unit) for value in cell.values]
    value = raw_value(cell, unit)
    return value if value is None or isinstance(value, str) else _number(value)


def _parts(cell: Absent | Ratio) -> dict[str, object]:
    """What a rate was made of, where that is known."""
    if cell.numerator is None or cell.denominator is None:
        return {}
    return {"numerator": _number(cell.numerator), "denominator": _number(cell.denominator)}


def _number(value: Decimal | int) -> orjson.Fragment:
    # A figure is written digit by digit: a binary float on the way could change it.
    return orjson.Fragment(plain_number(value))
