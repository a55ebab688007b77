"""时期怎么说: a period as a department head would say it."""

from __future__ import annotations

from calendar import month_abbr

from django.utils.translation import get_language

from shuangkong.core.period import Period

_FIGURES = "一二三四"


def period_word(period: Period) -> str:
    """2025 → 2025年, 2025-C10 → 2025年1—10月, 2025-H1 → 2025年上半年, 2025-Q3 → 2025年三季度."""
    year, part = period.year, period.part
    if (get_language() or "").startswith("en"):
        return _english(period)
    if not part:
        return f"{year}年"
    if period.is_plan:
        return f"{year}—{year + 4}年"
    if part.startswith("H"):
        return f"{year}年{'上' if part == 'H1' else '下'}半年"
    if part.startswith("Q"):
        return f"{year}年{_FIGURES[int(part[1:]) - 1]}季度"
    if part.startswith("C"):
        return f"{year}年1—{int(part[1:])}月"
    return f"{year}年{int(part)}月"


def _english(period: Period) -> str:
    year, part = period.year, period.part
    if not part or period.is_plan:
        return str(period).replace("-", "–")
    if part.startswith("C"):
        return f"Jan–{month_abbr[int(part[1:])]} {year}"
    return f"{month_abbr[int(part)]} {year}" if part.isdigit() else f"{part} {year}"


def by_time(period: Period) -> tuple[int, int]:
    """Orders periods by their end; of those that end alike the shorter first."""
    return period.first_month + period.months, period.months
