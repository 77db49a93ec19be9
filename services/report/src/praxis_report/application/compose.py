"""From answers to a document: what a report says, in the words of the practice's owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date
from decimal import Decimal
from typing import Any, cast

from praxis.analytics.v1 import answer_pb2, measure_pb2
from praxis.report.v1 import report_pb2
from praxis_charts.figures import format_value
from praxis_report.application.charts import chart_of
from praxis_report.application.gathering import WORK_ROWS, Gathered
from praxis_report.application.plans import Catalogue, filters_of
from praxis_report.application.tables import arranged, table_of, with_course
from praxis_report.application.work import work_table
from praxis_report.domain.document import (
    Absent,
    AsOf,
    Card,
    Cards,
    Cell,
    Chart,
    Column,
    Document,
    Measure,
    Measures,
    Notes,
    PhiLevel,
    Ratio,
    Section,
    Table,
    Unit,
    control_characters,
)
from praxis_report.domain.report_types import Split
from praxis_report.domain.spans import day_words, exact_words, span_words
from praxis_report.domain.words import lowered

_NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Definition:
    """The part of a report definition that its document shows; each run keeps its own copy."""

    name: str
    columns: tuple[str, ...] = ()
    sort_by: str = ""
    descending: bool = False

    @classmethod
    def of(cls, report: Mapping[str, Any]) -> Definition:
        """That part of a report's row, or of the copy in a run's row."""
        descending = report["sort_order"] == "desc"
        return cls(report["name"], tuple(report["columns"]), report["sort_by"] or "", descending)

    def arranged(self, table: Table) -> Table:
        """The main table as it asks for it."""
        return arranged(table, self.columns, self.sort_by, descending=self.descending)


def document(definition: Definition, found: Gathered, receipt_link: str = "") -> Document:
    """The document of a run; `receipt_link` is what its receipts complete to an address."""
    answers = found.answers.values()
    synthetic = any(answer.synthetic for answer in answers)
    if found.measures is not None:
        synthetic = synthetic or found.measures.synthetic
    if found.sql is not None:
        synthetic = found.sql.synthetic
    return Document(
        title=definition.name,
        subtitle=found.plan.kind.question,
        practice_name=found.practice.name,
        period=_heading(found),
        currency=found.practice.currency,
        time_zone=found.practice.time_zone,
        as_of=AsOf(
            found.as_of.revision,
            found.as_of.recorded_at.ToDatetime(tzinfo=UTC),
            _day(found.as_of.data_through) if found.as_of.data_through else None,
        ),
        synthetic=synthetic,
        phi_level=_privacy(found),
        parameters=tuple(_parameter_texts(found)),
        sections=_with_losses(tuple(_shown(definition, found))),
        filters=tuple(_filter_texts(found)),
        receipt_link=receipt_link,
    )


def _with_losses(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The sections, and a note of what their texts lose wherever they are shown."""
    lost = control_characters(sections)
    if not lost:
        return sections
    said = f"{lost:,} in texts; they are left out wherever those are shown."
    return (*sections, Notes("About this file", (("Control characters", said),)))


def _privacy(found: Gathered) -> PhiLevel:
    """How much the document says about single persons."""
    if found.work is None:
        return "aggregate"
    named = found.parameters.phi_level == report_pb2.PHI_LEVEL_IDENTIFIED
    return "identified" if named else "limited"


def _shown(definition: Definition, found: Gathered) -> Iterator[Section]:
    """The sections, without pictures where none are wanted."""
    fixed = found.parameters
    charts = fixed.include_charts or not fixed.HasField("include_charts")
    return (one for one in _sections(definition, found) if charts or not isinstance(one, Chart))


def _sections(definition: Definition, found: Gathered) -> Iterator[Section]:
    if found.sql is not None:
        yield found.sql.table
        yield found.sql.notes
        return
    planned, answers = found.plan, found.answers
    wholes = _wholes(found)
    if planned.cards:
        yield _cards(answers[planned.cards], found.catalogue)
    if found.measures is not None:
        yield _measures(found.measures)
    pictured = False
    if planned.main and planned.totals:
        answer = answers[planned.main]
        main = table_of(found.catalogue, planned.main.by, answer, wholes)
        by = planned.main.by
        if len(by) == 1 and len(main.rows) > 1:
            split = Split(by[0], planned.main.metrics, chart="bar", marks=_drawn(found))
            yield from chart_of(split, answer, found.catalogue)
            pictured = True
        yield replace(definition.arranged(main), id="main", main=True)
    elif found.measures is None:
        yield _nothing()
    yield from _more(found, wholes, pictured=pictured)
    if found.work is not None:
        named = _privacy(found) == "identified"
        yield work_table(planned.kind.work, found.work, WORK_ROWS, named=named)
    yield _definitions(answers.values(), found.measures)


def _drawn(found: Gathered) -> tuple[str, ...]:
    """The metrics of the main picture: those of one unit."""
    main = found.plan.main
    marks = [name for name in found.plan.kind.marks if main and name in main.metrics]
    wanted = marks or list(main.metrics[:1] if main else ())
    units = {name: found.catalogue.metrics[name].unit for name in wanted}
    return tuple(name for name in wanted if units[name] == units[wanted[0]])


def _wholes(found: Gathered) -> dict[str, answer_pb2.Figure]:
    """Figures of the whole practice and period, by metric."""
    asked = [one for one in (found.plan.cards, found.plan.totals, *found.plan.wholes) if one]
    answers = [found.answers[one] for one in asked]
    return {
        metric.id: figure
        for answer in answers
        for metric, figure in zip(answer.metrics, answer.rows[0].figures, strict=True)
    }


def _more(
    found: Gathered, wholes: Mapping[str, answer_pb2.Figure], *, pictured: bool
) -> Iterator[Section]:
    """The further splits, each with its picture; the first one is drawn if nothing was."""
    courses = {split: found.answers[asked] for split, asked in found.plan.sparklines}
    for split, asked in found.plan.splits:
        answer = found.answers[asked]
        shown = split if split.chart or pictured else replace(split, chart="bar")
        charts = list(chart_of(shown, answer, found.catalogue)) if shown.chart else []
        pictured = pictured or bool(charts)
        yield from charts
        if split.table:
            # A picture above it bears the title already.
            table = table_of(found.catalogue, asked.by, answer, wholes, split.limit)
            table = replace(table, title=(not charts and split.title) or table.title)
            if split in courses:
                table = replace(table, id=f"{table.id}_course")
                table = with_course(table, asked.by, answer, courses[split], split.limit)
            yield table


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _runs(found: Gathered) -> bool:
    """Whether today cuts the period short."""
    fixed = found.parameters
    return fixed.start_date <= fixed.today < fixed.end_date  # ISO dates sort as text


def _heading(found: Gathered) -> str:
    """The period; one that is not over says how far it counts."""
    fixed = found.parameters
    if found.sql is not None:  # which says itself what it counts
        return f"As of {day_words(_day(fixed.today))}"
    words = span_words(_day(fixed.start_date), _day(fixed.end_date))
    return f"{words}, counted to {day_words(_day(fixed.today))}" if _runs(found) else words


def _parameter_texts(found: Gathered) -> Iterator[tuple[str, str]]:
    fixed, catalogue = found.parameters, found.catalogue
    if found.sql is None:
        yield "Period", exact_words(_day(fixed.start_date), _day(fixed.end_date))
    compared = _day(fixed.comparison_start_date), _day(fixed.comparison_end_date)
    if found.plan.cards:
        yield "Compared with", exact_words(*compared)
    if found.plan.main and found.plan.main.by:
        yield "Grouped by", ", ".join(catalogue.label(by) for by in found.plan.main.by)
    if fixed.purpose:
        yield "Purpose", fixed.purpose
    if found.plan.left_out:
        labels = ", ".join(found.plan.left_out)
        yield "Left out", f"{labels}: not for this choice, or not for your role"
    yield "Business date", day_words(_day(fixed.today))


def _filter_texts(found: Gathered) -> Iterator[tuple[str, str]]:
    for name, values in filters_of(found.parameters):
        label = lowered(found.catalogue.label(name))
        yield f"Only {label}", ", ".join(found.catalogue.value(name, value) for value in values)


def _cards(answer: answer_pb2.Answer, catalogue: Catalogue) -> Cards:
    cards = []
    for metric, figure in zip(answer.metrics, answer.rows[0].figures, strict=True):
        unit = cast(Unit, metric.unit)
        value = Decimal(figure.value) if figure.HasField("value") else None
        change = Decimal(figure.change_percent) if figure.HasField("change_percent") else None
        cards.append(
            Card(
                label=metric.label,
                value=int(value) if value is not None and unit == "count" else value,
                unit=unit,
                reason=None if value is not None else figure.reason,
                comparison_change=change,
                comparison_text=_compared(metric, figure, answer, catalogue),
                receipt=answer.receipt,
                numerator=Decimal(figure.numerator) if figure.HasField("numerator") else None,
                denominator=Decimal(figure.denominator) if figure.HasField("denominator") else None,
            )
        )
    return Cards("Summary", tuple(cards))


def _compared(
    metric: answer_pb2.MetricUse,
    figure: answer_pb2.Figure,
    answer: answer_pb2.Answer,
    catalogue: Catalogue,
) -> str:
    """What a figure was before: `vs $4,014.42 in Aug 2025`; a balance had it on one day."""
    first, last = _day(answer.comparison_start_date), _day(answer.comparison_end_date)
    runs = answer.start_date <= answer.today < answer.end_date
    when = f"in {'all of ' if runs else ''}{span_words(first, last, short=True)}"
    if not catalogue.metrics[metric.id].by_time:
        when = f"on {day_words(last, short=True)}"
    when = when.replace(" ", _NO_BREAK)
    if not figure.HasField("comparison_value"):
        return f"nothing to compare with {when}"
    before = Decimal(figure.comparison_value)
    return f"vs {format_value(before, cast(Unit, metric.unit), answer.currency)} {when}"


def _nothing() -> Table:
    """Stands for a main table that this reader may see nothing of."""
    column = Column("group", "Nothing", "text")
    remark = "None of the figures of this report fits the choice, or is for your role."
    return Table("main", "Nothing to show", (column,), (), main=True, remark=remark)


def _measures(found: measure_pb2.MeasureResults) -> Measures:
    measures = []
    for result in found.results:
        for group in result.groups:
            one = len(result.groups) == 1
            measures.append(
                Measure(
                    name=result.measure_id if one else f"{result.measure_id}_{group.id}",
                    label=result.title if one else f"{result.title}: {group.title}",
                    rate=_rate(group),
                    initial_population=_count(group, "initial_population"),
                    denominator=_count(group, "denominator"),
                    exclusions=_count(group, "exclusions"),
                    exceptions=_count(group, "exceptions"),
                    numerator=_count(group, "numerator"),
                    gaps=_count(group, "gaps"),
                    inverse=result.inverse,
                    not_evaluable=_notes(result, group),
                )
            )
    first = found.results[0] if found.results else None
    days = f", {exact_words(_day(first.start_date), _day(first.end_date))}" if first else ""
    return Measures("main", f"Measures{days}", tuple(measures), main=True)


def _notes(result: measure_pb2.MeasureResult, group: measure_pb2.MeasureGroup) -> tuple[str, ...]:
    warned = ("no source of its numerator",) if group.data_warning else ()
    return (*result.not_evaluable, *warned)


def _count(group: measure_pb2.MeasureGroup, name: str) -> Cell:
    return int(getattr(group, name)) if group.HasField(name) else Absent("suppressed")


def _rate(group: measure_pb2.MeasureGroup) -> Cell:
    if not group.HasField("rate"):
        return Absent(group.reason or "suppressed")
    rate = Decimal(str(group.rate)).quantize(Decimal("0.01"))
    return Ratio(rate, group.numerator, group.eligible)


def _definitions(
    answers: Iterable[answer_pb2.Answer], measures: measure_pb2.MeasureResults | None
) -> Notes:
    texts = {}
    for result in measures.results if measures else ():
        texts[result.title] = f"{result.measure_id}, with the {result.code_mode} code lists."
    for answer in answers:
        for metric in answer.metrics:
            formula = f"{metric.formula[:1].upper()}{metric.formula[1:]}."
            # Our own need no reference.
            source = "" if metric.source == "Praxis" else f" Source: {metric.source}."
            texts[metric.label] = formula + source
    return Notes("Definitions", tuple(texts.items()))
