"""The columns of a file of actual values, and the words that may stand in them."""

from __future__ import annotations

from dataclasses import dataclass

from shuangkong.core.fact import Evidence, Maturity, Measure, Origin, State


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column: its headings, whether it must be filled, and what it takes.

    The first heading is that of the template, the second its English.
    """

    name: str
    headings: tuple[str, ...]
    is_required: bool
    takes: str


COLUMNS: tuple[FileColumn, ...] = (
    FileColumn("indicator", ("指标", "indicator"), True, "指标名称、别名或代码；同一指标分范围的写作 指标@范围"),
    FileColumn(
        "subject",
        ("对象", "subject", "地区", "region"),
        True,
        "地区、行业、单位或机构的名称或代码；地区内的行业写“地区代码/行业代码”",
    ),
    FileColumn(
        "period", ("时期", "period"), True, "YYYY、YYYY-H1、YYYY-Q3、YYYY-07、YYYY-C10（1—10 月）或五年 YYYY-YYYY"
    ),
    FileColumn("value", ("数值", "value"), True, "数字（0 是数值）、缺失、不适用或不公布"),
    FileColumn("unit", ("单位", "unit"), True, "与指标相符的计量单位；变化率写 %"),
    FileColumn(
        "measure", ("口径", "measure"), False, "水平（默认；减排量为基年以来累计数）、比上年变化、比基年变化或当年量"
    ),
    FileColumn("maturity", ("状态", "maturity"), True, "数据的成熟程度：快报、初步、最终或核定（“缺失”写在数值列）"),
    FileColumn("origin", ("来路", "origin"), False, "上报（默认）、本级测算或反馈核定"),
    FileColumn("evidence", ("性质", "evidence"), False, "统计（默认）或行政；只有行政数据能用于对单位的处理"),
    FileColumn(
        "subject_kind", ("对象类别", "subject_kind"), False, "地区、行业、单位、机构或部门；空着则按对象名称判断"
    ),
    FileColumn("source", ("来源", "source"), False, "此数的出处；空着则用整个文件的来源"),
    FileColumn("note", ("备注", "note"), False, "任意说明"),
)

STATES: dict[str, State] = {
    "缺失": State.MISSING, "缺报": State.MISSING, "—": State.MISSING, "missing": State.MISSING,
    "不适用": State.NOT_APPLICABLE, "n/a": State.NOT_APPLICABLE, "not_applicable": State.NOT_APPLICABLE,
    "不公布": State.SUPPRESSED, "保密": State.SUPPRESSED, "suppressed": State.SUPPRESSED,
}  # fmt: skip
MATURITIES: dict[str, Maturity] = {
    "快报": Maturity.FLASH, "flash": Maturity.FLASH, "初步": Maturity.PRELIMINARY, "preliminary": Maturity.PRELIMINARY,
    "最终": Maturity.FINAL, "final": Maturity.FINAL, "核定": Maturity.AUDITED, "audited": Maturity.AUDITED,
}  # fmt: skip
SORTS: dict[str, Measure] = {
    "": Measure.LEVEL, "水平": Measure.LEVEL, "level": Measure.LEVEL,
    "比上年变化": Measure.YOY_CHANGE_PCT, "yoy_change_pct": Measure.YOY_CHANGE_PCT,
    "比基年变化": Measure.CUMULATIVE_CHANGE_PCT, "cumulative_change_pct": Measure.CUMULATIVE_CHANGE_PCT,
    "当年量": Measure.AMOUNT, "amount": Measure.AMOUNT,
}  # fmt: skip
SUBJECT_KINDS: dict[str, str] = {
    "": "", "地区": "region", "region": "region", "行业": "sector", "sector": "sector", "单位": "unit", "unit":
    "unit", "机构": "institution", "institution": "institution", "部门": "department", "department": "department",
}  # fmt: skip
ORIGINS: dict[str, Origin] = {
    "": Origin.REPORTED, "上报": Origin.REPORTED, "reported": Origin.REPORTED,
    "本级测算": Origin.ESTIMATE, "测算": Origin.ESTIMATE, "estimate": Origin.ESTIMATE,
    "反馈核定": Origin.RECOGNISED, "核定数": Origin.RECOGNISED, "recognised": Origin.RECOGNISED,
}  # fmt: skip
EVIDENCES: dict[str, Evidence] = {
    "": Evidence.STATISTICAL, "统计": Evidence.STATISTICAL, "statistical": Evidence.STATISTICAL,
    "行政": Evidence.ADMINISTRATIVE, "administrative": Evidence.ADMINISTRATIVE,
}  # fmt: skip

#: Words offered in the form to be filled in, by column.
CHOICES: dict[str, tuple[str, ...]] = {
    "measure": ("水平", "比上年变化", "比基年变化", "当年量"),
    "maturity": ("快报", "初步", "最终", "核定"),
    "origin": ("上报", "本级测算", "反馈核定"),
    "evidence": ("统计", "行政"),
    "subject_kind": ("地区", "行业", "单位", "机构", "部门"),
}
