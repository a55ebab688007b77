"""Kinds of policy file of the outlook: rules, published tables, response plans, weather alerts."""

from __future__ import annotations

from shuangkong.policyfile.kind_pieces import ANY_TEXT, BILINGUAL, CHECKED, REGION_CODE, WORD
from shuangkong.policyfile.shape import Day, Either, Fields, Figure, Flag, Many, Named, Number, Shape, Text, Whole

#: Levels are numbered from the gravest, 1.
_MOST_LEVEL = 3
#: How sure a rule or a table is: two sources, one, recalled, inferred, or known not to be published.
CONFIDENCE = Text(choices=("confirmed", "single", "recalled", "inferred", "gap"))
#: What of a year a rule may judge. ``to_date``: from January on.
SPANS = ("month", "quarter", "to_date", "year")
_GROUND: dict[str, Shape] = {
    "source": WORD,
    "at": ANY_TEXT,
    "note": ANY_TEXT,
    "confidence": CONFIDENCE,
    "verified": Flag(),
    "checked": CHECKED,
}
_DATED: dict[str, Shape] = {"from": Day(), "until": Day(), **_GROUND}
_RULE = Fields(
    {
        **_DATED,
        "regions": Many(REGION_CODE),
        "periods": Many(Text(choices=SPANS)),
        "limit": Named(Fields({"value": Number(), "unit": ANY_TEXT, "note": ANY_TEXT}, frozenset({"value", "unit"}))),
        "levels": Many(Fields({"level": Whole(_MOST_LEVEL), "when": ANY_TEXT, "note": ANY_TEXT}, frozenset({"level"}))),
    },
    frozenset({"from", "levels", "source", "confidence", "verified"}),
)
#: When a place, a sector or a unit stands at which level: barometers and triggers alike.
OUTLOOK_RULE = Fields(
    {"name": BILINGUAL, "figures": WORD, "indicators": Many(WORD), "overrides": WORD, "rules": Many(_RULE)},
    frozenset({"name", "figures", "rules"}),
)
#: Facts are figures by their names, a list being a series by year; the result is a level, or why there is none.
OUTLOOK_CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "day": Day(),
            "period": ANY_TEXT,
            "region": REGION_CODE,
            "facts": Named(Either(Figure())),
            "expect": Figure(),
        },
        frozenset({"name", "period", "facts", "expect"}),
    )
)
#: Tables of levels that were published, their rows in the CSV beside.
PUBLISHED_LEVELS = Fields(
    {
        "name": BILINGUAL,
        "file": ANY_TEXT,
        "tables": Many(
            Fields(
                {
                    "id": ANY_TEXT,
                    "period": ANY_TEXT,
                    "rule": WORD,
                    "within": REGION_CODE,
                    "count": Whole(100),
                    "complete": Flag(),
                    "derived": Flag(),
                    **_GROUND,
                },
                frozenset({"id", "period", "rule", "complete", "derived", "source", "confidence", "verified"}),
            )
        ),
        "overrides": WORD,
    },
    frozenset({"name", "file", "tables"}),
)
#: Yearly figures and promises that were published, in the CSV beside; ``letters``: what its column ``letter`` names.
PUBLISHED_FIGURES = Fields(
    {
        "name": BILINGUAL,
        "file": ANY_TEXT,
        "letters": Named(Fields(_GROUND, frozenset({"source", "confidence", "verified"}))),
        "overrides": WORD,
    },
    frozenset({"name", "file", "letters"}),
)
#: Where the published disagrees with the rule or with itself, and why.
PUBLISHED_DOUBTS = Fields(
    {
        "doubts": Many(
            Fields(
                {"table": ANY_TEXT, "region": REGION_CODE, "reason": WORD, "message": BILINGUAL, "source": WORD},
                frozenset({"table", "reason", "message", "source"}),
            )
        )
    },
    frozenset({"doubts"}),
)
_DUTY = Fields(
    {
        "id": WORD,
        "name": BILINGUAL,
        "executors": ANY_TEXT,
        "receivers": ANY_TEXT,
        "days": Number(),
        "workdays": Flag(),
        "evidence": ANY_TEXT,
        **_GROUND,
    },
    frozenset({"id", "name", "executors", "source", "confidence", "verified"}),
)
#: 预警调控方案: what each level starts.
RESPONSE_PLAN = Fields(
    {
        "name": BILINGUAL,
        "rules": Many(WORD),
        "from": Day(),
        "until": Day(),
        "levels": Many(Fields({"level": Whole(_MOST_LEVEL), "duties": Many(_DUTY)}, frozenset({"level", "duties"}))),
        "overrides": WORD,
    },
    frozenset({"name", "rules", "from", "levels"}),
)
#: 重污染天气: the levels of an alert and what each must cut of each pollutant.
WEATHER_ALERT = Fields(
    {
        "name": BILINGUAL,
        "from": Day(),
        "until": Day(),
        "pollutants": Many(Fields({"pollutant": WORD, "name": BILINGUAL}, frozenset({"pollutant", "name"}))),
        "levels": Many(
            Fields(
                {"level": Whole(_MOST_LEVEL), "name": BILINGUAL, "shares": Named(Number())},
                frozenset({"level", "name", "shares"}),
            )
        ),
        "overrides": WORD,
        **_GROUND,
    },
    frozenset({"name", "from", "pollutants", "levels", "source", "confidence", "verified"}),
)
#: 重点工程类别: a family that plans list their key projects by, under which heading.
PROJECT_FAMILY = Fields(
    {
        "name": BILINGUAL,
        "field": Text(choices=("energy", "air", "water", "soil", "circular", "programme")),
        "overrides": WORD,
        **_GROUND,
    },
    frozenset({"name", "field", "source", "confidence", "verified"}),
)
#: (pattern, shape) of the files of this room; the first match wins.
OUTLOOK_KINDS: tuple[tuple[str, Shape], ...] = (
    ("*/outlook/barometer/*.cases.yaml", OUTLOOK_CASES),
    ("*/outlook/barometer/*.yaml", OUTLOOK_RULE),
    ("*/outlook/triggers/*.cases.yaml", OUTLOOK_CASES),
    ("*/outlook/triggers/*.yaml", OUTLOOK_RULE),
    ("*/outlook/history/*_levels.yaml", PUBLISHED_LEVELS),
    ("*/outlook/history/*_doubts.yaml", PUBLISHED_DOUBTS),
    ("*/outlook/history/*.yaml", PUBLISHED_FIGURES),
    ("*/outlook/response/*.yaml", RESPONSE_PLAN),
    ("*/outlook/weather/*.yaml", WEATHER_ALERT),
    ("*/outlook/projects/*.yaml", PROJECT_FAMILY),
)
