"""The words of the field that reader and audit are given: built by the rulebook from ``policy/``."""

from __future__ import annotations

from dataclasses import dataclass

from shuangkong.policyfile.books import message
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.node import as_mapping


@dataclass(frozen=True, slots=True)
class IndicatorName:
    """One indicator that plans name.

    Attributes:
        id: the file name in ``policy/<layer>/indicators/``.
        zh: official name without any 下降率 or 目标 (单位地区生产总值能耗).
        aliases: printed variants (能耗强度, 万元GDP能耗, 单位GDP能源消耗 …).
        en: English name.
        unit: base unit id from ``policy/units.yaml``.
        direction: ``lower_is_better`` or ``higher_is_better``.
        progress: ``logarithmic`` for compounding intensities, ``linear`` for the rest (policy-rules 0.5).
        owner: duty words of the body that owns it (发展改革), empty if none is known.
    """

    id: str
    zh: str
    en: str
    aliases: tuple[str, ...]
    unit: str
    direction: str
    progress: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class UnitName:
    """A printed unit (万吨标准煤) with its base unit id and factor as text of a Decimal."""

    printed: str
    id: str
    factor: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the reader knows beside grammar.

    ``regions`` holds full names (as in GB/T 2260) for recognising row labels; ``plan_starts`` the first year of each
    five-year plan by its short name (十三五).
    """

    indicators: tuple[IndicatorName, ...]
    units: tuple[UnitName, ...]
    regions: frozenset[str] = frozenset()
    plan_starts: tuple[tuple[str, int], ...] = ()


def indicator_name(folder: PolicyFolder, word: str, file: str) -> IndicatorName:
    """The indicator of a policy file; raises PolicyRefused where it cannot be used."""
    record = as_mapping(folder.require(file))
    name = message(record.mapping("name"))
    return IndicatorName(
        id=word,
        zh=name.zh,
        en=name.en,
        aliases=record.listing("aliases").texts(),
        unit=record.text("unit"),
        direction=record.text("direction"),
        progress=record.text("progress"),
        owner=record.text("owner"),
    )
