"""Small cells: what callers who may not see patients are not shown.

A cell is small when it counts at least one patient and fewer than the practice's limit. Figures
that rest on patients of one source stand or fall together in a row, so that none of them can be
worked out from the others; and where a single row of a line is hidden, the next smallest is
hidden with it, so that a total does not give it away. A filter tells what a row of a split by its
dimension would, and hides what that hides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date

from praxis_analytics.domain.questions import Order, Question
from praxis_analytics.domain.registry.dimensions import DIMENSIONS
from praxis_analytics.domain.registry.model import Computed, Metric, Part

Counts = Mapping[str, int]
Cell = tuple[date | None, tuple[str, ...]]
Cells = Mapping[Cell, tuple[Counts, tuple[Computed, ...]]]
# Which of a question's metrics are hidden in each cell.
Hidden = Mapping[Cell, AbstractSet[int]]
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


def widened(question: Question) -> Question:
    """The question split by what it is filtered by as well."""
    named = dict.fromkeys((*question.dimensions, *(name for name, _ in question.filters)))
    return replace(question, dimensions=tuple(named), filters=(), order=Order(), limit=0)


def hide(
    question: Question, cells: Cells, limit: int, wide: Hidden | None = None
) -> dict[Cell, tuple[Computed, ...]]:
    """The figures of each cell, those that rest on fewer than `limit` patients hidden.

    `wide` is what the widened question hides.
    """
    out = hidden(question, cells, limit, _singled_out(question, wide or {}, cells))
    return {
        cell: tuple(HIDDEN if i in out[cell] else figure for i, figure in enumerate(figures))
        for cell, (_, figures) in cells.items()
    }


def hidden(
    question: Question, cells: Cells, limit: int, also: Hidden | None = None
) -> dict[Cell, set[int]]:
    """The metrics that each cell hides; those of `also` in any case.

    The same whatever order the dimensions are asked in.
    """
    personal = _personal(question)
    found: dict[Cell, set[int]] = {cell: set() for cell in cells}
    order = sorted(range(len(question.dimensions)), key=question.dimensions.__getitem__)
    # Without any fact there is one cell, of no group.
    placed = {(cell[0], tuple(cell[1][at] for at in order if cell[1])): cell for cell in cells}
    ordered = sorted(placed, key=lambda place: (place[0] or date.min, place[1]))
    rests = [_guards(metric, personal) for metric in question.uses]
    for source in dict.fromkeys(part.source for parts in rests for part in parts):
        family = [i for i, parts in enumerate(rests) if any(p.source is source for p in parts)]
        ids = {part.id for i in family for part in rests[i] if part.source is source}
        sizes = {place: _sizes(question, *cells[placed[place]], family, ids) for place in ordered}
        small = {place for place, told in sizes.items() if any(0 < n < limit for n in told)}
        small |= {place for place in ordered if (also or {}).get(placed[place], set()) & {*family}}
        for place in _covered(sizes, small):
            found[placed[place]].update(family)
    return found


def _singled_out(question: Question, wide: Hidden, cells: Iterable[Cell]) -> Hidden:
    """What a filter would take out of a line of the widened question's cells.

    The sum of some of them tells nothing new where it holds every hidden one of its line, as the
    line's total does, or none of them.
    """
    names, own = widened(question).dimensions, len(question.dimensions)
    kept = [(names.index(name), frozenset(values)) for name, values in question.filters]
    loose = [at for at in range(own) if at not in {at for at, _ in kept}]
    lines: dict[tuple[object, ...], list[Cell]] = defaultdict(list)
    for cell in wide:
        lines[cell[0], *(cell[1][at] for at in loose)].append(cell)
    found: dict[Cell, set[int]] = {}
    for bucket, keys in (cell for cell in cells if len(cell[1]) == own):
        line = lines[bucket, *(keys[at] for at in loose)]
        inside = [
            cell
            for cell in line
            if cell[1][:own] == keys and all(cell[1][at] in values for at, values in kept)
        ]
        found[bucket, keys] = {
            i
            for i in range(len(question.metrics))
            if 0 < sum(i in wide[cell] for cell in inside) < sum(i in wide[cell] for cell in line)
        }
    return found


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


def _covered(sizes: Mapping[Cell, Sequence[int]], small: set[Cell]) -> set[Cell]:
    """The small cells, and those that keep a line's total from giving one of them away."""
    out, more = set(small), True
    while more:
        more = False
        for line in _lines(sizes):
            open_cells = [cell for cell in line if cell not in out]
            if len(line) - len(open_cells) == 1 and open_cells:
                out.add(min(open_cells, key=lambda cell: _next(sizes[cell])))
                more = True
    return out


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
