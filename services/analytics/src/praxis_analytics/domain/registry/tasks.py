"""Tasks created in the period and where they stand today."""

from __future__ import annotations

from functools import partial

from praxis_analytics.domain.registry.model import Metric, Part, quantile, target, terms
from praxis_analytics.domain.registry.sources import TASKS


def _task(
    part_id: str, description: str, where: str, aggregate: str = "count(*)", *, since: bool = True
) -> Part:
    return Part(part_id, description, TASKS, "created_at", aggregate, where, since=since)


_DONE = "(f.completed_at < %(now_at)s or f.completed_at is null and f.status = 'completed')"
_STOPPED = "(f.cancelled_at < %(now_at)s or f.cancelled_at is null and f.status = 'cancelled')"
_OPEN = f"{_DONE} is not true and {_STOPPED} is not true"
_LATE = f"{_OPEN} and f.due_at < %(now_at)s"
ALL_TASKS = _task("tasks", "tasks created", "true")
DONE_TASKS = _task("done", "of these, completed", f"{_DONE} is true")
STOPPED_TASKS = _task("stopped", "of these, cancelled", f"{_STOPPED} is true")
OPEN_TASKS = _task("open", "of these, neither completed nor cancelled", _OPEN)
LATE_TASKS = _task("late", "of these, open and past their due time", _LATE)
OPEN_NOW = _task("open_now", "open tasks of any date", _OPEN, since=False)
LATE_NOW = _task("late_now", "open tasks of any date past their due time", _LATE, since=False)
TIMED_TASKS = _task("timed", "completed tasks with both times", "f.completed_at < %(now_at)s")
TASK_HOURS = _task(
    "task_hours",
    "hours from creation to completion",
    "f.completed_at < %(now_at)s",
    "sum(extract(epoch from f.completed_at - f.created_at)::numeric / 3600)",
)
_TIMED = "f.completed_at < %(now_at)s"
ON_TIME = _task(
    "on_time",
    "of the completed, done by their due time",
    f"{_TIMED} and f.completed_at <= f.due_at",
)
DUE_TASKS = _task(
    "due_done", "completed tasks with a due time", f"{_TIMED} and f.due_at is not null"
)
_TOOK = "(extract(epoch from f.completed_at - f.created_at)::numeric / 3600)"
TOOK_P50 = quantile(
    "task_p50", "middle of these hours", TASKS, "created_at", _TOOK, "0.5", where=_TIMED
)
TOOK_P90 = quantile(
    "task_p90", "ninth decile of these hours", TASKS, "created_at", _TOOK, "0.9", where=_TIMED
)
BACKLOG = _task(
    "backlog",
    "tasks of any date open at the end of the period",
    "(f.completed_at < %(end_at)s or f.completed_at is null and f.status = 'completed')"
    " is not true and"
    " (f.cancelled_at < %(end_at)s or f.cancelled_at is null and f.status = 'cancelled')"
    " is not true",
    since=False,
)

_tasks = partial(Metric, subject="task_completion", unit="count", source="Praxis")
METRICS = (
    _tasks(
        "total_tasks",
        "Tasks",
        formula="tasks created in the period",
        numerator=terms(ALL_TASKS),
    ),
    _tasks(
        "completed_tasks",
        "Completed",
        formula="of these, completed",
        numerator=terms(DONE_TASKS),
        polarity="higher",
    ),
    _tasks(
        "pending_tasks",
        "Pending",
        formula="of these, neither completed nor cancelled",
        numerator=terms(OPEN_TASKS),
        polarity="lower",
    ),
    _tasks(
        "overdue_tasks",
        "Overdue",
        formula="of these, open and past their due time",
        numerator=terms(LATE_TASKS),
        polarity="lower",
    ),
    _tasks(
        "task_completion_rate",
        "Task completion",
        unit="percent",
        formula="100 × completed / (tasks − cancelled)",
        numerator=terms(DONE_TASKS),
        denominator=terms(ALL_TASKS, less=(STOPPED_TASKS,)),
        polarity="higher",
    ),
    _tasks(
        "average_completion_time_hours",
        "Hours to complete a task",
        unit="hours",
        formula="mean elapsed hours from creation to completion",
        numerator=terms(TASK_HOURS),
        denominator=terms(TIMED_TASKS),
        polarity="lower",
    ),
    _tasks(
        "open_tasks",
        "Open tasks",
        formula="tasks of any date neither completed nor cancelled",
        numerator=terms(OPEN_NOW),
        polarity="lower",
    ),
    _tasks(
        "late_tasks",
        "Late tasks",
        formula="open tasks of any date past their due time",
        numerator=terms(LATE_NOW),
        polarity="lower",
    ),
    _tasks(
        "on_time_pct",
        "On time",
        unit="percent",
        formula="100 × tasks completed by their due time / completed tasks with one",
        numerator=terms(ON_TIME),
        denominator=terms(DUE_TASKS),
        polarity="higher",
        target=target("90", "75"),
    ),
    _tasks(
        "average_completion_time_hours_p50",
        "Hours to complete a task (p50)",
        unit="hours",
        formula="median of the elapsed hours from creation to completion",
        numerator=terms(TOOK_P50),
        polarity="lower",
    ),
    _tasks(
        "average_completion_time_hours_p90",
        "Hours to complete a task (p90)",
        unit="hours",
        formula="ninth decile of the elapsed hours from creation to completion",
        numerator=terms(TOOK_P90),
        polarity="lower",
    ),
    _tasks(
        "task_backlog",
        "Backlog",
        formula="tasks of any date open at the end of the period",
        numerator=terms(BACKLOG),
        polarity="lower",
    ),
)
