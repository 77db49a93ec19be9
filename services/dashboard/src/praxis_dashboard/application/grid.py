"""Widgets and their places, checked and completed."""

from __future__ import annotations

from collections.abc import Sequence

from praxis.dashboard.v1 import dashboard_pb2, widget_pb2
from praxis_chassis.errors import InvalidInput
from praxis_dashboard.application.stored import document, free
from praxis_dashboard.domain.layout import COLUMNS, LayoutError, Place, arrange
from praxis_dashboard.storage.dashboards import Record

_OPTIONS_BYTES = 8 * 1024
_OVER_TIME = (widget_pb2.WIDGET_TYPE_LINE_CHART, widget_pb2.WIDGET_TYPE_AREA_CHART)
_SHARES = (widget_pb2.WIDGET_TYPE_PIE_CHART, widget_pb2.WIDGET_TYPE_DONUT_CHART)
CHARTS = (*_OVER_TIME, *_SHARES, widget_pb2.WIDGET_TYPE_BAR_CHART)
_CARD = widget_pb2.WIDGET_TYPE_METRIC_CARD
_ASKING = (*CHARTS, _CARD, widget_pb2.WIDGET_TYPE_TABLE)
_SIZES = {_CARD: (3, 2)}
_SIZE = (6, 4)


def check_widgets(widgets: Sequence[widget_pb2.Widget]) -> None:
    """Raises: InvalidInput naming what a widget of its type cannot be without, or with."""
    seen: set[str] = set()
    for index, widget in enumerate(widgets):
        path = f"widgets[{index}]"
        if widget.id in seen:
            raise InvalidInput.of(f"{path}.id", f"{widget.id!r} is taken by an earlier widget")
        seen.add(widget.id)
        free(widget.config.options, f"{path}.config.options", _OPTIONS_BYTES)
        _check_question(widget, f"{path}.config")


def _check_question(widget: widget_pb2.Widget, path: str) -> None:
    kind, config = widget.widget_type, widget.config
    if not config.HasField("question"):
        if kind in _ASKING:
            raise InvalidInput.of(f"{path}.question", "is required for this type of widget")
        return
    question = config.question
    if config.chart_kind and kind not in CHARTS:
        raise InvalidInput.of(f"{path}.chart_kind", "only charts have one")
    if kind == _CARD and (question.dimension or question.grain):
        raise InvalidInput.of(f"{path}.question", "a card shows the whole: no dimension, no grain")
    if kind in CHARTS:
        _check_chart(widget, f"{path}.question")


def _check_chart(widget: widget_pb2.Widget, path: str) -> None:
    kind, question = drawn_as(widget), widget.config.question
    if kind in ("line", "area") and not question.grain:
        raise InvalidInput.of(f"{path}.grain", "is required for a chart over time")
    if kind in ("pie", "donut"):
        if not question.dimension or question.grain:
            raise InvalidInput.of(f"{path}.dimension", "a pie needs one, and no grain")
        if len(question.metrics) > 1:
            raise InvalidInput.of(f"{path}.metrics", "a pie shows one")
    if not question.grain and not question.dimension:
        raise InvalidInput.of(f"{path}.dimension", "a chart needs a dimension or a grain")
    if question.grain and question.dimension and len(question.metrics) > 1:
        raise InvalidInput.of(f"{path}.metrics", "split by time and dimension, a chart shows one")


def drawn_as(widget: widget_pb2.Widget) -> str:
    """The kind of a chart widget's chart: line, area, bar, stacked_bar, pie or donut."""
    if widget.config.chart_kind:
        name = widget_pb2.ChartKind.Name(widget.config.chart_kind)
        return name.removeprefix("CHART_KIND_").lower()
    name = widget_pb2.WidgetType.Name(widget.widget_type)
    return name.removeprefix("WIDGET_TYPE_").removesuffix("_CHART").lower()


def grid_columns(
    widgets: Sequence[widget_pb2.Widget], layout: dashboard_pb2.DashboardLayout
) -> Record:
    """The columns `widgets` and `layout`, with a place for every widget. Raises: InvalidInput."""
    sizes = {widget.id: _SIZES.get(widget.widget_type, _SIZE) for widget in widgets}
    given = [Place(p.widget_id, p.x, p.y, p.width, p.height) for p in layout.items]
    try:
        places = arrange(sizes, given)
    except LayoutError as error:
        path = f"layout.items[{error.index}].{error.field}"
        raise InvalidInput.of(path, error.message) from error
    return {
        "widgets": [document(widget) for widget in widgets],
        "layout": {"columns": COLUMNS, "items": [place.__dict__ for place in places]},
    }


def remaining(
    layout: dashboard_pb2.DashboardLayout, widgets: Sequence[widget_pb2.Widget]
) -> dashboard_pb2.DashboardLayout:
    """The places of those widgets that are still there."""
    ids = {widget.id for widget in widgets}
    kept = [place for place in layout.items if place.widget_id in ids]
    return dashboard_pb2.DashboardLayout(columns=COLUMNS, items=kept)
