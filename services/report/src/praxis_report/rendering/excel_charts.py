"""Native Excel charts over the cells of a sheet, in the colours every other form uses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from openpyxl.chart import (  # type: ignore[import-untyped]
    AreaChart,
    BarChart,
    DoughnutChart,
    LineChart,
    PieChart,
)
from openpyxl.chart.data_source import (  # type: ignore[import-untyped]
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    NumVal,
    StrData,
    StrRef,
    StrVal,
)
from openpyxl.chart.marker import DataPoint, Marker  # type: ignore[import-untyped]
from openpyxl.chart.series import Series, SeriesLabel  # type: ignore[import-untyped]
from openpyxl.chart.shapes import GraphicalProperties  # type: ignore[import-untyped]
from openpyxl.chart.text import RichText  # type: ignore[import-untyped]
from openpyxl.chart.title import title_maker  # type: ignore[import-untyped]
from openpyxl.drawing.line import LineProperties  # type: ignore[import-untyped]
from openpyxl.drawing.text import (  # type: ignore[import-untyped]
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
)
from openpyxl.utils import get_column_letter, quote_sheetname  # type: ignore[import-untyped]

from praxis_charts.figures import format_value, plain_text
from praxis_charts.spec import chart_spec
from praxis_charts.tokens import tokens
from praxis_report.domain.document import Cell, Chart
