"""绿证台账: who holds how many certificates, what has happened to them, and what came from other provinces?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.fact import Cell as FactCell
from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.quotas.certificates import Act
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.quotas.rows import EntryRow, HolderRow
from shuangkong.records.quotas.store import NetPower, entries, holders, net_power, readable_entries
from shuangkong.records.quotas.telling import WITH_POWER, WITHOUT_POWER
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.web.quotas.words import act_word
from shuangkong.web.site.access import acting_of, needs, place_of, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import figure

_REGION = "region"


@require_GET
@needs(Action.CERTIFICATE_READ, shows_past=True)
def certificates(request: HttpRequest) -> HttpResponse:
    return ledger_page(request)


def ledger_page(request: HttpRequest, refusal: Refused | None = None, asked: str = "") -> HttpResponse:
    """The page; with what a form was refused and which one it was."""
    scope, by = scope_of(request), acting_of(request)
    year = scope.year or (scope.as_of or timezone.localdate()).year
    held = holders(seen(request, Action.CERTIFICATE_READ, "path"), scope.as_of)
    told = entries(readable_entries(by), scope.as_of)
    code = place_of(request, Action.CERTIFICATE_READ)
    here = registry.region(code) if code else None
    path = registry.paths([code])[code] if here else ""
    net = net_power(path, year, scope.as_of) if here else None
    is_demo = any(row.is_demo for row in held) or any(row.is_demo for row in told)
    context = {
        "here": here,
        "year": year,
        "held": sum(row.held for row in held),
        "retired": sum(row.retired for row in held),
        "is_demo": is_demo,
        "may_record": may(by, Action.CERTIFICATE_RECORD, Where(path) if here else None) and not scope.as_of,
        "may_tell": may(by, Action.CERTIFICATE_RECORD, Where(path)) and may(by, Action.ACTUAL_LOAD, Where(path)),
        "accounts": held,
        "acts": [(act.value, act_word(act)) for act in Act],
        "places": [here, *registry.children(code)] if here else [],
        "typed": request.POST,
        "today": timezone.localdate(),
        "refusal": refusal,
        "asked": asked,
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "holders_table": _holders_table(held, is_demo=is_demo),
        "regions_table": _regions_table(held, is_demo=is_demo),
        "entries_table": _entries_table(told, is_demo=is_demo),
    }
    if here and net:
        tables["net_table"] = _net_table(request, code, year, net)
    return page(request, "quotas/certificates.html", context, tables, status=422 if refusal else 200)


def _holders_table(rows: Iterable[HolderRow], *, is_demo: bool) -> Table:
    columns = (
        Column("name", _("持有人")),
        Column("region", _("所在地区")),
        Column("held", _("持有"), "张", is_figure=True),
        Column("retired", _("已核销"), "张", is_figure=True),
        Column("number", _("账户编号")),
    )
    made = tuple(
        Row(
            (
                text_cell(row.name),
                text_cell(row.region_name),
                Cell(f"{row.held}", row.held),
                Cell(f"{row.retired}", row.retired),
                text_cell(f"#{row.id}"),
            )
        )
        for row in rows
    )
    empty = _("还没有账户。先给持有人开户，再记核发、转让、核销。")
    return Table("holders", _("各持有人的余额"), columns, made, empty, is_demo=is_demo)


def _regions_table(rows: Iterable[HolderRow], *, is_demo: bool) -> Table:
    columns = (
        Column("region", _("地区")),
        Column("held", _("持有"), "张", is_figure=True),
        Column("retired", _("已核销"), "张", is_figure=True),
    )
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        of_region = sums[row.region, row.region_name]
        of_region[0] += row.held
        of_region[1] += row.retired
    made = [
        Row((text_cell(name), Cell(f"{held}", held), Cell(f"{retired}", retired)))
        for (_code, name), (held, retired) in sorted(sums.items())
    ]
    if made:
        held, retired = (sum(each[at] for each in sums.values()) for at in (0, 1))
        total = (text_cell(_("合计")), Cell(f"{held}", held), Cell(f"{retired}", retired))
        made.append(Row(total, is_total=True))
    return Table("regions", _("各地区的余额"), columns, tuple(made), _("还没有余额。"), is_demo=is_demo)


def _entries_table(rows: Iterable[EntryRow], *, is_demo: bool) -> Table:
    columns = (
        Column("on", _("日期")),
        Column("act", _("动作")),
        Column("batch", _("批号")),
        Column("first", _("起号"), is_figure=True),
        Column("last", _("止号"), is_figure=True),
        Column("count", _("数量"), "张", is_figure=True),
        Column("giver", _("转出方")),
        Column("taker", _("转入方")),
        Column("power", _("带物理电量")),
        Column("ground", _("依据")),
        Column("document", _("文件")),
        Column("author", _("记账人")),
        Column("journal", _("日志行号"), is_figure=True),
    )
    made = tuple(
        Row(
            (
                Cell(f"{row.on:%Y-%m-%d}", row.on),
                text_cell(act_word(row.act)),
                text_cell(row.batch),
                Cell(f"{row.first}", row.first),
                Cell(f"{row.last}", row.last),
                Cell(f"{row.count}", row.count),
                text_cell(_party(row.giver, row.giver_region)),
                text_cell(_party(row.taker, row.taker_region)),
                text_cell(_("是") if row.has_power else _("否") if row.act is Act.TRANSFER else ""),
                text_cell(row.ground),
                text_cell(row.document),
                text_cell(row.author),
                Cell(f"{row.journal}", row.journal),
            )
        )
        for row in rows
    )
    note = _("账只增不改；核销后不能再动；每一笔两边相抵，合计为零。")
    return Table("entries", _("账目"), columns, made, _("还没有账目。"), note, is_demo=is_demo)


def _party(name: str, region: str) -> str:
    return _("%(name)s（%(region)s）") % {"name": name, "region": region} if name else ""


def _net_table(request: HttpRequest, code: str, year: int, net: NetPower) -> Table:
    columns = (
        Column("what", _("省间交易")),
        Column("count", _("净受让"), "张", is_figure=True),
        Column("power", _("折电量"), "千瓦时", is_figure=True),
    )
    made = tuple(
        Row(
            (
                text_cell(label),
                Cell(f"{count}", count),
                Cell(figure(kwh), kwh, why=_why(request, code, year, indicator)),
            )
        )
        for label, count, kwh, indicator in (
            (_("无物理电量"), net.without_power, net.without_power_kwh, WITHOUT_POWER),
            (_("带物理电量"), net.with_power, net.with_power_kwh, WITH_POWER),
        )
    )
    note = _("受让减转出；同一张绿证几经转手，只在最后的省计一次。每张折合的电量尚未与文件原文核对。")
    return Table("net", _("省间净受让"), columns, made, note=note, is_demo=net.is_demo)


def _why(request: HttpRequest, code: str, year: int, indicator: str) -> str:
    cell = FactCell(Subject(_REGION, code), indicator, Period(year))
    return link(request, "indicators:figure", cell.indicator, str(cell.period), str(cell.subject))
