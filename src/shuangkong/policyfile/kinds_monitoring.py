"""Kinds of policy file of monitoring: marks, validity, substitution, limits, alarms, coverage, air and rivers."""

from __future__ import annotations

from shuangkong.policyfile.kind_pieces import ANY_TEXT, BILINGUAL, CHECK_CODE, CHECKED, WORD
from shuangkong.policyfile.kinds_quality import QUALITY_KINDS
from shuangkong.policyfile.monitoring_pieces import DATED, FACTOR, HEAD, PLACE, RESTS_ON
from shuangkong.policyfile.shape import Day, Either, Fields, Figure, Flag, Many, Named, Number, Shape, Text, Whole

#: The longest stretch that rules count in, the hours of a year; levels of alarms, the gravest 3.
_MOST_HOURS, _MOST_LEVEL = 8_784, 3
#: Sorts of what is done at a device that rules mark hours for, and reasons of marks.
_SERVICE = Text(choices=("calibration", "standard", "maintenance", "cleaning", "repair"))
_REASON = Text(choices=("calibration", "standard", "maintenance", "fault", "stopped", "starting", "network", "other"))
MEDIA = Text(choices=("gas", "water"))
MARK = Text(choices=("N", "F", "St", "Sd", "B", "C", "M", "Md", "T", "D", "S"))
SPAN = Text(choices=("minute", "hour", "day", "month", "quarter", "year"))
#: 数据标记: what each mark means, and which flag of devices is which mark.
MARKS = Fields(
    {
        **HEAD,
        **DATED,
        "marks": Many(
            Fields(
                {
                    "mark": MARK,
                    "name": BILINGUAL,
                    "counts": Text(choices=("measured", "stopped", "lost")),
                    "judged": Flag(),
                },
                frozenset({"mark", "name", "counts", "judged"}),
            )
        ),
        "sent": Many(Fields({"flag": ANY_TEXT, "mark": MARK, "note": ANY_TEXT}, frozenset({"flag", "mark"}))),
        "services": Many(
            Fields({"service": _SERVICE, "mark": MARK, "reason": _REASON}, frozenset({"service", "mark", "reason"}))
        ),
        "causes": Many(Fields({"mark": MARK, "reason": _REASON}, frozenset({"mark", "reason"}))),
        "roll_up": Many(
            Fields(
                {"media": MEDIA, "least_share_pct": Number(), "otherwise": MARK, "at": ANY_TEXT, "note": ANY_TEXT},
                frozenset({"media", "least_share_pct"}),
            )
        ),
    },
    frozenset({"name", "marks", "sent", "services", "causes", "roll_up"}) | RESTS_ON,
)
#: 标记规则: who may mark data for which reasons, and what is then kept from judging.
MARKING = Fields(
    {
        **HEAD,
        **DATED,
        "industries": Many(ANY_TEXT),
        "excuses": Flag(),
        "reasons": Many(Fields({"id": WORD, "name": BILINGUAL, "mark": MARK}, frozenset({"id", "name", "mark"}))),
    },
    frozenset({"name", "reasons", "excuses"}) | RESTS_ON,
)
#: 用能单位上传: what the platform of a place enciphers, how it writes codes and validity, when day values are due.
UPLOAD_PROFILE = Fields(
    {
        **HEAD,
        **DATED,
        "enciphered": Many(ANY_TEXT),
        "dashed": Flag(),
        "valid": Text(choices=("true_is_valid", "zero_is_valid")),
        "upload_time": ANY_TEXT,
        "auth": Text(choices=("none", "token")),
        "token_field": ANY_TEXT,
    },
    frozenset({"name", "valid", "upload_time"}) | RESTS_ON,
)
MARKING_CASES = Many(
    Fields(
        {"name": ANY_TEXT, "day": Day(), "industry": ANY_TEXT, "mark": MARK, "ruled": Flag(), "expect": Flag()},
        frozenset({"name", "day", "industry", "mark", "ruled", "expect"}),
    )
)
#: 数据有效性: how many parts make a valid whole.
VALIDITY = Fields(
    {
        **HEAD,
        "media": MEDIA,
        "rules": Many(
            Fields(
                {
                    **DATED,
                    "span": SPAN,
                    "of": Text(choices=("minutes", "hours", "days")),
                    "least": Whole(_MOST_HOURS),
                    "least_share_pct": Number(),
                },
                frozenset({"span", "of"}) | RESTS_ON,
            )
        ),
    },
    frozenset({"name", "media", "rules"}),
)
#: ``counts``: parts by mark; the rest of ``due`` is missing. ``expect``: valid, or why not.
VALIDITY_CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "day": Day(),
            "span": SPAN,
            "due": Whole(_MOST_HOURS),
            "counts": Named(Whole(_MOST_HOURS)),
            "expect": Text(choices=("valid", "nothing", "too_few", "stopped", "no_rule")),
        },
        frozenset({"name", "day", "span", "due", "counts", "expect"}),
    )
)
#: 缺失数据替代: by which rule a gap of which length is filled.
SUBSTITUTION = Fields(
    {
        **HEAD,
        "media": MEDIA,
        "bands": Many(
            Fields(
                {
                    **DATED,
                    "factors": Many(FACTOR),
                    "quantity": Text(choices=("amount", "concentration")),
                    "least_capture_pct": Number(),
                    "below_capture_pct": Number(),
                    "over_hours": Whole(_MOST_HOURS),
                    "most_hours": Whole(_MOST_HOURS),
                    "method": WORD,
                    "valid_hours": Whole(_MOST_HOURS),
                },
                frozenset({"quantity", "method"}) | RESTS_ON,
            )
        ),
    },
    frozenset({"name", "media", "bands"}),
)
#: A series of hours (null-less numbers, or a mark's letter where lost), the gap filled by hand.
SUBSTITUTION_CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "day": Day(),
            "factor": FACTOR,
            "capture_pct": Figure(),
            "hours": Many(Figure()),
            "repeat": Whole(_MOST_HOURS),
            "expect": Many(Figure()),
        },
        frozenset({"name", "day", "factor", "capture_pct", "hours", "expect"}),
    )
)
_LIMIT_VALUE = Fields(
    {
        "factor": FACTOR,
        "span": SPAN,
        "most": Number(),
        "least": Number(),
        "measured_in": ANY_TEXT,
        "basis": Text(choices=("converted", "measured")),
        "at": ANY_TEXT,
        "note": ANY_TEXT,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"factor", "span", "measured_in", "basis"}),
)
#: 排放标准: limits by group of sources, factor and span.
LIMITS = Fields(
    {
        **HEAD,
        **DATED,
        "media": MEDIA,
        "rank": Text(choices=("national", "local", "special", "basin")),
        "industries": Many(ANY_TEXT),
        "places": Many(PLACE),
        "groups": Many(
            Fields(
                {
                    **DATED,
                    "id": WORD,
                    "name": BILINGUAL,
                    "industries": Many(ANY_TEXT),
                    "places": Many(PLACE),
                    "reference_o2_pct": Number(),
                    "limits": Many(_LIMIT_VALUE),
                },
                frozenset({"id", "name", "limits"}),
            )
        ),
    },
    frozenset({"name", "media", "rank", "groups"}) | RESTS_ON,
)
LIMIT_CASES = Many(
    Fields(
        {"name": ANY_TEXT, "day": Day(), "group": WORD, "factor": FACTOR, "span": SPAN, "expect": Figure()},
        frozenset({"name", "day", "group", "factor", "span", "expect"}),
    )
)
#: 不可能的组合: conditions over values of one hour that cannot be true of a sound device.
IMPOSSIBLE = Fields(
    {
        **HEAD,
        **DATED,
        "media": MEDIA,
        "conditions": Many(
            Fields(
                {
                    "id": WORD,
                    "name": BILINGUAL,
                    "inputs": Named(Fields({"factor": FACTOR, "name": BILINGUAL}, frozenset({"factor", "name"}))),
                    "when": ANY_TEXT,
                    "note": ANY_TEXT,
                },
                frozenset({"id", "name", "inputs", "when"}),
            )
        ),
    },
    frozenset({"name", "media", "conditions"}) | RESTS_ON,
)
IMPOSSIBLE_CASES = Many(
    Fields(
        {"name": ANY_TEXT, "condition": WORD, "facts": Named(Figure()), "expect": Flag()},
        frozenset({"name", "condition", "facts", "expect"}),
    )
)
#: 升级和降级: after how long without the step that is due an alarm rises, after how many clean hours it falls.
ESCALATION = Fields(
    {
        **HEAD,
        **DATED,
        "steps": Many(
            Fields(
                {
                    "state": Text(choices=("open", "explained", "returned", "reviewed")),
                    "level": Whole(_MOST_LEVEL),
                    "after_hours": Whole(_MOST_HOURS),
                    "to_level": Whole(_MOST_LEVEL),
                    "clean_hours": Whole(_MOST_HOURS),
                    "note": ANY_TEXT,
                },
                frozenset({"state", "level", "to_level"}),
            )
        ),
    },
    frozenset({"name", "steps"}) | RESTS_ON,
)
ESCALATION_CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "state": Text(choices=("open", "explained", "returned", "reviewed")),
            "level": Whole(_MOST_LEVEL),
            "waited_hours": Whole(_MOST_HOURS),
            "clean_hours": Whole(_MOST_HOURS),
            "expect": Whole(_MOST_LEVEL),
        },
        frozenset({"name", "state", "level", "waited_hours", "clean_hours", "expect"}),
    )
)
#: 安装联网义务: who must measure what and be connected by when.
COVERAGE = Fields(
    {
        **HEAD,
        "duties": Many(
            Fields(
                {
                    **DATED,
                    "object": Text(choices=("key_discharger", "river_outlet", "park", "mobile_source")),
                    "media": MEDIA,
                    "industries": Many(ANY_TEXT),
                    "factors": Many(FACTOR),
                    "due": Day(),
                },
                frozenset({"object", "due"}) | RESTS_ON,
            )
        ),
    },
    frozenset({"name", "duties"}),
)
COVERAGE_CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "day": Day(),
            "object": WORD,
            "media": MEDIA,
            "industry": ANY_TEXT,
            "expect": Many(FACTOR, may_be_empty=True),
        },
        frozenset({"name", "day", "object", "industry", "expect"}),
    )
)
#: A check of the room with what fills its message.
MONITORING_CHECK_CASES = Many(
    Fields(
        {"name": ANY_TEXT, "trips": Many(CHECK_CODE), "facts": Named(Either(Figure()))},
        frozenset({"name", "trips", "facts"}),
    )
)
#: (pattern, shape) of the files that are not parameters; the first match wins.
MONITORING_KINDS: tuple[tuple[str, Shape], ...] = (
    ("*/monitoring/checks.cases.yaml", MONITORING_CHECK_CASES),
    ("*/monitoring/marks.yaml", MARKS),
    ("*/monitoring/upload_profile.yaml", UPLOAD_PROFILE),
    ("*/monitoring/marking/*.cases.yaml", MARKING_CASES),
    ("*/monitoring/marking/*.yaml", MARKING),
    ("*/monitoring/validity/*.cases.yaml", VALIDITY_CASES),
    ("*/monitoring/validity/*.yaml", VALIDITY),
    ("*/monitoring/substitution/*.cases.yaml", SUBSTITUTION_CASES),
    ("*/monitoring/substitution/*.yaml", SUBSTITUTION),
    ("*/monitoring/limits/*.cases.yaml", LIMIT_CASES),
    ("*/monitoring/limits/*.yaml", LIMITS),
    ("*/monitoring/impossible/*.cases.yaml", IMPOSSIBLE_CASES),
    ("*/monitoring/impossible/*.yaml", IMPOSSIBLE),
    ("*/monitoring/escalation/*.cases.yaml", ESCALATION_CASES),
    ("*/monitoring/escalation/*.yaml", ESCALATION),
    ("*/monitoring/coverage/*.cases.yaml", COVERAGE_CASES),
    ("*/monitoring/coverage/*.yaml", COVERAGE),
    *QUALITY_KINDS,
)
