"""Long lists of tasks: sorted, filtered and cut to one page by the database, written out whole into a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.plans.tasks.standing import Thresholds
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.web.plans.tasks.lines import Line, lines
from shuangkong.web.plans.tasks.words import day_words, percent_words
from shuangkong.web.site.page import workbook_of
from shuangkong.web.site.scope import whole
from shuangkong.web.site.tables import Cell, Column, Heading, Row, Shown, Table, near, text_cell

#: So many tasks, or bodies with their tasks, stand on one page.
TASK_ROWS = 50
#: Most rows of one workbook; a list that is longer says so in it.
EXPORTED = 20_000
#: By which columns the database can sort, and by what.
_ORDERS = {
    "clock": ("due", "pk"),
    "title": ("number", "title", "pk"),
    "plan": ("plan__title", "pk"),
    "region": ("path", "pk"),
    "kind": ("kind", "due", "pk"),
    "state": ("state", "due", "pk"),
    "grade": ("grade", "due", "pk"),
    "due": ("due", "pk"),
}
#: The same for tasks as they stood; None comes last.
_SAID: Mapping[str, Callable[[TaskRow], object]] = {
    "clock": lambda row: row.standing.due,
    "title": lambda row: (row.number, row.title),
    "plan": lambda row: row.plan_title,
    "region": lambda row: row.path,
    "kind": lambda row: row.kind,
    "state": lambda row: row.standing.state,
    "grade": lambda row: row.standing.grade,
    "due": lambda row: row.standing.due,
}


class Listing:
    """A list of tasks that meet a condition, in the state that the address asks for.

    ``mine`` are bodies whose part has a column of its own. 4 queries a page, whatever the length; none where ``then``
    gives the tasks as they stood on a past ``day``.
    """

    def __init__(
        self,
        request: HttpRequest,
        id_: str,
        caption: str,
        condition: Q,
        day: date,
        days: Thresholds,
        mine: Sequence[int] = (),
        empty: str = "",
        then: Iterable[TaskRow] | None = None,
    ) -> None:
        self.request, self.id, self.caption, self.day, self.days = request, id_, caption, day, days
        self.mine, self.empty = frozenset(mine), empty
        self.words = request.GET.get(f"{id_}-words", "").strip()
        self.sort = request.GET.get(f"{id_}-sort", "")
        self.columns = self._columns()
        self.hidden = frozenset(request.GET.getlist(f"{id_}-hide")) & {each.key for each in self.columns[1:]}
        self.condition = condition & _speaks_of(self.words)
        self.then = None if then is None else [row for row in then if _says(row, self.words)]

    @property
    def is_export(self) -> bool:
        """Whether the address asks for the workbook."""
        return self.request.GET.get("xlsx") == self.id

    @property
    def export(self) -> str:
        """Where the workbook is, as of the same day."""
        return self._address(xlsx=self.id)

    def workbook(self, about: object = None) -> bytes:
        """Every row of the list, up to EXPORTED of them."""
        return workbook_of(self._table(self._rows(0, EXPORTED), self._count()), about)

    def shown(self) -> Shown:
        """One page of the list."""
        count = self._count()
        pages = max(1, -(-count // TASK_ROWS))
        page = min(whole(self.request.GET.get(f"{self.id}-page", "1")) or 1, pages)
        table = self._table(self._rows((page - 1) * TASK_ROWS, TASK_ROWS), count)
        own = {f"{self.id}-{word}" for word in ("sort", "words", "hide", "page")}
        return Shown(
            table=table,
            headings=tuple(map(self._heading, table.columns)),
            rows=table.rows,
            words=self.words,
            count=count,
            page=page,
            pages=pages,
            hidden=self.hidden,
            keep=tuple((key, value) for key, values in self.request.GET.lists() if key not in own for value in values),
            export=self.export,
            turns=tuple((number, self._address(page=str(number))) for number in near(page, pages)),
        )

    def _columns(self) -> tuple[Column, ...]:
        mine = (Column("part", _("身份")),) if self.mine else ()
        return (
            Column("clock", _("时限")),
            Column("title", _("任务名称")),
            Column("owing", _("责任单位")),
            *mine,
            Column("due", _("期限")),
            Column("state", _("状态")),
            Column("grade", _("等次")),
            Column("derived", _("推算")),
            Column("percent", _("完成比例"), is_figure=True),
            Column("kind", _("种类")),
            Column("plan", _("方案")),
            Column("region", _("地区")),
            Column("label", _("说明")),
        )

    def _count(self) -> int:
        return store.count(self.condition) if self.then is None else len(self.then)

    def _rows(self, first: int, count: int) -> Sequence[TaskRow]:
        """So many tasks from the ``first``, in the order asked for."""
        if self.then is None:
            return store.tasks(self.condition, self._order(), first, count)
        key = self.sort.removeprefix("-")
        said = [(_SAID.get(key, _SAID["clock"])(row), row) for row in sorted(self.then, key=lambda row: row.id)]
        known = sorted((each for each in said if each[0] is not None), key=_value, reverse=self.sort.startswith("-"))
        rows = [row for _, row in known] + [row for value, row in said if value is None]
        return rows[first : first + count]

    def _order(self) -> tuple[str | OrderBy, ...]:
        key = self.sort.removeprefix("-")
        falls = self.sort.startswith("-") and key in _ORDERS
        return tuple(_by(column, falls) for column in _ORDERS.get(key, _ORDERS["clock"]))

    def _table(self, found: Sequence[TaskRow], count: int) -> Table:
        kept = [index for index, column in enumerate(self.columns) if column.key not in self.hidden]
        every = [self._cells(each) for each in lines(self.request, found, self.day, self.days)]
        note = (
            _("共 %(count)d 项，只列前 %(rows)d 项。") % {"count": count, "rows": EXPORTED} if count > EXPORTED else ""
        )
        return Table(
            self.id,
            self.caption,
            tuple(self.columns[index] for index in kept),
            tuple(Row(tuple(cells[index] for index in kept)) for cells in every),
            _("没有符合筛选的任务。") if self.words else self.empty or _("没有任务。"),
            note,
            is_demo=any(row.is_demo for row in found),
        )

    def _cells(self, each: Line) -> tuple[Cell, ...]:
        row, stands = each.row, each.stands
        mine = (text_cell(each.part_of(self.mine)),) if self.mine else ()
        labels = [label for label, holds in ((_("演示数据"), row.is_demo), (_("虚构"), row.is_fictional)) if holds]
        listed = [_("挂牌督办")] if stands.is_listed else []
        return (
            Cell(f"{each.sign} {each.clock_words}", f"{each.clock_words}"),
            Cell(each.title, each.title, href=each.href),
            text_cell(each.owing),
            *mine,
            Cell(day_words(stands.due), stands.due),
            text_cell(each.state),
            text_cell(each.grade),
            text_cell(each.derived, href=each.derived_href),
            Cell(percent_words(stands.percent), stands.percent),
            text_cell(each.kind),
            text_cell(row.plan_title),
            text_cell(row.region_name),
            text_cell("、".join([*listed, *labels])),
        )

    def _heading(self, column: Column) -> Heading:
        is_this = self.sort.removeprefix("-") == column.key and column.key in _ORDERS
        falls = is_this and self.sort.startswith("-")
        turn = f"-{column.key}" if is_this and not falls else column.key
        order = ("descending" if falls else "ascending") if is_this else "none"
        return Heading(column, self._address(sort=turn) if column.key in _ORDERS else f"#{self.id}", order)

    def _address(self, *, xlsx: str = "", **changes: str) -> str:
        query = {key: list(values) for key, values in self.request.GET.lists() if key != "xlsx"}
        query |= {f"{self.id}-{key}": [value] for key, value in changes.items()}
        if xlsx:
            query["xlsx"] = [xlsx]
        return "?" + urlencode(query, doseq=True) + ("" if xlsx else f"#{self.id}")


def _speaks_of(words: str) -> Q:
    """Every word stands in the title, the enterprise, the number or the plan's title."""
    found = Q()
    for word in words.split():
        found &= (
            Q(title__icontains=word)
            | Q(subject__icontains=word)
            | Q(number__icontains=word)
            | Q(plan__title__icontains=word)
        )
    return found


def _says(row: TaskRow, words: str) -> bool:
    """As ``_speaks_of``, of a task as it stood."""
    said = "\n".join((row.title, row.subject, row.number, row.plan_title)).casefold()
    return all(word.casefold() in said for word in words.split())


def _value(each: tuple[object, TaskRow]) -> Any:
    return each[0]


def _by(column: str, falls: bool) -> OrderBy:
    """What has no value comes last either way."""
    return F(column).desc(nulls_last=True) if falls else F(column).asc(nulls_last=True)
