"""应急响应的表: orders, who was told and acknowledged, what is to be done, what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.core.finding import Message
from shuangkong.outlook.weather.comparison import CAUSES, Outcome
from shuangkong.outlook.weather.orders import ORDERS, AlertLevel
from shuangkong.outlook.weather.share_book import level_names, pollutant_names
from shuangkong.policyfile.expression.given import exact, written
from shuangkong.records.notices.rows import NoticeKind, NoticeRow
from shuangkong.records.outlook.weather.rows import AlertRow, ListRow, MeasureRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.notices.receipts import moment
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, spoken

_PER_CENT = 100


def levels_of(region: str, day: date) -> dict[AlertLevel, Message]:
    """What each level is called at a place."""
    book = open_rulebook()
    return level_names(book.folder, book.layer_of(region, day))


def pollutants_of(region: str, day: date) -> dict[str, Message]:
    """The pollutants that a response cuts at a place, by id."""
    book = open_rulebook()
    return pollutant_names(book.folder, book.layer_of(region, day))


def state_word(row: AlertRow, levels: Mapping[AlertLevel, Message]) -> str:
    """The level in force, or that it is over."""
    return _("已解除") if row.level is None else spoken(levels[row.level])


def acknowledged(rows: Iterable[NoticeRow], kind: NoticeKind) -> tuple[int, int]:
    """How many of those who were told have acknowledged it, and how many were told."""
    told = [each for row in rows if row.kind is kind for each in row.bodies]
    return sum(each.at is not None for each in told), len(told)


def alerts_table(request: HttpRequest, rows: Sequence[AlertRow], told: Sequence[NoticeRow]) -> Table:
    columns = (
        Column("alert", _("应急响应")),
        Column("level", _("响应级别")),
        Column("since", _("启动时间")),
        Column("enterprises", _("企业已签收")),
        Column("neighbours", _("邻近地区已签收")),
        Column("document", _("最近的令")),
    )
    found: dict[int, list[NoticeRow]] = {}
    for each in told:
        found.setdefault(each.thing, []).append(each)
    made = []
    for row in rows:
        of = [acknowledged(found.get(row.id, ()), kind) for kind in (NoticeKind.WEATHER, NoticeKind.JOINT)]
        made.append(
            Row(
                (
                    text_cell(title_of(row), href=link(request, "outlook:alert", row.id)),
                    text_cell(state_word(row, levels_of(row.region, timezone.localdate(row.starts_at)))),
                    text_cell(moment(row.starts_at)),
                    *(Cell(f"{done} / {every}", f"{done}/{every}") if every else text_cell("") for done, every in of),
                    text_cell(row.orders[-1].document),
                )
            )
        )
    empty = _("还没有启动过应急响应。启动后，令自动通知清单里的企业和邻近地区，由他们签收。")
    return Table("alerts", _("各次应急响应"), columns, tuple(made), empty, is_demo=any(each.is_demo for each in rows))


def title_of(row: AlertRow) -> str:
    return _("%(place)s重污染天气应急响应") % {"place": row.region_name}


def orders_table(row: AlertRow, named: Mapping[str, str]) -> Table:
    levels = levels_of(row.region, timezone.localdate(row.starts_at))
    columns = (
        Column("order", _("令")),
        Column("level", _("响应级别")),
        Column("starts", _("自何时起")),
        Column("document", _("文号")),
        Column("ground", _("依据的预测或监测")),
        Column("signed", _("签发")),
        Column("entered", _("录入")),
        Column("journal", _("日志")),
    )
    rows = tuple(
        Row(
            (
                text_cell(spoken(ORDERS[each.kind])),
                text_cell(spoken(levels[each.level]) if each.level else ""),
                text_cell(moment(each.starts_at)),
                text_cell(each.document),
                text_cell(each.ground),
                text_cell(each.signed_by),
                text_cell(named.get(each.author, each.author)),
                Cell(str(each.journal), each.journal),
            )
        )
        for each in reversed(row.orders)
    )
    return Table("orders", _("应急响应令"), columns, rows, is_demo=row.is_demo)


def measures_table(rows: Sequence[MeasureRow], region: str, day: date, *, is_demo: bool, named: str = "") -> Table:
    """What each line does, with what it cuts, a column a pollutant."""
    pollutants, levels = pollutants_of(region, day), levels_of(region, day)
    columns = (
        Column("enterprise", _("企业")),
        Column("process", _("生产线或工序")),
        Column("level", _("响应级别")),
        Column("action", _("措施")),
        *(Column(key, spoken(name), "吨/日", is_figure=True) for key, name in pollutants.items()),
        Column("verification", _("核查方式")),
        Column("told", _("怎样通知")),
    )
    found = tuple(
        Row(
            (
                text_cell(each.name),
                text_cell(each.process),
                text_cell(spoken(levels[each.level])),
                text_cell(each.action),
                *(_tonnes(each.cuts.get(key)) for key in pollutants),
                text_cell(each.verification),
                text_cell(_("系统通知") if each.body is not None else _("无填报单位，须另行通知")),
            )
        )
        for each in rows
    )
    empty = _("清单在这一级没有措施。")
    return Table("measures", named or _("应急减排措施"), columns, found, empty, is_demo=is_demo)


def effect_table(row: AlertRow, book: ListRow | None, found: Sequence[Outcome]) -> Table:
    """What was asked for against what came, by line and pollutant, and in all by pollutant."""
    names = {each.unit: f"{each.name} · {each.process}" for each in (book.measures if book else ())}
    pollutants = pollutants_of(row.region, timezone.localdate(row.starts_at))
    columns = (
        Column("unit", _("企业和生产线")),
        Column("pollutant", _("污染物")),
        Column("asked", _("要求日均减排"), "吨/日", is_figure=True),
        Column("before", _("启动前日均"), "吨/日", is_figure=True),
        Column("during", _("响应中日均"), "吨/日", is_figure=True),
        Column("reduced", _("实际日均减排"), "吨/日", is_figure=True),
        Column("share", _("降幅"), "%", is_figure=True),
        Column("verdict", _("结论")),
    )
    rows = [
        Row(
            (
                text_cell(names.get(each.unit, each.unit)),
                text_cell(spoken(pollutants[each.pollutant]) if each.pollutant in pollutants else each.pollutant),
                _tonnes(each.asked_t),
                *(_tonnes(getattr(each.effect, key, None))
                  for key in ("before_t", "during_t", "reduced_t", "reduced_pct")),
                verdict_cell(each),
            )
        )
        for each in found
    ]  # fmt: skip
    for key, name in pollutants.items():
        told = [each for each in found if each.pollutant == key and each.is_done is not None]
        if told:
            rows.append(_total(spoken(name), told, sum(each.pollutant == key for each in found)))
    empty = _("清单没有措施，也没有录入日排放量，效果说不出。")
    note = _("只比整日处在同一级响应的日子；启动前的日子取录入的各天")
    return Table("effect", _("要求与实际"), columns, tuple(rows), empty, note=note, is_demo=row.is_demo)


def _total(name: str, told: Sequence[Outcome], every: int) -> Row:
    """The sum of those of which it can be told, and how many these are."""
    sums = [
        written(sum((exact(each) for each in column), Fraction(0)))
        for column in (
            [each.asked_t for each in told],
            *(
                [getattr(each.effect, key) or Decimal(0) for each in told]
                for key in ("before_t", "during_t", "reduced_t")
            ),
        )
    ]
    share = written(_PER_CENT * exact(sums[3]) / exact(sums[1])) if sums[1] else None
    said = _("%(count)s / %(every)s 条线说得出") % {"count": len(told), "every": every}
    return Row((text_cell(_("合计")), text_cell(name), *map(_tonnes, (*sums, share)), text_cell(said)), is_total=True)


def verdict_cell(found: Outcome) -> Cell:
    if found.cause is not None:
        said = _("说不出：%(why)s") % {"why": spoken(CAUSES[found.cause])}
        return Cell(said, said)
    word = _("达到要求") if found.is_done else _("未达到要求")
    missing = len(found.effect.untold) if found.effect else 0
    hint = _("有 %(count)s 天没有数") % {"count": missing} if missing else ""
    return Cell(word, word, hint=hint)


def _tonnes(value: Decimal | None) -> Cell:
    return Cell(MISSING) if value is None else Cell(rounded_figure(value), value)
