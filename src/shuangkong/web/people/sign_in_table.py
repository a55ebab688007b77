"""Sign-ins as a table."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.records.people.sign_ins import SignInRow
from shuangkong.web.people.words import MEANS, OUTCOMES
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell


def sign_in_table(rows: Iterable[SignInRow], with_person: bool) -> Table:
    """When, who (for those who see more than themselves), with what end, from where."""
    columns = (
        Column("at", _("时间")),
        *((Column("person", _("人员")),) if with_person else ()),
        Column("outcome", _("结果")),
        Column("means", _("方式")),
        Column("address", _("网络地址")),
        Column("agent", _("浏览器")),
    )
    return Table(
        "sign-ins",
        _("登录记录"),
        columns,
        tuple(Row(_cells(row, with_person)) for row in rows),
        _("还没有登录记录。每次登录，不论成败，都会记在这里。"),
    )


def _cells(row: SignInRow, with_person: bool) -> tuple[Cell, ...]:
    return (
        text_cell(f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}"),
        *((text_cell(row.person),) if with_person else ()),
        text_cell(str(OUTCOMES[row.outcome])),
        text_cell(str(MEANS[row.means])),
        text_cell(row.address),
        text_cell(row.agent),
    )
