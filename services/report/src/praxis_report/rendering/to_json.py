"""JSON: the whole document, for machines.

Shape (keys in this order; every key is always there)::

    {
      "title", "subtitle", "practice_name", "period", "currency", "time_zone": text,
      "as_of": {"revision": 42, "recorded_at": RFC 3339, "data_through": "2025-06-30" | null},
      "synthetic": true | false,
      "phi_level": "aggregate" | "limited" | "identified",
      "parameters": {name: text, ...},
      "sections": [
        {"type": "cards", "title", "cards": [{"label", "unit", "value", "reason",
          "comparison": {"change", "text"}, "receipt"}]},
        {"type": "chart", "title", "summary", "kind", "x": {"label", "unit"}, "y": {...},
          "series": [{"name", "label"}], "rows": [{"x", "values": {series name: cell}}]},
        {"type": "table", "id", "title", "main", "columns": [{"name", "label", "unit"}],
          "rows": [{column name: cell}], "totals": {column name: cell} | null, "remark",
          "receipt"},
        {"type": "notes", "title", "items": [{"term", "text"}]}
      ],
      "receipts": [{"receipt", "sections": [title]}]
    }

A cell is a number with every digit of the figure, text, a date, null, or
`{"value": null, "reason": text}` for a figure that could not be computed. Months read YYYY-MM.
"""

from collections.abc import Sequence
from typing import Any, BinaryIO

import orjson

from praxis_charts.figures import plain_number, raw_value
from praxis_report.domain.document import (
    Absent,
    Card,
    Cards,
    Cell,
    Chart,
    Document,
    Notes,
    Section,
    Table,
    Unit,
)


def write_json(document: Document, out: BinaryIO) -> None:
    """Write the document; the same document gives the same bytes."""
    # AsOf, Axis, Series and Column are written field by field, as they are declared.
    out.write(orjson.dumps(_document(document), option=orjson.OPT_APPEND_NEWLINE))


def _document(document: Document) -> dict[str, Any]:
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
        "sections": [_section(section) for section in document.sections],
        "receipts": [
            {"receipt": receipt, "sections": titles} for receipt, titles in document.sources.items()
        ],
    }


def _section(section: Section) -> dict[str, Any]:
    match section:
        case Cards():
            cards = [_card(card) for card in section.cards]
            return {"type": "cards", "title": section.title, "cards": cards}
        case Chart():
            return _chart(section)
        case Table():
            return _table(section)
        case Notes():
            items = [{"term": term, "text": text} for term, text in section.items]
            return {"type": "notes", "title": section.title, "items": items}


def _card(card: Card) -> dict[str, Any]:
    change = _cell(card.comparison_change, "percent")
    return {
        "label": card.label,
        "unit": card.unit,
        "value": _cell(card.value, card.unit),
        "reason": card.reason,
        "comparison": {"change": change, "text": card.comparison_text},
        "receipt": card.receipt,
    }


def _chart(chart: Chart) -> dict[str, Any]:
    columns = [(series.name, chart.y.unit) for series in chart.series]
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
    }


def _table(table: Table) -> dict[str, Any]:
    columns = [(column.name, column.unit) for column in table.columns]
    return {
        "type": "table",
        "id": table.id,
        "title": table.title,
        "main": table.main,
        "columns": table.columns,
        "rows": [_named(columns, row) for row in table.rows],
        "totals": None if table.totals is None else _named(columns, table.totals),
        "remark": table.remark,
        "receipt": table.receipt,
    }


def _named(columns: Sequence[tuple[str, Unit]], cells: Sequence[Cell]) -> dict[str, Any]:
    pairs = zip(columns, cells, strict=True)
    return {name: _cell(cell, unit) for (name, unit), cell in pairs}


def _cell(cell: Cell, unit: Unit) -> object:
    if isinstance(cell, Absent):
        return {"value": None, "reason": cell.reason}
    value = raw_value(cell, unit)
    # A figure is written digit by digit: a binary float on the way could change it.
    return (
        value if value is None or isinstance(value, str) else orjson.Fragment(plain_number(value))
    )
