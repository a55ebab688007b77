"""Kinds of policy file of environmental quality: air index, evaluation of air and of river sections."""

from __future__ import annotations

from shuangkong.policyfile.kind_pieces import ANY_TEXT, BILINGUAL
from shuangkong.policyfile.monitoring_pieces import DATED, FACTOR, HEAD, RESTS_ON
from shuangkong.policyfile.shape import Day, Fields, Many, Named, Number, Shape, Text, Whole

_MOST_DAYS = 366
#: Hours of the longest month.
_MOST_READINGS = 744
_POLLUTANT_MEAN = Text(choices=("hour", "eight_hours", "day"))
#: 空气质量指数: sub-indices by concentration, categories by index.
AIR_INDEX = Fields(
    {
        **HEAD,
        **DATED,
        "index": Many(Number()),
        "good": Number(),
        "pollutants": Many(
            Fields(
                {
                    "factor": FACTOR,
                    "name": BILINGUAL,
                    "mean": _POLLUTANT_MEAN,
                    "measured_in": ANY_TEXT,
                    "concentrations": Many(Number()),
                },
                frozenset({"factor", "name", "mean", "measured_in", "concentrations"}),
            )
        ),
        "categories": Many(Fields({"most": Number(), "name": BILINGUAL}, frozenset({"name"}))),
    },
    frozenset({"name", "index", "good", "pollutants", "categories"}) | RESTS_ON,
)
AIR_INDEX_CASES = Many(
    Fields(
        {"name": ANY_TEXT, "day": Day(), "facts": Named(Number()), "expect": Number()},
        frozenset({"name", "facts", "expect"}),
    )
)
#: 空气质量年评价: statistic, limit and least days of each pollutant.
AIR_EVALUATION = Fields(
    {
        **HEAD,
        **DATED,
        "day_hours": Whole(24),
        "window_hours": Whole(8),
        "windows": Whole(24),
        "month_days": Whole(31),
        "short_month_days": Whole(31),
        "year_days": Whole(_MOST_DAYS),
        "pollutants": Many(
            Fields(
                {
                    "factor": FACTOR,
                    "name": BILINGUAL,
                    "mean": _POLLUTANT_MEAN,
                    "measured_in": ANY_TEXT,
                    "yearly": Number(),
                    "percentile": Number(),
                    "percentile_limit": Number(),
                    "places": Whole(3),
                },
                frozenset({"factor", "name", "mean", "measured_in", "places"}),
            )
        ),
    },
    frozenset(
        {"name", "pollutants", "day_hours", "window_hours", "windows", "month_days", "short_month_days", "year_days"}
    )
    | RESTS_ON,
)
AIR_EVALUATION_CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "factor": FACTOR,
            "percentile": Number(),
            "days": Many(Number()),
            "expect": Number(),
        },
        frozenset({"name", "factor", "percentile", "days", "expect"}),
    )
)
#: 地表水类别: limits of the classes of each factor, and which are left out of the evaluation.
RIVER_CLASSES = Fields(
    {
        **HEAD,
        **DATED,
        "classes": Many(BILINGUAL),
        "worse": BILINGUAL,
        "excluded": Many(FACTOR),
        "factors": Many(
            Fields(
                {
                    "factor": FACTOR,
                    "name": BILINGUAL,
                    "measured_in": ANY_TEXT,
                    "most": Many(Number()),
                    "least": Many(Number()),
                },
                frozenset({"factor", "name", "measured_in"}),
            )
        ),
    },
    frozenset({"name", "classes", "worse", "factors"}) | RESTS_ON,
)
#: 断面评价的基本因子: without which a class is not settled, and how many readings make a month's mean.
RIVER_BASIC = Fields(
    {**HEAD, **DATED, "factors": Many(FACTOR), "month_readings": Whole(_MOST_READINGS)},
    frozenset({"name", "factors", "month_readings"}) | RESTS_ON,
)
RIVER_CASES = Many(
    Fields({"name": ANY_TEXT, "facts": Named(Number()), "expect": Whole(6)}, frozenset({"name", "facts", "expect"}))
)
#: (pattern, shape) of these files; the first match wins.
QUALITY_KINDS: tuple[tuple[str, Shape], ...] = (
    ("*/monitoring/air/index.cases.yaml", AIR_INDEX_CASES),
    ("*/monitoring/air/index.yaml", AIR_INDEX),
    ("*/monitoring/air/evaluation.cases.yaml", AIR_EVALUATION_CASES),
    ("*/monitoring/air/evaluation.yaml", AIR_EVALUATION),
    ("*/monitoring/rivers/*.cases.yaml", RIVER_CASES),
    ("*/monitoring/rivers/basic_factors.yaml", RIVER_BASIC),
    ("*/monitoring/rivers/*.yaml", RIVER_CLASSES),
)
