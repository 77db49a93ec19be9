"""What patients say in surveys, by the date of their visit."""

from __future__ import annotations

from functools import partial

from praxis_analytics.domain.registry.derived import ANSWERS
from praxis_analytics.domain.registry.model import Metric, Part, Variant, moved, target, terms
from praxis_analytics.domain.registry.sources import SURVEYS

SENT = Part("surveys_sent", "surveys sent", SURVEYS, "visit_at")
COMPLETED = Part(
    "surveys_completed", "of these, completed", SURVEYS, "visit_at",
    where="f.completed_at < %(now_at)s",
)  # fmt: skip


def _answer(part_id: str, description: str, where: str) -> Part:
    return Part(part_id, description, ANSWERS, "visit_at", where=where)


RATED = _answer("rated", "answers to the provider rating", "f.item = 'provider_rating'")
BEST = _answer("best", "of these, 9 or 10", "f.item = 'provider_rating' and f.value_num >= 9")
_RECOMMEND = "f.item = 'recommend' and f.value_num"
ASKED = _answer("recommended", "answers to the recommendation", f"{_RECOMMEND} is not null")
PROMOTERS = _answer("promoters", "of these, 9 or 10", f"{_RECOMMEND} >= 9")
DETRACTORS = _answer("detractors", "of these, 0 to 6", f"{_RECOMMEND} <= 6")
# The items of each composite; `always` is the best answer to each.
_COMPOSITES = (
    ("access", "Access", ("urgent", "routine", "same_day")),
    ("communication", "Communication", ("explain", "listen", "respect", "time")),
    ("coordination", "Care coordination", ("history", "results", "medicines")),
    ("staff", "Office staff", ("helpful", "respect")),
)


def _item(name: str) -> tuple[Part, Part]:
    answered = _answer(name, f"answers to {name}", f"f.item = '{name}'")
    always = _answer(
        f"{name}_always", "of these, always", f"f.item = '{name}' and f.value_code = 'always'"
    )
    return always, answered


_CAHPS = "AHRQ CG-CAHPS 3.0"
_FEW = (
    "Not shown on fewer answers than the practice's minimum (11), nor of a provider ranked among"
    " others on fewer than that for rankings (30)."
)
_surveys = partial(Metric, subject="patient_satisfaction", source=_CAHPS, polarity="higher")
_share = partial(_surveys, unit="percent")
_rating = partial(_share, answers=True, caveats=(_FEW,))
METRICS = (
    _surveys(
        "surveys_sent", "Surveys sent", "count", "surveys sent for visits of the period",
        numerator=terms(SENT), polarity="neutral",
    ),
    _surveys(
        "surveys_completed", "Surveys completed", "count", "of these, completed",
        numerator=terms(COMPLETED),
    ),
    _share(
        "survey_response_rate",
        "Response rate",
        formula="100 × surveys completed / surveys sent",
        numerator=terms(COMPLETED),
        denominator=terms(SENT),
    ),
    _rating(
        "provider_rating_top_box",
        "Provider rating, top box",
        formula="100 × ratings of 9 or 10 / ratings",
        numerator=terms(BEST),
        denominator=terms(RATED),
        target=target("80", "70"),
        variants=(
            Variant(
                "completed",
                "Provider rating, top box, by completion",
                "100 × ratings of 9 or 10 / ratings, of surveys completed in the period",
                moved(terms(BEST), "completed_at"),
                moved(terms(RATED), "completed_at"),
            ),
        ),
    ),
    _rating(
        "net_promoter_score",
        "Net promoter score",
        formula="100 × (recommendations of 9 or 10 − those of 0 to 6) / recommendations",
        source="Net promoter score",
        numerator=terms(PROMOTERS, less=(DETRACTORS,)),
        denominator=terms(ASKED),
    ),
    *(
        _rating(
            f"{name}_composite",
            f"{label} composite",
            formula="mean over the items of 100 × answers 'always' / answers",
            numerator=(),
            mean_of=tuple(
                (terms(always), terms(answered))
                for always, answered in (_item(f"{name}_{item}") for item in items)
            ),
        )
        for name, label, items in _COMPOSITES
    ),
)  # fmt: skip
