"""Promises for tests, told in few words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from shuangkong.plans.cascade.promise import Promise, UnitTable
from shuangkong.plans.lexicon import UnitName
from shuangkong.plans.reading import Kind, Nature, Op, Strength

UNITS = UnitTable(
    (
        UnitName("万吨", "t", "10000"),
        UnitName("吨", "t", "1"),
        UnitName("个", "count", "1"),
        UnitName("家", "count", "1"),
    )
)
_PLAIN = Promise(
    key=1,
    indicator="energy_intensity",
    is_known=True,
    name="单位地区生产总值能耗",
    printed="单位地区生产总值能耗下降率",
    kind=Kind.REDUCTION_RATE,
    op=Op.EQ,
    value=Decimal(15),
    unit="%",
    base_year=2020,
    deadline="2025",
    scope="",
    denominator="",
    strength=Strength.FIRM,
    nature=None,
    is_lower_better=True,
)


def fall(value: str, **said: object) -> Promise:
    """单位地区生产总值能耗到2025年比2020年下降 …%."""
    return replace(_PLAIN, value=Decimal(value), **said)  # type: ignore[arg-type]


def promise(indicator: str, kind: Kind, op: Op, value: str, unit: str, **said: object) -> Promise:
    """Another indicator, due in the same year."""
    told: dict[str, object] = {"name": indicator, "printed": indicator, "is_lower_better": None} | said
    return replace(
        _PLAIN,
        indicator=indicator,
        kind=kind,
        op=op,
        value=Decimal(value),
        unit=unit,
        **told,  # type: ignore[arg-type]
    )


__all__ = ["UNITS", "Kind", "Nature", "Op", "Strength", "fall", "promise"]
