"""应急响应令: a response to heavy-pollution weather started, changed or ended, with what each enterprise does."""

from __future__ import annotations

from dataclasses import dataclass

from shuangkong.outlook.weather.orders import ORDERS, OrderKind
from shuangkong.papers.official.paper import Basis, Issue, Paper
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Words, filled
from shuangkong.papers.official.writing import write_paper

_NAME = "weather_order"
_MARKS = {OrderKind.START: "启动", OrderKind.CHANGE: "调整", OrderKind.END: "解除"}


@dataclass(frozen=True, slots=True)
class WeatherOrderInput:
    """An order to be set. ``level`` "" for an end; ``starts_at`` as it is printed; ``measures`` one sentence each."""

    issue: Issue
    basis: Basis
    place: str
    kind: OrderKind
    level: str
    starts_at: str
    ground: str
    signed_by: str
    measures: tuple[str, ...]


def weather_order_docx(given: WeatherOrderInput, templates: Templates) -> bytes:
    """Raises TemplateRefused where a template cannot be used."""
    words = Words(
        values={
            "地区": given.place,
            "事项": ORDERS[given.kind].zh,
            "级别": given.level,
            "时间": given.starts_at,
            "依据": given.ground,
            "文号": given.issue.number,
            "签发": given.signed_by,
            **{mark: mark if kind is given.kind else "" for kind, mark in _MARKS.items()},
        },
        lists={"措施": [{"内容": each} for each in given.measures]},
    )
    made = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, made), templates.look)
