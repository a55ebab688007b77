"""One row of a file of actual values → what it tells, or why it cannot be taken."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from shuangkong.core.fact import Measure, State
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.indicators.prices import is_at_prices
from shuangkong.records.facts.columns import COLUMNS, EVIDENCES, MATURITIES, ORIGINS, SORTS, STATES, SUBJECT_KINDS
from shuangkong.records.facts.periods import plain
from shuangkong.records.facts.rows import Figure, RowVerdict, SubjectRow
from shuangkong.records.facts.subjects import Meant, Subjects
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.naming import Indicators, Units

_CHANGES = (Measure.YOY_CHANGE_PCT, Measure.CUMULATIVE_CHANGE_PCT)
#: Figures longer than this are no reported figures; the limit keeps hostile exponents out.
_LONGEST_FIGURE = 24
#: Units have many printed forms; a message names the usual ones.
_SHOWN_FORMS = 6
_SHOWN_SUBJECTS = 4
#: As the database keeps it.
_LONGEST_SOURCE = 600
#: Years far from any plan are slips of the pen.
_FIRST_YEAR, _LAST_YEAR = 1_900, 2_699
#: Column → its Chinese and English heading.
HEADINGS: dict[str, tuple[str, str]] = {column.name: (column.headings[0], column.headings[1]) for column in COLUMNS}
HEADINGS |= {"heading": ("表头", "heading"), "row": ("行", "row")}
_INDICATOR = Message("政策文件或已采用方案中的指标名称", "an indicator that the policy files or an adopted plan name")
_REGION = Message("名录或已采用方案中的地区名称或代码", "a region's name or code in the registry or in an adopted plan")
_SECTOR = Message(
    "国民经济行业的名称或代码，或已采用方案分到目标的行业", "an industry, or a sector with a target in an adopted plan"
)
_UNIT = Message(
    "已登记的，或已采用方案分到目标的单位、机构",
    "a unit or institution that is registered or has a target in an adopted plan",
)
_OTHERS = {"sector": _SECTOR, "unit": _UNIT, "institution": _UNIT, "department": _UNIT}
_SOURCE = Message("此数的出处（行内或整个文件）", "the source of the figure, in the row or for the whole file")
_SHORT_SOURCE = Message(
    "不超过 600 字的出处（其余写入备注）", "a source of at most 600 characters (the rest as a note)"
)
_FIGURE = Message("数字、缺失、不适用或不公布", "a number, missing, not_applicable or suppressed")
_PERIOD = Message(
    "YYYY、YYYY-H1、YYYY-Q3、YYYY-07、YYYY-C10 或五年 YYYY-YYYY",
    "YYYY, YYYY-H1, YYYY-Q3, YYYY-07, YYYY-C10 or five years YYYY-YYYY",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Figure):
    """What one row tells.

    ``within`` is the name of the region that its subject lies in, ``region`` its code where known;
    ``is_cumulative``: it counts what was done since the base year, for so a target counts it.
    """

    within: str = ""
    is_cumulative: bool = False
    region: str = ""

    @property
    def subject(self) -> SubjectRow:
        return SubjectRow(self.subject_kind, self.subject_code, self.subject_name, self.region)


class RowRefused(Exception):
    """A row that cannot be taken, with the words to say so."""

    def __init__(self, code: str, column: str, expected: Message, found: str) -> None:
        super().__init__(code)
        self.code, self.column, self.expected, self.found = code, column, expected, found

    def verdict(self, row: int) -> RowVerdict:
        zh, en = HEADINGS.get(self.column, (self.column, self.column))
        message = Message(
            f"第 {row} 行“{zh}”：应为{self.expected.zh}，实为“{self.found}”。请改正后重新录入。",
            f"Row {row}, {en}: expected {self.expected.en}, found “{self.found}”. Correct it and load again.",
        )
        return RowVerdict(row, self.code, "refused", message, column=zh, expected=self.expected, found=self.found)


@dataclass(frozen=True)
class RowParser:
    """Knows the words of the files.

    ``printed`` are the keys of indicators that adopted plans use, ``summed`` the indicator and subject (kind, code) of
    targets that add up amounts since the base year; ``source`` is that of every row which names none. ``cells`` are
    the cells of tables, as ``energy_balance.<row>.<column>``, with their base units.
    """

    indicators: Indicators
    printed: frozenset[str]
    units: Units
    subjects: Subjects
    summed: frozenset[tuple[str, str, str]]
    source: str
    cells: Mapping[str, str] = field(default_factory=dict)

    def parse(self, cells: Mapping[str, str]) -> Told:
        """Raises RowRefused with the first fault, in the order of the columns."""
        for column in COLUMNS:
            if column.is_required and not cells.get(column.name, ""):
                expected = Message(
                    f"{column.takes}（不可空；无数请写“缺失”）", "a filled cell (write “missing” where there is none)"
                )
                raise RowRefused("TGT-101", column.name, expected, "")
        indicator, base_unit = self.meant_indicator(cells["indicator"])
        kind = word("subject_kind", SUBJECT_KINDS, cells.get("subject_kind", ""))
        subject = self.meant_subject(kind, cells["subject"])
        measure = word("measure", SORTS, cells.get("measure", ""))
        state, value = figure(cells["value"])
        source = self.told_source(cells.get("source", ""))
        return Told(
            indicator=indicator,
            subject_kind=subject.kind,
            subject_code=subject.code,
            subject_name=subject.name,
            within=subject.within,
            region=subject.region,
            is_cumulative=measure is Measure.LEVEL and (indicator, subject.kind, subject.code) in self.summed,
            period=period(cells["period"]),
            measure=measure,
            state=state,
            value=value,
            unit=self.fitting_unit(cells["unit"], measure, base_unit),
            maturity=word("maturity", MATURITIES, cells["maturity"]),
            source=source,
            note=cells.get("note", ""),
            origin=word("origin", ORIGINS, cells.get("origin", "")),
            evidence=word("evidence", EVIDENCES, cells.get("evidence", "")),
        )

    def meant_indicator(self, printed: str) -> tuple[str, str]:
        """Key and base unit ("" where no policy file says). Raises RowRefused."""
        if printed in self.cells:
            return printed, self.cells[printed]
        name, at, scope = printed.partition("@")
        found = self.indicators.find(name)
        key = f"{found.id if found else name}{at}{scope}"
        # At the prices of a base year: told of that year itself it joins two plans (indicators.prices).
        is_priced = is_at_prices(key) and key in open_rulebook().every_rule()
        if (found is None or at) and key not in self.printed and not is_priced:
            raise RowRefused("TGT-102", "indicator", _INDICATOR, printed)
        return key, found.unit if found else ""

    def meant_subject(self, kind: str, printed: str) -> Meant:
        """The one subject that is meant. Raises RowRefused."""
        found = self.subjects.find(kind, printed)
        if len(found) > 1:
            several = "、".join(f"{each.code} {each.within}{each.name}" for each in found[:_SHOWN_SUBJECTS])
            expected = Message(f"唯一的对象，重名请写代码（{several}）", f"one subject; give its code ({several})")
            raise RowRefused("TGT-104", "subject", expected, printed)
        if not found:
            raise RowRefused(
                "TGT-112" if kind in _OTHERS else "TGT-103", "subject", _OTHERS.get(kind, _REGION), printed
            )
        return found[0]

    def told_source(self, printed: str) -> str:
        """That of the row, or of the file. Raises RowRefused."""
        source = printed or self.source
        if not source:
            raise RowRefused("TGT-111", "source", _SOURCE, "")
        if len(source) > _LONGEST_SOURCE:
            raise RowRefused("FCT-101", "source", _SHORT_SOURCE, source[:40] + "…")
        return source

    def fitting_unit(self, printed: str, measure: Measure, base_unit: str) -> str:
        """The unit as printed: a change is in per cent, the amount by which a share moves in percentage points.

        Raises RowRefused.
        """
        forms: tuple[str, ...] = ("%",)
        if measure in _CHANGES:
            is_sound = self.units.ratio(printed, "%") == 1
        else:
            base = "points" if measure is Measure.AMOUNT and base_unit == "pct" else base_unit
            is_sound, forms = not base or self.units.measures(printed, base), self.units.printed(base)[:_SHOWN_FORMS]
        if not is_sound:
            expected = Message(
                f"与指标和口径相符的单位（{'、'.join(forms)}）", f"a unit of the indicator ({', '.join(forms)})"
            )
            raise RowRefused("TGT-105", "unit", expected, printed)
        return printed


def figure(text: str) -> tuple[State, Decimal | None]:
    """A number, or the word that says why there is none. An empty cell says neither, and is refused before."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if (state := STATES.get(text.strip()) or STATES.get(plain.lower())) is not None:
        return state, None
    digits = plain.replace(",", "").replace("−", "-").removesuffix("%").strip()
    try:
        value = Decimal(digits)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or len(format(value, "f") if abs(value.adjusted()) < 99 else digits * 9) > _LONGEST_FIGURE:
        raise RowRefused("TGT-106", "value", _FIGURE, text)
    return State.VALUE, value


def header(cells: Sequence[str]) -> dict[int, str]:
    """Column place → name; raises RowRefused where a required heading is absent or one stands twice."""
    names = {heading: column.name for column in COLUMNS for heading in column.headings}
    places = {place: names[text.strip()] for place, text in enumerate(cells) if text.strip() in names}
    absent = [column.headings[0] for column in COLUMNS if column.is_required and column.name not in places.values()]
    if absent or len(set(places.values())) < len(places):
        raise RowRefused("TGT-100", "heading", _headings(absent), " | ".join(cells))
    return places


def _headings(absent: Sequence[str]) -> Message:
    if not absent:
        return Message("列名各出现一次", "each heading once")
    return Message(f"含以下列名的表头：{'、'.join(absent)}", f"these headings: {', '.join(absent)}")


def word[Value](column: str, words: Mapping[str, Value], found: str) -> Value:
    """What a word of a column means. Raises RowRefused."""
    if found.strip().lower() not in words:
        zh = "、".join(word for word in words if word and not word.isascii())
        raise RowRefused(
            "TGT-107", column, Message(zh, ", ".join(word for word in words if word.isascii() and word)), found
        )
    return words[found.strip().lower()]


def period(text: str) -> str:
    """As core.period writes it. Raises RowRefused."""
    try:
        found = plain(Period.parse(unicodedata.normalize("NFKC", text).removesuffix("年")))
    except ValueError:
        raise RowRefused("TGT-108", "period", _PERIOD, text) from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise RowRefused("TGT-108", "period", _PERIOD, text)
    return str(found)
