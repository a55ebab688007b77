"""一行底数: what a row of a census or an inventory tells, or why it cannot be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from shuangkong.core.finding import Message
from shuangkong.indicators.emissions.book import Accounting
from shuangkong.indicators.emissions.codes import as_kept, as_named, bare
from shuangkong.records.indicators.emissions.rows import SourceVerdict
from shuangkong.records.paths import below
from shuangkong.records.registry.enterprises.store import enterprises
from shuangkong.records.registry.tree import path_of

_MOST_SIGNS = 24
#: As long as the name of a basin may be.
BASIN_SIGNS = 60


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its headings (Chinese, English), whether it must be filled, what it takes."""

    key: str
    headings: tuple[str, str]
    is_required: bool
    takes: Message


COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn(
        "code", ("污染源代码", "source"), True,
        Message("源代码、统一社会信用代码或普查编号，始终用同一个", "source, credit or census code"),
    ),
    SheetColumn("name", ("污染源名称", "name"), True, Message("污染源的名称", "name of the source")),
    SheetColumn("outlet", ("排放口", "outlet"), False, Message("编号；空着为全源", "number; empty: all")),
    SheetColumn("scope", ("污染源类别", "scope"), True, Message("工业、城镇生活、农业等", "industry, agriculture …")),
    SheetColumn("pollutant", ("污染物", "pollutant"), True, Message("名称、代码或监测编码", "name, id or code")),
    SheetColumn("amount", ("年排放量（吨）", "amount_t"), True, Message("不小于零的数", "a number, not below zero")),
    SheetColumn("permitted", ("许可排放量（吨）", "permitted_t"), False, Message("有许可证的填", "with a permit")),
    SheetColumn(
        "evidence", ("数据依据", "evidence"), True,
        Message("自动监测、手工监测或系数；同一排放口几种都有的，按可靠的计", "automatic, manual or factor"),
    ),
    SheetColumn("basin", ("流域", "basin"), False, Message("流域的名称；不清楚的空着", "its name; empty: not known")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourceTold:
    """One row; ``enterprise`` is the number of the registered enterprise, None where the register knows none."""

    code: str
    name: str
    outlet: str
    scope: str
    pollutant: str
    amount_t: Decimal
    permitted_t: Decimal | None
    evidence: str
    enterprise: int | None
    basin: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.code, self.outlet, self.pollutant, self.evidence


class _Refused(Exception):
    def __init__(self, code: str, column: str, message: Message) -> None:
        super().__init__(code)
        self.code, self.column, self.message = code, column, message


def read_sources(
    rows: Sequence[Sequence[str]], region: str, law: Accounting
) -> tuple[list[SourceTold], tuple[SourceVerdict, ...]]:
    """The rows that can be taken, and a verdict on each. 3 queries."""
    if not rows:
        return [], (_refusal(1, _headings_wanted([column.headings[0] for column in COLUMNS if column.is_required])),)
    names = {heading: column.key for column in COLUMNS for heading in column.headings}
    places = {at: names[text.strip()] for at, text in enumerate(rows[0]) if text.strip() in names}
    absent = [each.headings[0] for each in COLUMNS if each.is_required and each.key not in places.values()]
    if absent or len(set(places.values())) < len(places):
        return [], (_refusal(1, _headings_wanted(absent)),)
    reader = _Rows(law, registered(region))
    told: list[SourceTold] = []
    verdicts: list[SourceVerdict] = []
    seen: dict[tuple[str, str, str, str], int] = {}
    basins: dict[tuple[str, str], tuple[int, str]] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = {places[at]: text.strip() for at, text in enumerate(row) if at in places}
        if not any(cells.values()):
            continue
        try:
            each = reader.told(cells)
            if each.key in seen:
                words = Message(
                    f"与第 {seen[each.key]} 行是同一源、排放口、污染物和数据依据。请合并成一行。",
                    f"The same source, outlet, pollutant and evidence as row {seen[each.key]}: make them one row.",
                )
                raise _Refused("IND-316", "污染源代码", words)
            _require_one_basin(each, number, basins)
        except _Refused as refused:
            verdicts.append(_refusal(number, refused, cells.get("name", "")))
            continue
        seen[each.key] = number
        told.append(each)
        what = f"{each.name}{f' {each.outlet}' if each.outlet else ''} · {cells['pollutant']} {cells['amount']} t"
        verdicts.append(SourceVerdict(number, True, what))
    return told, tuple(verdicts)


def registered(region: str) -> Mapping[str, tuple[int, str, str]]:
    """Source or credit code → number, source code and name of the enterprises of a place and below it. 3 queries."""
    path = path_of(region)
    found: dict[str, tuple[int, str, str]] = {}
    for each in enterprises(below(path, "region__path")) if path else ():
        known = (each.id, each.source, each.particulars.name)
        found[each.source] = known
        if each.particulars.credit_code:
            found[each.particulars.credit_code] = known
    return found


@dataclass(frozen=True, slots=True)
class _Rows:
    law: Accounting
    known: Mapping[str, tuple[int, str, str]]

    def told(self, cells: Mapping[str, str]) -> SourceTold:
        """Raises _Refused with the first fault, in the order of the columns."""
        for column in COLUMNS:
            if column.is_required and not cells.get(column.key, ""):
                words = Message(f"应为{column.takes.zh}，不可空。", f"Expected {column.takes.en}; it must be filled.")
                raise _Refused("IND-311", column.headings[0], words)
        number, code, name = self.known.get(as_kept(cells["code"]), (None, as_kept(cells["code"]), cells["name"]))
        return SourceTold(
            code=code,
            name=name,
            outlet=as_kept(cells.get("outlet", "")),
            scope=self.one_of("污染源类别", cells["scope"], self.law.classes.scopes),
            pollutant=self.pollutant(cells["pollutant"]),
            amount_t=_figure("年排放量（吨）", cells["amount"]),
            permitted_t=_figure("许可排放量（吨）", cells["permitted"]) if cells.get("permitted") else None,
            evidence=self.one_of("数据依据", cells["evidence"], self.law.classes.evidence),
            enterprise=number,
            basin=_basin(cells.get("basin", "")),
        )

    @staticmethod
    def one_of(column: str, text: str, words: Mapping[str, Message]) -> str:
        exact = [key for key, name in words.items() if text.lower() in (key, name.zh, name.en.lower())]
        part = [key for key, name in words.items() if len(text) > 1 and text in name.zh]
        found = exact or part
        if len(found) == 1:
            return found[0]
        zh, en = "、".join(each.zh for each in words.values()), ", ".join(words)
        raise _Refused("IND-312", column, _expected(zh, en, text))

    def pollutant(self, text: str) -> str:
        for key, each in self.law.pollutants.items():
            if text.lower() in (key, each.name.zh, each.name.en.lower()) or (
                each.monitoring and text.lower() == each.monitoring
            ):
                return key
        zh = "、".join(each.name.zh for each in self.law.pollutants.values())
        en = ", ".join(self.law.pollutants)
        raise _Refused("IND-313", "污染物", _expected(zh, en, text))


def _basin(text: str) -> str:
    if len(named := as_named(text)) > BASIN_SIGNS:
        zh, en = f"不超过 {BASIN_SIGNS} 个字的流域名称", f"a name of at most {BASIN_SIGNS} signs"
        raise _Refused("IND-317", "流域", _expected(zh, en, text))
    return named


def _require_one_basin(told: SourceTold, row: int, seen: dict[tuple[str, str], tuple[int, str]]) -> None:
    """Of the rows of an outlet, ``seen`` with their basins so far. Raises _Refused."""
    if not told.basin:
        return
    at, basin = seen.setdefault((told.code, told.outlet), (row, told.basin))
    if bare(told.basin) != bare(basin):
        words = Message(
            f"第 {at} 行写同一排放口在“{basin}”。一个排放口只在一个流域，请改成一致。",
            f"Row {at} has the same outlet in “{basin}”: an outlet lies in one basin.",
        )
        raise _Refused("IND-318", "流域", words)


def _expected(zh: str, en: str, found: str) -> Message:
    shown = found[:_MOST_SIGNS]
    return Message(f"应为{zh}；实为“{shown}”。", f"Expected {en}; found “{shown}”.")


def _figure(column: str, text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or len(text) > _MOST_SIGNS:
        raise _Refused("IND-314", column, _expected("不小于零的数", "a number, not below zero", text))
    return value


def _headings_wanted(absent: Sequence[str]) -> _Refused:
    if not absent:
        return _Refused("IND-315", "表头", Message("每个列名只应出现一次。", "Each heading once."))
    words = "、".join(absent)
    return _Refused(
        "IND-315", "表头", Message(f"表头缺少：{words}。请用模板。", f"Headings missing: {words}. Use the template.")
    )


def _refusal(row: int, refused: _Refused, what: str = "") -> SourceVerdict:
    return SourceVerdict(row, False, what, refused.code, refused.column, refused.message)
