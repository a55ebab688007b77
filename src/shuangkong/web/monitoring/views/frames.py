"""原始报文: which frames did this hour come with, and what did the device send, letter by letter?"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.protocols.hj212.message import Message
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.models import Connection, Outlet, Point
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.web.monitoring.codes import command_word, factor_word
from shuangkong.web.monitoring.data import Value, asked, values
from shuangkong.web.monitoring.frames import PAGE_FRAMES, Frame, frame_at, frames_at, places_of
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.views.outlet import outlet_or_404
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell

_LENGTHS = {Kind.RTD: timedelta(minutes=10), Kind.MINUTE: timedelta(hours=1), Kind.HOUR: timedelta(hours=1),
            Kind.DAY: timedelta(days=1)}  # fmt: skip
_PASSWORD = re.compile(r"(PW|NewPW)=[^;&]*", re.IGNORECASE)
_KEY = re.compile(r"(NewSK)=[^;&]*", re.IGNORECASE)


@require_GET
@needs(Action.MONITORING_READ)
def frames(request: HttpRequest, outlet_id: int) -> HttpResponse:
    """Frames of an hour: those that brought its own mean, and those of the minutes and instants within it."""
    found = outlet_or_404(request, outlet_id)
    at = _at(request.GET.get("at", ""))
    chosen = next((each for each in Kind if each == request.GET.get("kind")), Kind.HOUR)
    points = frozenset(Point.objects.filter(outlet=found).values_list("pk", flat=True))
    told, is_up = asked(
        lambda: tuple(
            each
            for kind in ((Kind.DAY,) if chosen is Kind.DAY else (Kind.HOUR, Kind.MINUTE, Kind.RTD))
            for each in values(points, kind, None, at, at + _LENGTHS[chosen])
        ),
        tuple[Value, ...](),
    )
    places = places_of(told)
    pages = max(1, -(-len(places) // PAGE_FRAMES))
    number = min(whole(request.GET.get("sheet", "")) or 1, pages)
    first = (number - 1) * PAGE_FRAMES
    rows = frames_at(places[first : first + PAGE_FRAMES])
    context = {
        "outlet": found,
        "at": moment(at),
        "until": moment(at + _LENGTHS[chosen]),
        "is_up": is_up,
        "count": len(places),
        "sheets": [(each, _address(found, at, chosen, each)) for each in range(1, pages + 1)] if pages > 1 else [],
        "sheet": number,
        "first": first + 1,
        "last": first + len(rows),
        "earlier": _address(found, at - _LENGTHS[chosen], chosen),
        "later": _address(found, at + _LENGTHS[chosen], chosen),
    }
    return page(request, "monitoring/frames.html", context, {"frames_table": _table(found, rows)})


@require_GET
@needs(Action.MONITORING_READ)
def frame(request: HttpRequest, outlet_id: int, segment: int, offset: int) -> HttpResponse:
    """One frame whole. It has to be of a device that spoke for the outlet: else there is none of that address."""
    found = outlet_or_404(request, outlet_id)
    held = frame_at(segment, offset)
    if not _is_of(found, held):
        raise Http404(offset)
    message = held.message
    context = {
        "outlet": found,
        "frame": held,
        "text": shown_text(request, held.text),
        "clear": shown_text(request, held.clear),
        "received": moment(held.received_at),
        "message": message,
        "command": command_word(message.cn) if message else "",
        "pairs": [(name, shown_text(request, f"{name}={value}").partition("=")[2]) for name, value in message.cp]
        if message
        else [],
    }
    tables: dict[str, Table | tuple[Table, ...]] = {"readings_table": _readings(found, held)}
    return page(request, "monitoring/raw.html", context, tables)


def _is_of(outlet: Outlet, held: Frame) -> bool:
    """Whether a frame is of a device that spoke for the outlet at the time of its data, else when it came."""
    if held.message is None:
        return False
    told = held.message.data_time
    at = held.received_at if told is None else timezone.make_aware(told) if timezone.is_naive(told) else told
    if at is None:
        return False
    spell = Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))
    return Connection.objects.filter(spell, outlet=outlet, device__mn=held.message.mn).exists()


def _at(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    found = found if found.tzinfo else timezone.make_aware(found)
    if abs(found - timezone.now()) > timedelta(days=20_000):
        raise Http404(text)
    return timezone.localtime(found)


def _address(outlet: Outlet, at: datetime, kind: Kind, sheet: int = 1) -> str:
    asked = {"at": at.isoformat(), "kind": kind.value} | ({"sheet": sheet} if sheet > 1 else {})
    return f"{reverse('monitoring:frames', args=(outlet.pk,))}?{urlencode(asked)}"


def shown_text(request: HttpRequest, text: str) -> str:
    """A frame as a person may see it: passwords are the administrator's to see, keys nobody's."""
    text = _KEY.sub(lambda match: f"{match[1]}=……", text)
    if may(acting_of(request), Action.MONITORING_SECRET):
        return text
    return _PASSWORD.sub(lambda match: f"{match[1]}=……", text)


def _table(outlet: Outlet, rows: tuple[Frame, ...]) -> Table:
    columns = (
        Column("received", _("收到时间")),
        Column("command", _("命令")),
        Column("time", _("数据时间")),
        Column("values", _("读数")),
        Column("sound", _("校验")),
        Column("habits", _("异样")),
        Column("frame", _("报文")),
    )
    made = []
    for each in rows:
        message = each.message
        readings = _means(message)
        made.append(
            Row(
                (
                    Cell(each.received_at.strftime("%m-%d %H:%M:%S") if each.received_at else "",
                         each.received_at.isoformat() if each.received_at else None),
                    text_cell(f"{message.cn} {command_word(message.cn)}" if message else each.gone),
                    text_cell(message.data_time.strftime("%m-%d %H:%M:%S") if message and message.data_time else ""),
                    text_cell(_("、").join(readings[:6]) + ("…" if len(readings) > 6 else "")),
                    text_cell("" if each.gone else _soundness(each)),
                    text_cell("、".join(message.habits) if message else ""),
                    text_cell(
                        _("看原文"), href=reverse("monitoring:frame", args=(outlet.pk, each.segment, each.offset))
                    ),
                )
            )
        )  # fmt: skip
    empty = _("这段时间没有报文：没有收到数据，或原始报文已归档。")
    return Table("frames", _("报文"), columns, tuple(made), empty, is_demo=outlet.region.is_fictional)


def _soundness(each: Frame) -> str:
    if each.is_enciphered:
        return _("已解密，相符") if each.is_sound else _("解不开")
    return _("相符") if each.is_sound else _("不符")


def _means(message: Message | None) -> list[str]:
    """What a frame says in short: of each factor its mean or instant, converted in brackets."""
    told: dict[str, dict[str, str]] = {}
    for each in message.readings if message else ():
        told.setdefault(each.code, {})[each.field] = f"{each.text} {each.unit}".strip()
    made = []
    for code, fields in told.items():
        plain = fields.get("Avg") or fields.get("Rtd") or next(iter(fields.values()))
        converted = fields.get("ZsAvg") or fields.get("ZsRtd")
        said = f"{factor_word(code)} {plain}"
        made.append(said + (_("（折算 %(value)s）") % {"value": converted} if converted else ""))
    return made


def _readings(outlet: Outlet, held: Frame) -> Table:
    columns = (
        Column("factor", _("因子")),
        Column("sent", _("发送的代码")),
        Column("field", _("字段")),
        Column("value", _("值"), is_figure=True),
        Column("unit", _("发送的单位")),
        Column("flag", _("标记")),
    )
    rows = tuple(
        Row(
            (
                text_cell(factor_word(each.code)),
                text_cell(each.sent_code),
                text_cell(each.field),
                Cell(each.text, each.value),
                text_cell(each.unit),
                text_cell(each.flag),
            )
        )
        for each in (held.message.readings if held.message else ())
    )
    return Table("readings", _("读数"), columns, rows, _("这份报文里没有读数。"), is_demo=outlet.region.is_fictional)
