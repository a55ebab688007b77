"""治理设施: how the treatment devices of an outlet stand, and how long they ran, by what its logger tells of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.web.monitoring.data import Value, values
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, figure

_STATE, _HOURS = "rs", "rt"
#: Treatment devices bear these letters and a number (HJ 212 table 4).
_LETTERS = "SB"
#: How far back a state still tells how a device stands, and hours of how many days are shown.
_LATELY, _DAYS = timedelta(hours=2), 7
_DAY = timedelta(days=1)
#: State as sent → in words; 0 is off.
STATES = {
    0: lazy("停运"), 1: lazy("运行"), 2: lazy("校准"), 3: lazy("维护"), 4: lazy("报警"), 5: lazy("反吹"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Treating:
    """One treatment device: its newest state, None where none came lately, and hours that it ran by day."""

    code: str
    state: int | None
    at: datetime | None
    hours: tuple[tuple[datetime, Decimal | None], ...]

    @property
    def word(self) -> str:
        """How it stands, in words."""
        if self.state is None:
            return _("最近两小时没有报状态")
        return str(STATES.get(self.state, self.state))


def treating(points: Iterable[Point]) -> tuple[Treating, ...]:
    """The treatment devices among points of an outlet, by code. Two questions to the store, none without such.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    of = {each.pk: each.factor for each in points if each.factor.startswith(_LETTERS)}
    if not of:
        return ()
    now = timezone.localtime()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    newest: dict[int, Value] = {each.point: each for each in values(of.keys(), Kind.RTD, (_STATE,), now - _LATELY, now)}
    hours = values(of.keys(), Kind.DAY, (_HOURS,), today - _DAYS * _DAY, today)
    made = []
    for number, code in sorted(of.items(), key=lambda each: each[1]):
        last = newest.get(number)
        state = int(last.value) if last is not None and last.value is not None else None
        own = tuple((each.at, each.value) for each in hours if each.point == number)
        made.append(Treating(code, state, last.at if last else None, own))
    return tuple(made)


def treatment_table(outlet: Outlet, found: Iterable[Treating]) -> Table:
    """A row a device: how it stands now, and its hours of the last days, the newest first."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [today - number * _DAY for number in range(1, _DAYS + 1)]
    columns = (
        Column("device", _("治理设施")),
        Column("state", _("现在")),
        Column("at", _("状态时间")),
        *(Column(f"{day:%m-%d}", f"{day:%m-%d}", _("小时"), is_figure=True) for day in days),
    )
    rows = tuple(
        Row(
            (
                text_cell(each.code),
                text_cell(each.word),
                text_cell(moment(each.at)),
                *(_hours(dict(each.hours).get(day)) for day in days),
            )
        )
        for each in found
    )
    empty = _("设备没有上传治理设施的状态和运行时间（命令 2021、2041）。")
    return Table("treatment", _("治理设施"), columns, rows, empty, is_demo=outlet.region.is_fictional)


def _hours(value: Decimal | None) -> Cell:
    return Cell(MISSING, None, hint=_("没有收到")) if value is None else Cell(figure(value), value)
