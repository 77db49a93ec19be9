"""The measure RPCs."""

from __future__ import annotations

import base64
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf.struct_pb2 import Struct

from praxis.analytics.v1 import measure_pb2, measure_service_pb2, measure_service_pb2_grpc
from praxis_analytics.api import convert
from praxis_analytics.domain.periods import PeriodError, Range, parse_date
from praxis_analytics.measures import report
from praxis_analytics.measures.declared import Measure, Rate, local_codes, measures
from praxis_analytics.measures.evaluate import (
    Counts,
    Group,
    Result,
    evaluate,
    gaps,
    measurement_period,
    members,
)
from praxis_analytics.measures.suppression import EVERYTHING, Shown, shown
from praxis_analytics.queries.answers import State, state_at
from praxis_analytics.queries.ask import resolve
from praxis_analytics.storage.disclosures import disclose
from praxis_analytics.storage.practices import Practice, get_practice
from praxis_chassis.caller import current, demand, may
from praxis_chassis.database import Connection, Database
from praxis_chassis.errors import InvalidInput, NotFound, TooLarge
from praxis_chassis.records import ReadAudit

_SEE_PATIENTS = "PERMISSION_READ_PATIENTS"
_PAGE, _SUBJECTS_MOST = 100, 5_000
_STATEMENT_MS = 30_000


class MeasureServicer(measure_service_pb2_grpc.MeasureServiceServicer):
    """Evaluates quality measures of the caller's practice."""

    def __init__(self, database: Database, reads: ReadAudit) -> None:
        self._database = database
        self._reads = reads

    async def ListMeasures(  # noqa: N802
        self, request: measure_service_pb2.ListMeasuresRequest, context: Any
    ) -> measure_service_pb2.ListMeasuresResponse:
        """Every declared measure."""
        found = (_declaration(one) for one in measures().values())
        return measure_service_pb2.ListMeasuresResponse(measures=found)

    async def EvaluateMeasures(  # noqa: N802
        self, request: measure_service_pb2.EvaluateMeasuresRequest, context: Any
    ) -> measure_pb2.MeasureResults:
        """Counts and rates at one revision."""
        self._reads.check()
        wanted = [_asked_for(index, one) for index, one in enumerate(request.measures)]
        practice_id = current().caller.practice_id
        revision = request.revision if request.HasField("revision") else None
        async with self._database.read(practice_id, _STATEMENT_MS) as connection:
            practice = await get_practice(connection, practice_id)
            end = practice.today
            if request.HasField("period"):
                end = resolve(request.period, practice, practice.today, compare=False)[0].end
            state = await state_at(connection, practice, revision, practice.today)
            chosen, period = wanted or list(measures().values()), measurement_period(end)
            found = await evaluate(connection, practice, state, chosen, period)
        self._reads.note("measures.read", "measures", end.year, fields=[one.id for one in chosen])
        return measure_pb2.MeasureResults(
            results=[_result(one, _shown(one, practice)) for one in found.results],
            as_of=convert.as_of(state),
            today=state.today.isoformat(),
            synthetic=found.synthetic,
        )

    async def ListMeasureGaps(  # noqa: N802
        self, request: measure_service_pb2.ListMeasureGapsRequest, context: Any
    ) -> measure_service_pb2.ListMeasureGapsResponse:
        """One page of patients to work on; its audit row commits before it is sent."""
        measure = _known(request.measure_id)
        rate = _rate(measure, request.rate_id)
        async with self._identified() as (connection, practice):
            period = _year(practice, request)
            place = _Place(practice.revision, period.start.year, measure.id, rate.id)
            if request.page_token:
                place = _open_token(request.page_token, place)
            state = await _state(connection, practice, place.revision)
            size = request.page_size or _PAGE
            found = await gaps(
                connection, practice, state, measure, rate, period, place.after, size + 1
            )
            page, what = found[:size], ("measure", measure.id)
            await disclose(connection, "measure.gaps_read", what, page, ["patient_id"])
        return measure_service_pb2.ListMeasureGapsResponse(
            patient_ids=map(str, page),
            next_page_token=replace(place, after=page[-1]).token() if len(found) > size else None,
            as_of=convert.as_of(state),
            start_date=period.start.isoformat(),
            end_date=period.end.isoformat(),
        )

    async def GetMeasureReport(  # noqa: N802
        self, request: measure_service_pb2.GetMeasureReportRequest, context: Any
    ) -> Struct:
        """A FHIR R4 MeasureReport."""
        measure, message = _known(request.measure_id), Struct()
        if request.HasField("patient") != (request.type == "individual"):
            raise InvalidInput.of("patient", "goes with type individual, and with no other")
        if request.type in ("", "summary"):
            message.update(await self._summary(request, measure))
            return message
        demand(current().caller, _SEE_PATIENTS)
        async with self._identified() as (connection, practice):
            state = await _state(connection, practice, practice.revision)
            period = _year(practice, request)
            if request.type == "individual":
                who, what = [uuid.UUID(request.patient)], ("patient", request.patient)
                body = await _individual(connection, practice, state, measure, period, who[0])
            else:
                what = ("measure", measure.id)
                who, body = await _subject_list(connection, practice, state, measure, period)
            fields = ["patient_id", measure.id]
            await disclose(connection, "measure.report_read", what, who, fields)
        message.update(body)
        return message

    async def _summary(
        self, request: measure_service_pb2.GetMeasureReportRequest, measure: Measure
    ) -> report.Json:
        self._reads.check()
        practice_id = current().caller.practice_id
        async with self._database.read(practice_id, _STATEMENT_MS) as connection:
            practice = await get_practice(connection, practice_id)
            state = await state_at(connection, practice, None, practice.today)
            period = _year(practice, request)
            found = await evaluate(connection, practice, state, [measure], period)
        self._reads.note("measures.read", "measures", period.end.year, fields=[measure.id])
        (result,) = found.results
        return report.summary(practice, result, _shown(result, practice))

    @asynccontextmanager
    async def _identified(self) -> AsyncIterator[tuple[Connection, Practice]]:
        """A transaction for what names patients: it commits with its audit row, or not at all."""
        practice_id = current().caller.practice_id
        async with self._database.write(practice_id, _STATEMENT_MS) as connection:
            yield connection, await get_practice(connection, practice_id)


async def _state(connection: Connection, practice: Practice, revision: int) -> State:
    """The state at a revision, whatever is applied while this transaction runs."""
    state = await state_at(connection, practice, revision, practice.today)
    return replace(state, newest=False)


async def _subject_list(
    connection: Connection, practice: Practice, state: State, measure: Measure, period: Range
) -> tuple[list[uuid.UUID], report.Json]:
    """The patients it names, and the report."""
    most = _SUBJECTS_MOST
    found = await members(connection, practice, state, measure, period, most + 1)
    if len(found) > most:
        raise TooLarge(f"the list has over {most} patients; page through the gaps instead")
    (result,) = (await evaluate(connection, practice, state, [measure], period)).results
    return [who for who, _ in found], report.subject_list(practice, result, found)


async def _individual(
    connection: Connection,
    practice: Practice,
    state: State,
    measure: Measure,
    period: Range,
    patient_id: uuid.UUID,
) -> report.Json:
    found = await members(connection, practice, state, measure, period, 1, patient_id)
    if not found:
        raise NotFound("no such patient")
    return report.individual(practice, measure, period, found[0])


def _asked_for(index: int, measure_id: str) -> Measure:
    measure = measures().get(measure_id)
    if measure is None:
        known = ", ".join(measures())
        raise InvalidInput.of(f"measures[{index}]", f"{measure_id!r} is not known; use {known}")
    return measure


def _known(measure_id: str) -> Measure:
    measure = measures().get(measure_id)
    if measure is None:
        raise NotFound("no such measure")
    return measure


def _rate(measure: Measure, rate_id: str) -> Rate:
    for rate in measure.rates:
        if rate_id in ("", rate.id):
            return rate
    known = ", ".join(rate.id for rate in measure.rates)
    raise InvalidInput.of("rate_id", f"{rate_id!r} is not known; use {known}")


def _year(practice: Practice, request: Any) -> Range:
    if not request.HasField("period_end"):
        return measurement_period(practice.today)
    try:
        return measurement_period(parse_date("period_end", request.period_end))
    except PeriodError as error:
        raise InvalidInput.of(error.field, error.message) from error


@dataclass(frozen=True)
class _Place:
    """How far a reader has come in one list of gaps, at one revision."""

    revision: int
    year: int
    measure_id: str
    rate_id: str
    after: uuid.UUID | None = None

    def token(self) -> str:
        """As a page token."""
        parts = (self.revision, self.year, self.measure_id, self.rate_id, self.after)
        return base64.urlsafe_b64encode("/".join(map(str, parts)).encode()).decode()


def _open_token(token: str, here: _Place) -> _Place:
    """The place that a page token names in the list of `here`. Raises: InvalidInput."""
    try:
        revision, *same, after = base64.urlsafe_b64decode(token.encode()).decode().split("/")
        place = replace(here, revision=int(revision), after=uuid.UUID(after))
    except ValueError:
        same, place = [], here
    if same != [str(here.year), here.measure_id, here.rate_id]:
        raise InvalidInput.of("page_token", "is not one that a page of this list gave out")
    return place


def _shown(result: Result, practice: Practice) -> Shown:
    if may(current().caller, _SEE_PATIENTS):
        return EVERYTHING
    return shown(result, practice.small_cell_limit)


# Messages.


def _declaration(measure: Measure) -> measure_pb2.Measure:
    return measure_pb2.Measure(
        id=measure.id,
        cms_id=measure.cms_id,
        title=measure.title,
        description=measure.description,
        inverse=measure.inverse,
        code_mode=local_codes().mode,
        rates=[measure_pb2.MeasureRate(id=one.id, title=one.title) for one in measure.rates],
        not_evaluable=measure.not_evaluable,
    )


def _result(result: Result, visible: Shown) -> measure_pb2.MeasureResult:
    return measure_pb2.MeasureResult(
        measure_id=result.measure.id,
        title=result.measure.title,
        inverse=result.measure.inverse,
        code_mode=result.mode,
        start_date=result.period.start.isoformat(),
        end_date=result.period.end.isoformat(),
        groups=[_group(result, group, visible) for group in result.groups],
        not_evaluable=result.measure.not_evaluable,
    )


def _group(result: Result, group: Group, visible: Shown) -> measure_pb2.MeasureGroup:
    counts = group.counts
    message = measure_pb2.MeasureGroup(
        id=group.rate.id, title=group.rate.title, data_warning=group.data_warning
    )
    if visible.initial_population:
        message.initial_population = counts.initial_population
    if visible.denominator:
        message.denominator = counts.denominator
    if visible.inner:
        message.exclusions, message.exceptions = counts.excluded, counts.excepted
        message.gaps = result.gaps(group)
    missing = "" if group.covered else "no_source_data"
    _fill_rate(message, counts, missing, visible.inner)
    for part, of_part in group.strata:
        stratum = message.strata.add(id=part.id, title=part.title)
        _fill_rate(stratum, of_part, missing, visible.strata)
    return message


def _fill_rate(message: Any, counts: Counts, reason: str, visible: bool) -> None:
    """Puts the rate with its parts into a group or stratum, or why it has none."""
    if not visible:
        message.reason = "suppressed"
        return
    message.numerator, message.eligible = counts.met, counts.eligible
    figure = counts.figure()
    message.reason = reason or figure.reason
    if figure.value is not None and not message.reason:
        message.rate = float(figure.value)
