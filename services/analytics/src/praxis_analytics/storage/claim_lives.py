"""What became of claims: SQL of the first and last of their events, and of the days these touch.

A table's name in braces stands for its facts. A change to a claim or one of its events may move
the claim to another month of each stage, so it marks the months of every date that the claim has.
"""

from __future__ import annotations

from praxis_analytics.domain.facts import CLAIM, CLAIM_EVENT, Kind
from praxis_analytics.domain.rollups import CLAIM_STAGES, MARKED

# The first sending, rejection and adjudication; the reasons are those of a first denial.
_FIRST = """
            select e.claim_id, min(e.occurred_on) filter (where e.event = 'submitted') as sent_on,
                min(e.occurred_on) filter (where e.event = 'rejected') as first_rejected_on,
                (array_agg(e.occurred_on order by e.occurred_on, e.seq)
                    filter (where {answered}))[1] as answered_on,
                (array_agg(e.event order by e.occurred_on, e.seq)
                    filter (where {answered}))[1] as answer,
                (array_agg(e.carc[1] order by e.occurred_on, e.seq)
                    filter (where e.event = 'denied'))[1] as first_carc,
                (array_agg(e.group_code order by e.occurred_on, e.seq)
                    filter (where e.event = 'denied'))[1] as first_group_code,
                bool_or(e.event = 'scrub_failed') as held
            from {fact_claim_event} e where e.occurred_on < %(tomorrow)s{of_one} group by e.claim_id
""".replace("{answered}", "e.event in ('denied', 'paid', 'partially_paid')")
# Claims that may be at a stage from `start` to before `after`: by an event, or a date of their own.
_ABOUT = """(
        select e.claim_id from {fact_claim_event} e
        where e.occurred_on >= %(start)s and e.occurred_on < %(after)s
        union select c.claim_id from {fact_claim} c
        where c.{own} >= %(start)s and c.{own} < %(after)s)"""
# The date of a stage, and the claim's own date that stands for it where no event tells.
STAGES = {"first_sent_on": "first_submitted_on", "first_answered_on": "first_adjudicated_on"}
_COLUMNS = """coalesce(life.sent_on, f.first_submitted_on) as first_sent_on, life.first_rejected_on,
        coalesce(life.answered_on, f.first_adjudicated_on) as first_answered_on,
        coalesce(life.answer, f.first_pass_outcome) as first_answer, life.first_carc,
        life.first_group_code, coalesce(life.held, false) as held"""


def life(one_by_one: bool = False) -> tuple[str, str]:
    """Columns, and the join with a claim `f` that they come from: of all claims at once, or, where
    few are looked at, one by one."""
    if one_by_one:
        own = _FIRST.replace("{of_one}", " and e.claim_id = f.claim_id")
        return _COLUMNS, f"left join lateral ({own}) life on true"
    first = _FIRST.replace("{of_one}", "")
    return _COLUMNS, f"left join ({first}) life on life.claim_id = f.claim_id"


def about(stage: str) -> str:
    """A subquery of the claims that may have the date of a stage from `start` to before `after`."""
    return _ABOUT.replace("{own}", STAGES[stage])


_LAST_ANSWER = """
        from {fact_claim_event} e
        where e.claim_id = f.claim_id and e.occurred_on < %(tomorrow)s and e.event in (
            'submitted', 'resubmitted', 'acknowledged', 'pended', 'appealed', 'rejected',
            'denied', 'paid', 'partially_paid')
        order by e.occurred_on desc, e.seq desc limit 1"""
# A claim's state is its last event up to today; a claim without any has its own.
STATE = f"""
    select coalesce((
        select case when e.event in ('paid', 'partially_paid') then 'accepted'
                    when e.event in ('rejected', 'denied') then e.event else 'pending' end
        {_LAST_ANSWER}),
        case when f.status in ('paid', 'partially_paid', 'closed') then 'accepted'
             when f.status in ('rejected', 'denied') then f.status
             when f.status in ('submitted', 'accepted_by_payer', 'pending') then 'pending'
             else 'draft' end) as state"""
_ADDED = {
    "claim_life": life(),
    "claim_state": ("claim_state.*", f"left join lateral ({STATE} offset 0) claim_state on true"),
}


def with_lives(added: tuple[str, ...]) -> str:
    """A FROM item of all claims with what `added` names (`claim_life`, `claim_state`), from the
    events up to `%(tomorrow)s`."""
    columns = ", ".join(["f.*", *(_ADDED[name][0] for name in added)])
    joins = " ".join(_ADDED[name][1] for name in added)
    events = "(select * from fact_claim_event where practice_id = %(practice)s and not voided)"
    return f"(select {columns} from fact_claim f {joins})".replace("{fact_claim_event}", events)


def marked_by(kind: Kind, source: str) -> list[str]:
    """Queries of the facts and months that written rows of a kind mark by the other dates that
    their claims (`claim`) have."""
    if kind not in (CLAIM, CLAIM_EVENT):
        return []
    dates = ", ".join(f"c.{name}" for name in MARKED[CLAIM.table])
    # One by one: whatever the planner thinks of rows of this batch, it never reads a practice's.
    return [
        f"""
        select fact, date_trunc('month', day)::date
        from (select distinct claim from {source}) w cross join lateral (
            select e.occurred_on from fact_claim_event e
            where e.practice_id = %(practice)s and e.claim_id = w.claim
            union all select unnest(array[{dates}]) from fact_claim c
            where c.practice_id = %(practice)s and c.claim_id = w.claim
            offset 0) dated (day), unnest(array{list(CLAIM_STAGES)}) fact
        where day is not null"""
    ]
