"""应急响应怎么通知: the words of an order to all, and to each enterprise what it has to do."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.outlook.weather.orders import ORDERS, AlertLevel, OrderKind
from shuangkong.outlook.weather.share_book import pollutant_names
from shuangkong.records.outlook.weather.models import WeatherOrder
from shuangkong.records.outlook.weather.rows import ListRow, MeasureRow
from shuangkong.rulebook import open_rulebook

_ENDED = "应急响应解除，恢复正常生产；请保留生产和用电记录备查。"
_NOTHING = "这一级响应对本企业没有规定措施。"


def call_of(place: str, order: WeatherOrder, names: Mapping[AlertLevel, Message]) -> tuple[str, str]:
    """Title and text of an order for all whom it is told to."""
    level = "" if order.level is None else names[AlertLevel(order.level)].zh
    title = f"{place}重污染天气{ORDERS[OrderKind(order.kind)].zh}{f'：{level}' if level else ''}"
    at = timezone.localtime(order.starts_at)
    lines = (
        f"自 {at:%Y-%m-%d %H:%M} 起执行。",
        f"依据：{order.ground}",
        f"文号：{order.document}",
        f"签发：{order.signed_by}",
    )
    return title, "\n".join(lines)


def texts_of(book: ListRow | None, level: AlertLevel | None, was: AlertLevel | None) -> dict[int, str]:
    """Body → what it is told: the measures of the level, or that those of the level before no longer hold.

    Enterprises that nobody acts for in the system are not among them.
    """
    if book is None:
        return {}
    names = pollutant_names(open_rulebook().folder, "national")
    called: dict[int, list[str]] = {}
    for each in book.measures:
        if each.body is not None and each.level in (level, was):
            called.setdefault(each.body, [])
            if each.level is level:
                called[each.body].append(_measure(each, names))
    otherwise = _ENDED if level is None else _NOTHING
    return {body: "\n".join(lines) or otherwise for body, lines in called.items()}


def _measure(row: MeasureRow, names: Mapping[str, Message]) -> str:
    cuts = "、".join(f"{names[key].zh if key in names else key} {cut} 吨/日" for key, cut in row.cuts.items())
    reduced = f"（减排{cuts}）" if cuts else ""
    return f"{row.process}：{row.action}{reduced}；核查：{row.verification}"
