"""Small cells: what callers who may not see patients are not shown.

A cell is small when it counts at least one patient and fewer than the practice's limit. Figures
that rest on patients of one source stand or fall together in a row, so that none of them can be
worked out from the others; and where a single row of a line is hidden, the next smallest is
hidden with it, so that a total does not give it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry.dimensions import DIMENSIONS
from praxis_analytics.domain.registry.model import Computed, Metric, Part

Counts = Mapping[str, int]
Cell = tuple[date | None, tuple[str, ...]]
HIDDEN = Computed(None, "suppressed")


def _patients_of(part: Part) -> Part | None:
    """The patients behind a part that counts something else."""
    column = part.source.column("patient_id")
    if column is None:
        return None
    return replace(
        part,
        id=f"{part.id}~patients",
        aggregate=f"count(distinct f.{column})",
        quantile=None,
        adds="distinct",
        people=True,
    )


def _guards(metric: Metric, personal: bool) -> list[Part]:
    """The counts of patients that a metric rests on.

    Where figures are split or filtered by what patients are, everything rests on them.
    """
    people = [part for part in metric.parts if part.people]
    if not personal:
        return people
    others = (_patients_of(part) for part in metric.parts if not part.people)
    return people + [part for part in others if part is not None]


def _personal(question: Question) -> bool:
    named = (*question.dimensions, *(name for name, _ in question.filters))
    return any(DIMENSIONS[name].personal for name in named)


def guards(question: Question) -> tuple[Part, ...]:
    """Every count of patients that decides whether a cell is small."""
    personal = _personal(question)
    found = (part for metric in question.uses for part in _guards(metric, personal))
    return tuple(dict.fromkeys(found))


def hide(
    question: Question,
    cells: Mapping[Cell, tuple[Counts, tuple[Computed, ...]]],
    limit: int,
) -> dict[Cell, tuple[Computed, ...]]:
    """The figures of each cell, those that rest on fewer than `limit` patients hidden."""
    personal = _personal(question)
    shown = {cell: list(figures) for cell, (_, figures) in cells.items()}
    rests = [_guards(metric, personal) for metric in question.uses]
    for source in {part.source for parts in rests for part in parts}:
        family = [i for i, parts in enumerate(rests) if any(p.source is source for p in parts)]
        ids = {part.id for i in family for part in rests[i] if part.source is source}
        sizes = {
            cell: _sizes(question, counts, figures, family, ids)
            for cell, (counts, figures) in cells.items()
        }
        for cell in _hidden(sizes, limit):
            for i in family:
                shown[cell][i] = HIDDEN
    return {cell: tuple(figures) for cell, figures in shown.items()}


def _sizes(
    question: Question,
    counts: Counts,
    figures: Sequence[Computed],
    family: Iterable[int],
    ids: Iterable[str],
) -> list[int]:
    """Every number of patients that a cell would tell, differences of counts among them."""
    told = [counts.get(part_id, 0) for part_id in ids]
    for index in family:
        metric, value = question.uses[index], figures[index].value
        if value is not None and metric.unit == "count" and len(metric.numerator) > 1:
            told.append(abs(int(value)))
    return told


def _hidden(sizes: Mapping[Cell, Sequence[int]], limit: int) -> set[Cell]:
    hidden = {cell for cell, told in sizes.items() if any(0 < size < limit for size in told)}
    more = True
    while more:
        more = False
        for line in _lines(sizes):
            open_cells = [cell for cell in line if cell not in hidden]
            if len(line) - len(open_cells) == 1 and open_cells:
                hidden.add(min(open_cells, key=lambda cell: _next(sizes[cell])))
                more = True
    return hidden


def _next(told: Sequence[int]) -> tuple[bool, int]:
    """The smallest comes first, nothing at all last."""
    size = max(told, default=0)
    return size == 0, size


def _lines(cells: Iterable[Cell]) -> list[list[Cell]]:
    """Cells that differ in one dimension, or in time, only: their total may be shown."""
    lines: dict[tuple[object, ...], list[Cell]] = {}
    for cell in cells:
        places = (cell[0], *cell[1])
        for index in range(len(places)):
            lines.setdefault((index, *places[:index], None, *places[index + 1 :]), []).append(cell)
    return list(lines.values())
