"""The kinds of policy file: which file has which shape. A new kind is one row in KINDS."""

from __future__ import annotations

from fnmatch import fnmatchcase

from shuangkong.core.finding import Severity
from shuangkong.policyfile.kind_pieces import ANY_TEXT, BILINGUAL, CHECK_CODE, CHECKED, REGION_CODE, WORD
from shuangkong.policyfile.kinds_assessment import (
    ASSESSMENT_CHECK_CASES,
    ASSESSORS,
    CONSEQUENCE,
    CONSEQUENCE_CASES,
    RESTRICTION_CASES,
    SCORE_CASES,
    SCORE_TABLE,
    STANDING_RESTRICTION,
    TERM_SHEET,
)
from shuangkong.policyfile.kinds_emissions import CLASSES, EMISSION_CASES, EMISSION_FORMULA, POLLUTANT
from shuangkong.policyfile.kinds_equipment import EQUIPMENT_KINDS
from shuangkong.policyfile.kinds_indicators import BALANCE_CASES, INDICATOR, INDICATOR_CASES, TABLE
from shuangkong.policyfile.kinds_monitoring import MONITORING_KINDS
from shuangkong.policyfile.kinds_outlook import OUTLOOK_KINDS
from shuangkong.policyfile.kinds_reporting import REPORTING_KINDS
from shuangkong.policyfile.kinds_reporting_checks import CHECK_KINDS, VERIFICATION_CASES
from shuangkong.policyfile.kinds_targets import DECOMPOSITION, DECOMPOSITION_CASES
from shuangkong.policyfile.shape import Day, Either, Fields, Figure, Flag, Many, Named, Number, Shape, Text

#: Which way a value must move to be stricter, where a lower layer may not be laxer than this one.
STRICTER = Text(choices=("lower", "higher"))
#: One item of ``values``: what is in force from a day on, where it is written, whether a person has compared the two.
DATED_VALUE = Fields(
    {
        "from": Day(),
        "until": Day(),
        "value": Either(Number()),
        "stricter": STRICTER,
        "source": WORD,
        "at": ANY_TEXT,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"from", "value", "source"}),
)
_PARAMETER_KEYS: dict[str, Shape] = {
    "name": BILINGUAL,
    "unit": ANY_TEXT,
    "basis": Text(choices=("calorific", "equivalent")),
    "applies": ANY_TEXT,
    "applies_to": Many(ANY_TEXT),
    "note": ANY_TEXT,
    "overrides": WORD,
    "stricter": STRICTER,
    "values": Many(DATED_VALUE),
    "verified": Flag(),
    "checked": CHECKED,
}
PARAMETER = Fields(_PARAMETER_KEYS, frozenset({"name", "unit", "values", "verified"}))
#: A parameter that the law demands and no document at hand gives: the file waits for its first value.
AWAITED_PARAMETER = Fields(
    _PARAMETER_KEYS | {"values": Many(DATED_VALUE, may_be_empty=True)},
    frozenset({"name", "unit", "values", "verified"}),
)
#: A parameter inside a check: named by its key, so it needs no name of its own.
LIMIT = Fields(
    {key: _PARAMETER_KEYS[key] for key in ("name", "unit", "note", "values", "verified", "checked")},
    frozenset({"unit", "values"}),
)

SOURCE = Fields(
    {
        "title": ANY_TEXT,
        "english": ANY_TEXT,
        "number": ANY_TEXT,
        "issuer": ANY_TEXT,
        "issued": Day(),
        "licence": ANY_TEXT,
        "note": ANY_TEXT,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"title", "issuer", "verified"}),
)
UNITS = Fields(
    {
        "units": Many(
            Fields(
                {
                    "id": ANY_TEXT,
                    "name": BILINGUAL,
                    "kind": WORD,
                    "printed": Many(
                        Fields({"form": ANY_TEXT, "factor": Number(), "en": ANY_TEXT}, frozenset({"form", "factor"}))
                    ),
                    "note": ANY_TEXT,
                    "source": WORD,
                },
                frozenset({"id", "name", "kind", "printed", "source"}),
            )
        )
    },
    frozenset({"units"}),
)
UNIT_CASES = Many(
    Fields(
        {"name": ANY_TEXT, "printed": ANY_TEXT, "value": Number(), "expect": Number(), "unit": ANY_TEXT},
        frozenset({"name", "printed", "value", "expect", "unit"}),
    )
)
PARAMETER_CASES = Many(
    Fields({"name": ANY_TEXT, "day": Day(), "expect": Either(Number())}, frozenset({"name", "day", "expect"}))
)
#: Of a parameter that may wait for its first value: a number, or ``none`` where no value is in force on the day.
AWAITED_CASES = Many(Fields({"name": ANY_TEXT, "day": Day(), "expect": Figure()}, frozenset({"name", "day", "expect"})))
REGION_CASES = Many(
    Fields(
        {"name": ANY_TEXT, "day": Day(), "code": REGION_CODE, "expect": ANY_TEXT},
        frozenset({"name", "day", "code", "expect"}),
    )
)
#: What a code list in CSV beside it means: which lists it was made of, on which days, under which licence.
CODE_LIST = Fields(
    {
        "name": BILINGUAL,
        "file": ANY_TEXT,
        "columns": Named(ANY_TEXT),
        "lists": Many(Fields({"day": Day(), "source": WORD, "note": ANY_TEXT}, frozenset({"day", "source"}))),
        "short_names": Many(Fields({"code": REGION_CODE, "name": ANY_TEXT}, frozenset({"code", "name"}))),
        "note": ANY_TEXT,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"name", "file", "columns", "lists", "verified"}),
)
#: The periods that plans name by a short name (十四五).
FIVE_YEAR_PLANS = Fields(
    {
        "plans": Many(
            Fields(
                {"name": ANY_TEXT, "first_year": Number(), "last_year": Number()},
                frozenset({"name", "first_year", "last_year"}),
            )
        ),
        "source": WORD,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"plans", "source", "verified"}),
)
LAYER = Fields(
    {
        "name": BILINGUAL,
        "level": Text(choices=("nation", "province", "city", "county")),
        "region": REGION_CODE,
        "parent": WORD,
        "from": Day(),
        "until": Day(),
        "draft": Flag(),
        "note": ANY_TEXT,
    },
    frozenset({"name", "level"}),
)
GLOSSARY = Fields(
    {
        "terms": Many(
            Fields(
                {
                    "zh": ANY_TEXT,
                    "en": ANY_TEXT,
                    "codes": Many(ANY_TEXT),
                    "rendering": Text(choices=("published", "common", "coined")),
                    "section": Text(choices=("field", "room", "project")),
                    "note": ANY_TEXT,
                },
                frozenset({"zh", "en", "rendering", "section"}),
            )
        ),
        "words": Named(ANY_TEXT),
    },
    frozenset({"terms", "words"}),
)
CHECKS = Many(
    Fields(
        {
            "code": CHECK_CODE,
            "severity": Text(choices=tuple(Severity)),
            "title": BILINGUAL,
            "message": BILINGUAL,
            "limit": Named(LIMIT),
            "source": WORD,
        },
        frozenset({"code", "severity", "title", "message"}),
    )
)
#: Small documents on which checks trip and pass; the room's own tests read them.
CHECK_CASES = Many(
    Fields(
        {"name": ANY_TEXT, "text": ANY_TEXT, "trips": Many(CHECK_CODE), "passes": Many(CHECK_CODE)},
        frozenset({"name", "text"}),
    )
)
#: Figures that somebody must tell, of whom and how often (indicators.expected).
EXPECTED = Fields(
    {
        "name": BILINGUAL,
        "indicators": Many(WORD),
        "subjects": Text(choices=("region", "unit", "institution")),
        "levels": Many(Text(choices=("province", "city", "county", "town"))),
        "scope": WORD,
        "every": Text(choices=("month", "months_to_date", "quarter", "quarters_to_date", "half", "year")),
        "days": Number(),
        "from": Day(),
        "until": Day(),
        "source": WORD,
        "at": ANY_TEXT,
        "note": ANY_TEXT,
        "overrides": WORD,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"name", "indicators", "subjects", "every", "from", "source", "verified"}),
)
#: What units are counted in (indicators.scopes).
SCOPE = Fields(
    {
        "name": BILINGUAL,
        "excludes": Many(WORD),
        "registers": Many(Text(choices=("key_energy_unit", "hundred", "thousand", "ten_thousand", "key_discharger"))),
        "source": WORD,
        "at": ANY_TEXT,
        "note": ANY_TEXT,
        "overrides": WORD,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"name", "source", "verified"}),
)
#: Word lists that a room is given: a name to a list of texts.
WORD_LISTS = Named(Either(ANY_TEXT))

#: (pattern of the path below the policy root, shape); the first match wins.
KINDS: tuple[tuple[str, Shape], ...] = (
    ("glossary.yaml", GLOSSARY),
    ("units.yaml", UNITS),
    ("units.cases.yaml", UNIT_CASES),
    ("*/layer.yaml", LAYER),
    ("*/sources/*.yaml", SOURCE),
    ("*/codes/*.cases.yaml", REGION_CASES),
    ("*/codes/five_year_plans.yaml", FIVE_YEAR_PLANS),
    ("*/codes/*.yaml", CODE_LIST),
    ("*/indicators/tables/*.yaml", TABLE),
    ("*/indicators/balance/checks.yaml", CHECKS),
    ("*/indicators/carbon_factors/*.cases.yaml", AWAITED_CASES),
    ("*/indicators/balance/checks.cases.yaml", BALANCE_CASES),
    ("*/indicators/*/*.cases.yaml", PARAMETER_CASES),
    ("*/indicators/carbon_factors/*.yaml", AWAITED_PARAMETER),
    ("*/indicators/*/*.yaml", PARAMETER),
    ("*/indicators/*.cases.yaml", INDICATOR_CASES),
    ("*/indicators/*.yaml", INDICATOR),
    ("*/emissions/checks.yaml", CHECKS),
    ("*/emissions/source_class.yaml", CLASSES),
    ("*/emissions/pollutants/*.yaml", POLLUTANT),
    ("*/emissions/formulas/*.cases.yaml", EMISSION_CASES),
    ("*/emissions/formulas/*.yaml", EMISSION_FORMULA),
    ("*/emissions/factors/*.cases.yaml", PARAMETER_CASES),
    ("*/emissions/factors/*.yaml", PARAMETER),
    ("*/targets/checks.cases.yaml", CHECK_CASES),
    ("*/targets/checks.yaml", CHECKS),
    ("*/targets/decomposition/*.cases.yaml", DECOMPOSITION_CASES),
    ("*/targets/decomposition/*.yaml", DECOMPOSITION),
    ("*/targets/*.cases.yaml", PARAMETER_CASES),
    ("*/targets/*.yaml", PARAMETER),
    ("*/quotas/*.cases.yaml", PARAMETER_CASES),
    ("*/quotas/*.yaml", PARAMETER),
    ("*/facts/scopes/*.yaml", SCOPE),
    ("*/facts/*.yaml", EXPECTED),
    ("*/plans/checks.yaml", CHECKS),
    ("*/plans/checks.cases.yaml", CHECK_CASES),
    ("*/plans/lexicon*.yaml", WORD_LISTS),
    ("*/plans/task_*.cases.yaml", PARAMETER_CASES),
    ("*/plans/task_*.yaml", PARAMETER),
    ("*/assessment/*_days.cases.yaml", PARAMETER_CASES),
    ("*/assessment/*_days.yaml", PARAMETER),
    ("*/assessment/key_units/*.cases.yaml", PARAMETER_CASES),
    ("*/assessment/key_units/*.yaml", PARAMETER),
    ("*/assessment/checks.cases.yaml", ASSESSMENT_CHECK_CASES),
    ("*/assessment/checks.yaml", CHECKS),
    ("*/assessment/assessors.yaml", ASSESSORS),
    ("*/assessment/term_sheet.yaml", TERM_SHEET),
    ("*/assessment/tables/*.cases.yaml", SCORE_CASES),
    ("*/assessment/tables/*.yaml", SCORE_TABLE),
    ("*/assessment/consequences/*.cases.yaml", CONSEQUENCE_CASES),
    ("*/assessment/consequences/*.yaml", CONSEQUENCE),
    ("*/assessment/restrictions/*.cases.yaml", RESTRICTION_CASES),
    ("*/assessment/restrictions/*.yaml", STANDING_RESTRICTION),
    ("*/outlook/forecast/*.cases.yaml", PARAMETER_CASES),
    ("*/outlook/forecast/*.yaml", PARAMETER),
    *OUTLOOK_KINDS,
    *EQUIPMENT_KINDS,
    *MONITORING_KINDS,
    ("*/monitoring/checks.yaml", CHECKS),
    ("*/monitoring/*/*.cases.yaml", PARAMETER_CASES),
    ("*/monitoring/*/*.yaml", PARAMETER),
    *REPORTING_KINDS,
    ("*/reporting/suspicion/*.cases.yaml", PARAMETER_CASES),
    ("*/reporting/suspicion/*.yaml", PARAMETER),
    ("*/reporting/reminders/*.cases.yaml", PARAMETER_CASES),
    ("*/reporting/reminders/*.yaml", PARAMETER),
    ("*/reporting/verification/checks.cases.yaml", VERIFICATION_CASES),
    ("*/reporting/verification/checks.yaml", CHECKS),
    *CHECK_KINDS,
)


def shape_of(path: str) -> Shape | None:
    """The shape of the file at ``path`` (below the policy root, with /); None where nothing reads it."""
    return next((shape for pattern, shape in KINDS if fnmatchcase(path, pattern)), None)
