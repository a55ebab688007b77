"""能效标识和高效产品登记册: models of catalogues, filings of energy labels, pieces sold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.equipment.models import EfficientModel, LabelFiling, LabelSale
from shuangkong.records.monitoring.registers import checks, label_counts, words
from shuangkong.records.monitoring.registers.equipment import ENDS, REGION
from shuangkong.records.monitoring.registers.field import Field, Sort
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused

_MAKER = Field("maker", Message("生产企业", "maker"), is_needed=True)
_MODEL = Field("model", Message("型号", "model"), is_needed=True, most=80)
#: Labels have three grades of some products and five of others; 1 is the best.
_WORST = 5
_MOST_PCT = 110  # by the lower heating value a condensing boiler exceeds 100


def _catalogued(told: Mapping[str, Any], row: int | None) -> None:
    """A model of a maker once at a time; efficiency or grade is told."""
    value = told["efficiency_pct"]
    if value is None and not told["grade"]:
        zh = "效率和能效等级至少填一项，按目录原文。"
        raise Refused("MON-441", zh, "Tell the efficiency or the grade as the catalogue has it.", "efficiency_pct")
    if value is not None and not 0 < value <= _MOST_PCT:
        zh = f"应在 0 至 {_MOST_PCT} 之间，实为 {value}。"
        raise Refused("MON-442", zh, f"Expected 0 to {_MOST_PCT}, found {value}.", "efficiency_pct")
    same = EfficientModel.objects.filter(**{key: told[key] for key in ("region", "sort", "maker", "model")})
    if same.filter(checks.overlapping(told)).exclude(pk=row or 0).exists():
        zh = "这个型号这段时间已登记。新目录替换旧目录的，先填上原来那一行的截止日。"
        raise Refused("MON-443", zh, "The model is registered for that time: end that row first.", "model")


def _filed(told: Mapping[str, Any], row: int | None) -> None:
    """A grade that labels have; a number once at a time; not in days to come."""
    if not 1 <= told["grade"] <= _WORST:
        zh = f"能效等级应为 1 至 {_WORST}，实为 {told['grade']}。"
        raise Refused("MON-444", zh, f"Expected grade 1 to {_WORST}, found {told['grade']}.", "grade")
    if told["starts_on"] > timezone.localdate():
        raise Refused("MON-445", "备案日期应为今天或以前。", "Expected today or before.", "starts_on")
    same = LabelFiling.objects.filter(region=told["region"], number=told["number"]).exclude(pk=row or 0)
    if same.filter(checks.overlapping(told)).exists():
        zh = f"备案号“{told['number']}”已登记。"
        raise Refused("MON-446", zh, f"The filing “{told['number']}” is registered already.", "number")


def _sold(told: Mapping[str, Any], row: int | None) -> None:
    """Of a year that is not to come, once a model, not below zero."""
    if not told["filing"].starts_on.year <= told["year"] <= timezone.localdate().year:
        zh = "年度应在备案以后，不晚于今年。"
        raise Refused("MON-447", zh, "Expected a year since it was filed, this year at most.", "year")
    if told["sold"] < 0:
        raise Refused("MON-448", "销售量不能小于零。", "Expected zero or above.", "sold")
    if LabelSale.objects.filter(filing=told["filing"], year=told["year"]).exclude(pk=row or 0).exists():
        zh = "这个型号这一年的销售量已登记。要更正的，请修改那一行。"
        raise Refused("MON-449", zh, "Its sales of that year are registered: revise that row.", "year")


MODELS = Register(
    "efficient-models",
    Message("高效设备推广目录", "catalogues of efficient equipment"),
    Message(
        "哪些型号在高效目录里，效率多少，出自哪个目录？", "Which models are catalogued as efficient, by which list?"
    ),
    EfficientModel,
    (
        REGION,
        Field("sort", Message("类别", "sort"), Sort.CHOICE, is_needed=True, choices=words.CATALOGUE_SORTS),
        _MAKER,
        _MODEL,
        Field("efficiency_pct", Message("效率", "efficiency"), Sort.FIGURE, unit="%"),
        Field("grade", Message("能效等级", "grade"), Sort.CHOICE, choices=words.MACHINE_GRADES),
        Field("document", Message("目录名称和批次", "catalogue and issue"), is_needed=True, most=200),
        Field("starts_on", Message("目录公布日", "published on"), Sort.DAY, is_needed=True),
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "region",
    checks=(checks.in_order, _catalogued),
    counts=label_counts.models,
)
FILINGS = Register(
    "label-filings",
    Message("能效标识备案", "filings of energy labels"),
    Message("备案了哪些产品，二级以上占多少？", "Which labels were filed, and how many of grade 2 or better?"),
    LabelFiling,
    (
        REGION,
        Field("enterprise", Message("本地企业", "unit of this place"), Sort.ENTERPRISE),
        Field("product", Message("产品", "product"), is_needed=True, most=80),
        _MAKER,
        _MODEL,
        Field("grade", Message("能效等级", "grade"), Sort.WHOLE, is_needed=True),
        Field("number", Message("备案号", "filing number"), is_needed=True, most=60),
        Field("starts_on", Message("备案日期", "filed on"), Sort.DAY, is_needed=True),
        Field("ends_on", Message("撤销或失效日", "withdrawn on"), Sort.DAY),
    ),
    Action.MONITORING_REGISTER,
    "region",
    "enterprise",
    checks=(checks.in_order, _filed),
    counts=label_counts.filings,
)
SALES = Register(
    "label-sales",
    Message("标识产品销售量", "pieces of labelled products sold"),
    Message("备案的型号每年卖了多少？", "How many pieces of each filed model were sold in a year?"),
    LabelSale,
    (
        Field("filing", Message("备案号", "filing"), Sort.FILING, is_needed=True),
        Field("year", Message("年度", "year"), Sort.WHOLE, is_needed=True),
        Field("sold", Message("销售量", "sold"), Sort.WHOLE, is_needed=True, unit="台"),
        Field("document", Message("数据来源", "who says so"), is_needed=True, most=200),
    ),
    Action.MONITORING_REGISTER,
    "filing__region",
    "filing__enterprise",
    until="",
    checks=(_sold,),
    beside=label_counts.sales,
)
