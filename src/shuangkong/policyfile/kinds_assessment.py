"""Kinds of policy file of the assessment: score tables, who assesses whom, consequences, standing restrictions."""

from __future__ import annotations

import re

from shuangkong.policyfile.kind_pieces import ANY_TEXT, BILINGUAL, CHECK_CODE, CHECKED, WORD
from shuangkong.policyfile.shape import Day, Either, Fields, Figure, Flag, Many, Named, Number, Shape, Text, Whole

#: How sure the rule is: read in two or more documents, in one, recalled, inferred, or a row that nobody holds.
CONFIDENCE = Text(choices=("confirmed", "single", "recalled", "inferred", "gap"))
SUBJECT = Text(
    choices=(
        "region",
        "department",
        "sector",
        "unit",
        "state_enterprise",
        "park",
        "grid_company",
        "institution",
        "official",
    )
)
LEVEL = Text(choices=("nation", "province", "city", "county", "town"))
#: What every rule says of itself.
GROUND: dict[str, Shape] = {
    "from": Day(),
    "until": Day(),
    "source": WORD,
    "at": ANY_TEXT,
    "note": ANY_TEXT,
    "confidence": CONFIDENCE,
    "verified": Flag(),
    "checked": CHECKED,
}
_TABLE_FIGURE = Fields(
    {
        "name": BILINGUAL,
        "unit": ANY_TEXT,
        "indicator": WORD,
        "aspect": Text(
            choices=(
                "annual_due",
                "annual_done",
                "cumulative_due",
                "cumulative_done",
                "level_due",
                "level_done",
                "level_before",
            )
        ),
        "established": Flag(),
    },
    frozenset({"name", "unit"}),
)
_POINT = Fields(
    {
        "code": ANY_TEXT,
        "name": BILINGUAL,
        "marks": Number(),
        "evidence": ANY_TEXT,
        "inapplicable": Text(choices=("full",)),
        "same_as": ANY_TEXT,
        "confidence": CONFIDENCE,
    },
    frozenset({"code", "name", "marks"}),
)
_ITEM = Fields(
    {
        "code": ANY_TEXT,
        "name": BILINGUAL,
        "block": WORD,
        "kind": WORD,
        "marks": Number(),
        "done": WORD,
        "due": WORD,
        "of": WORD,
        "steps": Many(Fields({"ratio": Number(), "marks": Number()}, frozenset({"ratio", "marks"}))),
        "bands": Many(Fields({"below": Number(), "marks": Number()}, frozenset({"below", "marks"}))),
        "tops": Many(Fields({"at_most": Number(), "marks": Number()}, frozenset({"at_most", "marks"}))),
        "annual": ANY_TEXT,
        "cumulative": ANY_TEXT,
        "only_annual": Number(),
        "only_cumulative": Number(),
        "rule": ANY_TEXT,
        "each": Number(),
        "by": Text(choices=("ratio", "points")),
        "extra": Flag(),
        "per": Number(),
        "most": Number(),
        "cases": WORD,
        "points": Many(_POINT),
        "result": WORD,
        "at": ANY_TEXT,
        "note": ANY_TEXT,
        "confidence": CONFIDENCE,
        "verified": Flag(),
    },
    frozenset({"code", "name", "block", "kind"}),
)
_VETO = Fields(
    {"code": ANY_TEXT, "name": BILINGUAL, "when": ANY_TEXT, "grade": WORD, "result": WORD, **GROUND},
    frozenset({"code", "name", "when", "grade"}),
)
_GRADE = Fields(
    {
        "id": WORD,
        "name": BILINGUAL,
        "result": WORD,
        "cuts": Many(
            Fields({"when": ANY_TEXT, "from": Day(), "until": Day(), "source": WORD}, frozenset({"when"})),
        ),
    },
    frozenset({"id", "name"}),
)
SCORE_TABLE = Fields(
    {
        "name": BILINGUAL,
        "subjects": Many(SUBJECT),
        "full": Number(),
        "places": Whole(6),
        "ties": Text(choices=("half_even", "half_up")),
        "blocks": Named(BILINGUAL),
        "figures": Named(_TABLE_FIGURE),
        "items": Many(_ITEM),
        "vetoes": Many(_VETO),
        "grades": Many(_GRADE),
        "overrides": WORD,
        **GROUND,
    },
    frozenset({"name", "subjects", "places", "blocks", "grades", "from", "source", "verified"}),
)
#: Facts are figures, ``judged`` the marks of points; ``points`` says what all other points have: full marks, nothing,
#: or nothing told. Vetoes that are not listed do not hold.
SCORE_CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "day": Day(),
            "facts": Named(Figure()),
            "points": Text(choices=("all", "none", "missing")),
            "judged": Many(Fields({"point": ANY_TEXT, "marks": Number()}, frozenset({"point", "marks"}))),
            "items": Many(Fields({"code": ANY_TEXT, "marks": Figure()}, frozenset({"code", "marks"}))),
            "score": Figure(),
            "grade": WORD,
            "possible": Many(WORD),
            "vetoes": Many(ANY_TEXT),
        },
        frozenset({"name", "grade"}),
    )
)
#: Who assesses whom, with which table, how often.
ASSESSORS = Fields(
    {
        "name": BILINGUAL,
        "overrides": WORD,
        "assessments": Many(
            Fields(
                {
                    "id": WORD,
                    "name": BILINGUAL,
                    "subjects": SUBJECT,
                    "level": LEVEL,
                    "register": WORD,
                    "assessor": LEVEL,
                    "executors": ANY_TEXT,
                    "table": WORD,
                    "cycle": Text(choices=("half", "year", "plan_middle", "plan_end", "term")),
                    "lower_by_territory": Flag(),
                    **GROUND,
                },
                frozenset({"id", "name", "subjects", "assessor", "table", "cycle", "from", "source", "verified"}),
            )
        ),
    },
    frozenset({"name", "assessments"}),
)
_THRESHOLD = Fields(
    {"figure": WORD, "below": Number(), "at_most": Number(), "at_least": Number(), "unit": ANY_TEXT},
    frozenset({"figure", "unit"}),
)
_TERM = Fields(
    {
        "kind": Text(
            choices=(
                "region",
                "prefecture",
                "zone",
                "park",
                "unit",
                "sector",
                "pollutant",
                "product",
                "fuel",
                "equipment",
                "project_class",
            )
        ),
        "codes": Many(Text(pattern=re.compile(r"[A-Za-z0-9_/.-]+"), words=("编号或词", "a code or a word"))),
        "of": Text(choices=("subject", "missed")),
        "threshold": _THRESHOLD,
    },
    frozenset({"kind"}),
)
_ACTS = Many(Text(choices=("energy_review", "eia", "approval_filing", "equipment_registration")))
RESTRICTION_KEYS: dict[str, Shape] = {
    "approvals": _ACTS,
    "firmness": Text(choices=("forbidden", "in_principle")),
    "scope": Many(_TERM),
    "exempt": Many(_TERM),
    "lifted": BILINGUAL,
    "expires": Day(),
}
#: A ban that a document lays down for everybody, without anybody's result.
STANDING_RESTRICTION = Fields(
    {"name": BILINGUAL, **RESTRICTION_KEYS, "overrides": WORD, **GROUND},
    frozenset({"name", "approvals", "scope", "from", "source", "verified"}),
)
RESTRICTION_CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "day": Day(),
            "approval": Text(choices=("energy_review", "eia", "approval_filing", "equipment_registration")),
            "place": Named(Either(ANY_TEXT)),
            "equipment": Many(
                Fields({"class": WORD, "figures": Named(Number())}, frozenset({"class"})),
                may_be_empty=True,
            ),
            "expect": Text(choices=("may", "may_not", "exceptional", "undecided")),
        },
        frozenset({"name", "day", "approval", "expect"}),
    )
)
#: ``indicators``: of a round whose targets are of one of these, a target that was missed is this result.
_RESULT = Fields({"zh": ANY_TEXT, "en": ANY_TEXT, "indicators": Many(WORD)}, frozenset({"zh", "en"}))
#: What follows from results, on which ground, and until when.
CONSEQUENCE = Fields(
    {
        "name": BILINGUAL,
        "subjects": Many(SUBJECT),
        "kind": Text(choices=("statute", "plan", "rule")),
        "results": Named(_RESULT),
        "when": ANY_TEXT,
        "acts": Many(
            Fields(
                {
                    "kind": Text(
                        choices=(
                            "interview",
                            "accountability",
                            "criticism_notice",
                            "reminder",
                            "rectification",
                            "suspension",
                            "credit_record",
                            "cadre_record",
                            "no_award",
                            "commendation",
                            "inspection_list",
                            "work_report",
                            "deemed_failed",
                        )
                    ),
                    "object": ANY_TEXT,
                    "executors": ANY_TEXT,
                    "evidence": ANY_TEXT,
                    "publish": Flag(),
                    "term": WORD,
                    "days": Text(choices=("day", "workday")),
                    **RESTRICTION_KEYS,
                },
                frozenset({"kind", "executors", "evidence"}),
            )
        ),
        "overrides": WORD,
        **GROUND,
    },
    frozenset({"name", "subjects", "kind", "results", "when", "acts", "from", "source", "verified"}),
)
CONSEQUENCE_CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "day": Day(),
            "facts": Named(Figure()),
            "expect": Text(choices=("follows", "does_not", "undecided")),
        },
        frozenset({"name", "facts", "expect"}),
    )
)
#: What an official answers for at the end of a term.
TERM_SHEET = Fields(
    {
        "name": BILINGUAL,
        "indicators": Many(
            Fields({"indicator": WORD, "name": BILINGUAL, "resource": WORD}, frozenset({"resource", "name"}))
        ),
        "overrides": WORD,
        **GROUND,
    },
    frozenset({"name", "indicators", "from", "source", "verified"}),
)
#: What trips the checks of the assessment; the room's own tests build it.
ASSESSMENT_CHECK_CASES = Many(
    Fields({"name": ANY_TEXT, "trips": Many(CHECK_CODE), "passes": Many(CHECK_CODE)}, frozenset({"name"}))
)
