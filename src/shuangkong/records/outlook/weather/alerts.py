"""应急响应令: started, raised, lowered and ended; each order tells its enterprises and neighbours in the same act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.outlook.weather.orders import ORDERS, AlertLevel, Order, OrderKind, OutOfOrder, spells
from shuangkong.outlook.weather.orders import notices as notices_to
from shuangkong.outlook.weather.share_book import level_names
from shuangkong.records.journal import store as journal
from shuangkong.records.notices.rows import Addressed, NoticeKind, ToSend
from shuangkong.records.notices.store import send
from shuangkong.records.notices.whom import governments_of
from shuangkong.records.outlook.weather.lists import list_of, newest_list
from shuangkong.records.outlook.weather.models import WeatherAlert, WeatherOrder
from shuangkong.records.outlook.weather.rows import AlertRow, ListRow, OrderRow, orders_of
from shuangkong.records.outlook.weather.telling import call_of, texts_of
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region
from shuangkong.rulebook import open_rulebook

#: How far from now an order may hold: what is farther off is a slip of the pen.
_FARTHEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class OrderTold:
    """An order as it is told; ``ground`` the forecast or reading that it rests on, ``signed_by`` who signed it."""

    kind: OrderKind
    starts_at: datetime
    document: str
    ground: str
    signed_by: str
    level: AlertLevel | None = None


def start(region: str, told: OrderTold, neighbours: Iterable[str], by: Acting, *, is_demo: bool = False) -> int:
    """Starts a response at a place and returns its number. ~25 queries.

    Args:
        neighbours: codes of the regions that this and every later order is told to.

    Raises:
        Refused: OUT-820 no such place, OUT-821 a response is under way there, and those of ``follow``.
        Forbidden: the person signs no orders there.
    """
    with transaction.atomic():
        place = Region.objects.select_for_update(of=("self",)).filter(pk=region).first()
        if place is None:
            raise Refused("OUT-820", "请从名录里选地区。", "Choose a place of the register.", "region")
        require(by, Action.WEATHER_ORDER, Where(place.path))
        if any(not each.is_over for each in alerts(Q(region=region))):
            zh = "本地的应急响应正在进行。请调整级别或解除。"
            raise Refused("OUT-821", zh, "A response is under way here: change its level, or end it.")
        codes = sorted(set(neighbours) - {region})
        made = WeatherAlert.objects.create(
            region=place, path=place.path, neighbours=codes, is_demo=is_demo, is_fictional=place.is_fictional,
            at=timezone.now(),
        )  # fmt: skip
        _record(made, (), told, newest_list(region), by)
    return made.pk


def follow(alert_id: int, told: OrderTold, by: Acting) -> None:
    """Changes the level of a response or ends it. ~25 queries.

    Raises:
        Refused: OUT-822 there is none of that number; OUT-823 no document, ground, signature or level; OUT-824 a time
            too far off; OUT-825 it does not follow from the order before it.
        Forbidden: the person signs no orders there.
    """
    with transaction.atomic():
        held = WeatherAlert.objects.select_for_update(of=("self",)).filter(pk=alert_id).first()
        row = alert(alert_id) if held else None
        if row is not None:
            require(by, Action.WEATHER_ORDER, row.where)
        if held is None or row is None:
            raise Refused("OUT-822", "没有这次应急响应。", "There is no such response.")
        _record(held, row.orders, told, newest_list(row.region), by)


def _record(
    held: WeatherAlert, before: tuple[OrderRow, ...], told: OrderTold, book: ListRow | None, by: Acting
) -> None:
    level = None if told.kind is OrderKind.END else told.level
    _require_whole(told)
    _require_following(held.region_id, before, replace(told, level=level))
    said = {"kind": told.kind.value, "level": level, "starts_at": told.starts_at}
    act = by.act(
        f"weather.{told.kind.value}", f"weather_alert/{held.pk}", ground=told.ground, document=told.document, after=said
    )
    number = journal.append(replace(act, place=held.path))
    made = WeatherOrder(
        alert=held, kind=told.kind, level=level, starts_at=told.starts_at, document=told.document.strip(),
        ground=told.ground.strip(), signed_by=told.signed_by.strip(), list_id=book.id if book else None,
        author=by.author, at=timezone.now(), journal=number,
    )  # fmt: skip
    _tell(held, before, made, book, by)
    made.save()


def _require_whole(told: OrderTold) -> None:
    for holds, zh, en, field in (
        (told.document.strip(), "请填令的文号。", "Give the number of the order.", "document"),
        (told.ground.strip(), "请写明依据的预测或监测。", "Say on which forecast or reading it rests.", "ground"),
        (told.signed_by.strip(), "请写明谁签发。", "Say who signed it.", "signed_by"),
        (told.kind is OrderKind.END or told.level is not None, "请选级别。", "Choose a level.", "level"),
    ):
        if not holds:
            raise Refused("OUT-823", zh, en, field)
    if abs(told.starts_at - timezone.now()) > _FARTHEST:
        zh = f"时间离现在超过 {_FARTHEST.days} 天。请核对。"
        raise Refused("OUT-824", zh, f"More than {_FARTHEST.days} days from now: check the time.", "starts_at")


def _require_following(region: str, before: tuple[OrderRow, ...], told: OrderTold) -> None:
    order = Order(region, told.kind, timezone.localtime(told.starts_at), told.document, told.level)
    earlier = orders_of(region, before)
    try:
        spells((*earlier, order))
        if earlier and order.at <= earlier[-1].at:
            raise OutOfOrder(order.document)
    except OutOfOrder as fault:
        zh = "与前一道令接不上：先启动，再调整，后解除；时间要晚于前一道，级别要不同。"
        raise Refused("OUT-825", zh, "It does not follow: start, change, end; later, and of another level.") from fault


def _tell(
    held: WeatherAlert, before: tuple[OrderRow, ...], made: WeatherOrder, book: ListRow | None, by: Acting
) -> None:
    """Enterprises of the level now and of the one before it, and every neighbour."""
    law = open_rulebook()
    names = level_names(law.folder, law.layer_of(held.region_id, timezone.localdate(made.starts_at)))
    was = next((each.level for each in reversed(before) if each.level is not None), None)
    title, text = call_of(held.region.name, made, names)
    whole = ToSend(
        kind=NoticeKind.WEATHER, thing=held.pk, title=title, text=text, region=held.region_id, path=held.path,
        bodies=(), is_urgent=True, is_demo=held.is_demo, is_fictional=held.is_fictional,
    )  # fmt: skip
    called = texts_of(book, None if made.level is None else AlertLevel(made.level), was)
    made.notice_id = send(replace(whole, bodies=tuple(Addressed(body, each) for body, each in called.items())), by)
    order = Order(held.region_id, OrderKind(made.kind), made.starts_at, made.document,
                  None if made.level is None else AlertLevel(made.level))  # fmt: skip
    told = notices_to((order,), {held.region_id: held.neighbours})
    bodies = tuple(map(Addressed, governments_of(each.receiver for each in told).values()))
    made.joint_notice_id = send(replace(whole, kind=NoticeKind.JOINT, bodies=bodies), by)


def alerts(seen: Q, until: date | None = None) -> tuple[AlertRow, ...]:
    """Those that a person may see, as known at the end of a day, the newest first. 2 queries."""
    every = list(WeatherAlert.objects.filter(seen, known_by(until, "at")).select_related("region").order_by("-pk"))
    orders: dict[int, list[OrderRow]] = {each.pk: [] for each in every}
    for each in WeatherOrder.objects.filter(known_by(until, "at"), alert__in=list(orders)).order_by("pk"):
        orders[each.alert_id].append(_order(each))
    return tuple(
        AlertRow(
            id=each.pk, region=each.region_id, region_name=each.region.name, path=each.path,
            neighbours=tuple(each.neighbours), is_demo=each.is_demo, is_fictional=each.is_fictional,
            orders=tuple(orders[each.pk]),
        )
        for each in every if orders[each.pk]
    )  # fmt: skip


def alert(alert_id: int, until: date | None = None) -> AlertRow | None:
    """2 queries."""
    return next(iter(alerts(Q(pk=alert_id), until)), None)


def list_called_for(row: AlertRow) -> ListRow | None:
    """The list by which the newest order called. 4 queries."""
    return None if row.list is None else list_of(row.list)


def order_title(row: AlertRow, order: OrderRow) -> str:
    """What an order is called: 某县启动应急响应."""
    return f"{row.region_name}{ORDERS[order.kind].zh}"


def _order(found: WeatherOrder) -> OrderRow:
    return OrderRow(
        id=found.pk, kind=OrderKind(found.kind), level=None if found.level is None else AlertLevel(found.level),
        starts_at=found.starts_at, document=found.document, ground=found.ground, signed_by=found.signed_by,
        list=found.list_id, notice=found.notice_id, joint_notice=found.joint_notice_id, author=found.author,
        at=found.at, journal=found.journal,
    )  # fmt: skip
