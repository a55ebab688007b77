"""登记表: batches of vehicles, plants and herds, each registered once before anybody claims a reduction of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.indicators.emissions.codes import as_kept, as_named, bare
from shuangkong.indicators.emissions.formulas import Register
from shuangkong.records.indicators.emissions.models import SourceEntry
from shuangkong.records.indicators.emissions.rows import EntryRow, EntryTold
from shuangkong.records.indicators.emissions.sheet import BASIN_SIGNS, registered
from shuangkong.records.journal import store as journal
from shuangkong.records.past import known_by
from shuangkong.records.paths import SEPARATOR, below
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region


def register_source(told: EntryTold, by: Acting) -> int:
    """Registers a batch, plant or herd at a place and returns its number. ~10 queries.

    Raises:
        Refused: no such place or sort; no code, name or ground; a batch without its number; it is registered already,
            at the place, above or below it.
        Forbidden: the person keeps no register there.
    """
    with transaction.atomic():
        place = Region.objects.filter(pk=told.region).first()
        if place is None:
            raise Refused("IND-371", "请指明在哪个地区。", "Say in which place it is.", "region")
        require(by, Action.EMISSION_REGISTER, Where(place.path))
        _require_sound(told)
        # Two people may register the same one at once, here and above: one at a time along the line.
        line = list(Region.objects.select_for_update().filter(pk__in=_codes(place.path)).order_by("pk"))
        typed, outlet = as_kept(told.code), as_kept(told.outlet)
        number, code, _ = registered(place.pk).get(typed, (None, typed, ""))
        # An enterprise of the register is one wherever it lies.
        is_near = Q(region__in=[each.pk for each in line]) | below(place.path)
        near = SourceEntry.objects.filter(is_near if number is None else Q(enterprise=number)).order_by("pk")
        same = next((each for each in near if (bare(each.code), bare(each.outlet)) == (bare(code), bare(outlet))), None)
        if same is not None:
            zh = f"登记表里已有这一个（第 {same.pk} 号，{same.name}）。不要重复登记。"
            raise Refused("IND-376", zh, f"It is registered already: number {same.pk}, {same.name}.", "code")
        act = by.act(
            "emission.register", f"region/{place.pk}", ground=told.ground.strip(),
            after={"sort": told.sort, "code": code, "outlet": outlet, "name": told.name.strip(),
                   "basin": as_named(told.basin)},
        )  # fmt: skip
        made = SourceEntry.objects.create(
            region=place, path=place.path, enterprise_id=number, sort=told.sort, code=code, outlet=outlet,
            name=told.name.strip(), basin=as_named(told.basin), ground=told.ground.strip(),
            registered_by=by.author, registered_at=timezone.now(),
            journal=journal.append(replace(act, place=place.path)),
        )  # fmt: skip
    return made.pk


def entry_at(path: str, sort: Register, code: str, outlet: str) -> EntryRow | None:
    """What is registered of that sort, code and batch; None where nothing is. 1 query.

    At a place or above it; an enterprise of the register is one wherever it lies.
    """
    near = Q(region__in=_codes(path)) | Q(enterprise__isnull=False)
    return next(iter(entries(near & Q(sort=sort, code=code, outlet=outlet))), None)


def entries(condition: Q, until: date | None = None) -> tuple[EntryRow, ...]:
    """Those that meet a condition, as known at the end of a day, the newest first. 1 query."""
    found = SourceEntry.objects.select_related("region").filter(condition, known_by(until, "registered_at"))
    return tuple(
        EntryRow(
            id=row.pk,
            region=row.region_id,
            region_name=row.region.name,
            path=row.path,
            sort=Register(row.sort),
            code=row.code,
            outlet=row.outlet,
            name=row.name,
            basin=row.basin,
            ground=row.ground,
            is_fictional=row.region.is_fictional,
            registered_by=row.registered_by,
            registered_at=row.registered_at,
        )
        for row in found.order_by("-pk")
    )


def _codes(path: str) -> list[str]:
    """Of a place and those above it."""
    return path.strip(SEPARATOR).split(SEPARATOR)


def _require_sound(told: EntryTold) -> None:
    is_batch = told.sort == Register.BATCH
    for holds, number, zh, en, at in (
        (told.sort in tuple(Register), 372, "请选择登记的种类。", "Choose what it is.", "entry_sort"),
        (told.code.strip(), 373, "请填写污染源代码；机动车填底数里车队的代码。",
         "Give the code of the source; of vehicles that of the fleet in the base.", "code"),
        (told.name.strip(), 374, "请填写名称。", "Give its name.", "name"),
        (bool(told.outlet.strip()) == is_batch, 375, "一批机动车要有批次编号；污水处理厂和养殖场不填批次。",
         "A batch of vehicles has a number, a plant or herd has none.", "outlet"),
        (told.ground.strip(), 377, "请写明依据，如报废回收证明、环评批复、存栏登记。",
         "Say on what it rests, such as certificates of scrapping.", "ground"),
        (len(as_named(told.basin)) <= BASIN_SIGNS, 378, f"流域名称不超过 {BASIN_SIGNS} 个字。",
         f"The name of a basin has at most {BASIN_SIGNS} signs.", "basin"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"IND-{number}", zh, en, at)
