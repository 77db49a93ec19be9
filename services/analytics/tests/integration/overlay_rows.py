"""What the demo overlay made of visits, as stored and as the second computation makes it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from praxis_analytics.storage.practices import Practice
from praxis_chassis.database import Connection
from services.analytics.tests.integration.loaded import ZONE, rows
from tests.oracle import office
from tests.oracle.records import Facts

OFFICE = {
    "tasks": "select t.source_id, t.type, p.source_id, t.priority,"
    " (t.created_at at time zone %(zone)s)::date, (t.due_at at time zone %(zone)s)::date,"
    " (t.completed_at at time zone %(zone)s)::date, t.status, u.source_id"
    " from fact_task t join dim_patient p using (practice_id, patient_id)"
    " join dim_staff_user u on u.practice_id = t.practice_id and u.user_id = t.assignee_id"
    " where t.practice_id = %(practice)s and not t.voided and t.synthetic",
    "verifications": "select v.source_id, p.source_id, v.result,"
    " (v.requested_at at time zone %(zone)s)::date,"
    " extract(epoch from v.responded_at - v.requested_at)::int"
    " from fact_verification v join dim_patient p using (practice_id, patient_id)"
    " where v.practice_id = %(practice)s and not v.voided and v.synthetic",
    "surveys": "select s.source_id, p.source_id,"
    " (s.completed_at at time zone %(zone)s)::date,"
    " (select array_agg(a.value_num order by a.item) from fact_survey_answer a"
    "  where a.practice_id = s.practice_id and a.response_id = s.response_id and not a.voided)"
    " from fact_survey s join dim_patient p using (practice_id, patient_id)"
    " where s.practice_id = %(practice)s and not s.voided and s.synthetic",
    "documents": "select d.source_id, p.source_id, d.status, d.received_at, d.reviewed_at"
    " from fact_document d join dim_patient p using (practice_id, patient_id)"
    " where d.practice_id = %(practice)s and not d.voided and d.synthetic",
    "appointments": "select a.source_id, p.source_id, a.status,"
    " a.start_at at time zone %(zone)s, extract(epoch from a.end_at - a.start_at)::int / 60,"
    " (a.booked_at at time zone %(zone)s)::date, a.cancelled_at at time zone %(zone)s"
    " from fact_appointment a join dim_patient p using (practice_id, patient_id)"
    " where a.practice_id = %(practice)s and not a.voided and a.synthetic",
}


def wanted_rows(
    facts: Facts,
    denials: list[office.Cause],
    results: list[office.Cause],
    reports: list[office.Cause],
    as_of: date,
) -> dict[str, Counter[Any]]:
    """The overlay's rows by the second computation, as OFFICE selects them."""
    zone, booked = ZoneInfo(ZONE), facts.appointments
    return {
        "tasks": Counter(
            (t.key, t.type, t.patient_id, t.priority, t.created_on, t.due_on, t.completed_on,
             "completed" if t.completed_on else "requested", str(t.user))
            for t in office.tasks(booked, denials, results, zone, as_of)
        ),
        "verifications": Counter(
            (v.key, v.patient_id, v.result, v.done_on, v.seconds)
            for v in office.verifications(booked)
        ),
        "surveys": Counter(
            (s.key, s.patient_id, s.completed_on, s.rating) for s in office.surveys(booked, as_of)
        ),
        "documents": Counter(
            (d.key, d.patient_id, d.status, d.received_at, d.reviewed_at)
            for d in office.documents(reports, zone, as_of)
        ),
        "appointments": Counter(
            (a.key, a.patient_id, a.status, a.start_local, a.duration_minutes, a.booked_on,
             a.cancelled_at)
            for a in booked
        ),
    }  # fmt: skip


async def found_rows(connection: Connection, practice: Practice) -> dict[str, Counter[Any]]:
    """The overlay's rows as they are stored."""
    found = {name: await rows(connection, practice, sql) for name, sql in OFFICE.items()}
    surveys = []
    for *survey, ratings in found["surveys"]:
        assert ratings is None or len(ratings) == 2
        assert ratings is None or ratings[0] == ratings[1]
        surveys.append((*survey, int(ratings[0]) if ratings else None))
    found["surveys"] = surveys
    return {name: Counter(map(tuple, of)) for name, of in found.items()}
