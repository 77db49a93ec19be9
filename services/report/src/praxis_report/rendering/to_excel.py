"""Excel: a summary with native charts, one sheet of typed cells per table, and the definitions.

Every sheet but the first two kinds is optional: charts bring the sheet of their data along.
"""

from collections.abc import Iterable
from itertools import islice
from typing import BinaryIO

from praxis_charts.figures import format_value, plain_number, reason_words
from praxis_report.domain.document import (
    Absent,
    Card,
    Cards,
    Cell,
    Chart,
    Column,
    Document,
    Notes,
    Table,
)
from praxis_report.rendering.errors import TooManyRows
from praxis_report.rendering.excel_charts import CHANGE_FORMAT, native_chart
from praxis_report.rendering.pages import about, chart_table
from praxis_report.rendering.workbook import (
    NUMBERS,
    SHEET_ROWS_MAX,
    Book,
    Sheet,
    is_exact,
    widths_of,
)
