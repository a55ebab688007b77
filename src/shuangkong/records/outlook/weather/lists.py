"""应急减排清单: loaded as a whole, each time a new version; nothing of an older one changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.fact import State
from shuangkong.core.horizon import is_near
from shuangkong.outlook.weather.orders import AlertLevel
from shuangkong.outlook.weather.share_book import level_names, pollutant_names
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.journal import store as journal
from shuangkong.records.outlook.weather.columns import (
    WeatherColumn,
    cells_told,
    level_told,
    measure_columns,
    needed,
    tonnes,
)
from shuangkong.records.outlook.weather.models import WeatherList, WeatherMeasure
from shuangkong.records.outlook.weather.naming import Enterprises, bodies_of
from shuangkong.records.outlook.weather.rows import ListRow, MeasureRow
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region
from shuangkong.rulebook import open_rulebook

_BATCH = 500


@dataclass(frozen=True, slots=True)
class ListTold:
    """What is told of a list besides its rows.

    Attributes:
        emitted: pollutant → tonnes a day of the whole place, as typed; "" where it is not known.
        source: whence that base is.
    """

    region: str
    year: int
    document: str
    source: str
    emitted: Mapping[str, str]


def columns_of(region: str, day: date) -> tuple[WeatherColumn, ...]:
    """The columns of the file, by the policy of the place."""
    book = open_rulebook()
    layer = book.layer_of(region, day)
    return measure_columns(pollutant_names(book.folder, layer), level_names(book.folder, layer))


def load(rows: Sequence[Sequence[str]], told: ListTold, by: Acting, *, digest: str = "", is_demo: bool = False) -> int:
    """Keeps a new version of a place's list and returns its number. ~9 queries.

    Raises:
        Refused: OUT-801 … OUT-808: what of the file does not read, with its line; OUT-810 no such place, OUT-811 no
            year near today, no document or source.
        Forbidden: the person keeps no list there.
    """
    today = timezone.localdate()
    place = Region.objects.filter(pk=told.region).first()
    if place is None:
        raise Refused("OUT-810", "请从名录里选地区。", "Choose a place of the register.", "region")
    require(by, Action.WEATHER_RECORD, Where(place.path))
    if not is_near(date(max(1, min(told.year, date.max.year)), 1, 1), today):
        raise Refused("OUT-811", "请填清单的年度，如今年。", "Give the year of the list.", "year")
    if not told.document.strip() or not told.source.strip():
        zh = "请写明清单的文号和全社会排放量的来源。"
        raise Refused("OUT-811", zh, "Give the document of the list and the source of its base.", "document")
    book = open_rulebook()
    layer = book.layer_of(told.region, today)
    pollutants, levels = pollutant_names(book.folder, layer), level_names(book.folder, layer)
    columns = measure_columns(pollutants, levels)
    emitted = {key: str(value) for key, name in pollutants.items()
               if (value := tonnes(told.emitted.get(key, "").strip(), 0, name.zh)) is not None}  # fmt: skip
    measures = _measures(cells_told(rows, columns), columns, Enterprises(place.path), levels, tuple(pollutants))
    with transaction.atomic():
        made = WeatherList.objects.create(
            region=place, path=place.path, year=told.year, document=told.document.strip(), emitted=emitted,
            source=told.source.strip(), digest=digest, is_demo=is_demo, is_fictional=place.is_fictional,
            author=by.author, at=timezone.now(), journal=journal.UNWRITTEN,
        )  # fmt: skip
        WeatherMeasure.objects.bulk_create(
            [
                WeatherMeasure(
                    list=made, enterprise_id=each.enterprise, name=each.name, process=each.process, level=each.level,
                    action=each.action, cuts={key: str(cut) for key, cut in each.cuts.items()},
                    verification=each.verification,
                )
                for each in measures
            ],
            batch_size=_BATCH,
        )  # fmt: skip
        said = {"year": told.year, "measures": len(measures)}
        act = by.act("weather.load", f"weather_list/{made.pk}", document=told.document.strip(), after=said)
        made.journal = journal.append(replace(act, place=place.path))
        made.save(update_fields=["journal"])
    return made.pk


def _measures(
    lines: Iterable[tuple[int, dict[str, str]]],
    columns: Sequence[WeatherColumn],
    known: Enterprises,
    levels: Mapping[AlertLevel, object],
    pollutants: Sequence[str],
) -> list[MeasureRow]:
    """Raises Refused OUT-808: a line has the same enterprise, process and level as one before it, or the file none."""
    headings = {each.name: each.heading for each in columns}
    found: dict[tuple[int, str, AlertLevel], MeasureRow] = {}
    for line, cells in lines:
        needed(cells, line, columns)
        one = known.named(cells["enterprise"], line)
        level = level_told(cells["level"], line, levels)  # type: ignore[arg-type]
        told = {key: tonnes(cells[key], line, headings[key]) for key in pollutants}
        cuts = {key: value for key, value in told.items() if value is not None}
        key = (one.id, cells["process"], level)
        if key in found:
            zh = f"第 {line} 行：“{one.name}”的“{cells['process'][:40]}”在这一级已有一行。请合并。"
            raise Refused("OUT-808", zh, f"Line {line}: this line has a measure at this level already.", "file")
        found[key] = MeasureRow(one.id, one.name, cells["process"], level, cells["action"], cuts, cells["verification"])
    if not found:
        raise Refused("OUT-808", "文件里没有一条措施。请按模板填写。", "The file has no measure.", "file")
    return list(found.values())


def newest_list(region: str, year: int | None = None, until: date | None = None) -> ListRow | None:
    """The list that holds at a place: the newest version of that year, else of the latest year. 4 queries."""
    found = WeatherList.objects.filter(known_by(until, "at"), region=region)
    wanted = found if year is None else found.filter(year=year)
    return next(iter(_rows(wanted.order_by("-year", "-pk")[:1])), None)


def list_of(list_id: int, until: date | None = None) -> ListRow | None:
    """4 queries."""
    return next(iter(_rows(WeatherList.objects.filter(known_by(until, "at"), pk=list_id))), None)


def versions(region: str, until: date | None = None) -> tuple[tuple[int, int, str, date], ...]:
    """Number, year, document and day of entry of every version, the newest first. 1 query."""
    found = WeatherList.objects.filter(known_by(until, "at"), region=region).order_by("-year", "-pk")
    return tuple((each.pk, each.year, each.document, timezone.localdate(each.at)) for each in found)


def lists(seen: Q, until: date | None = None) -> tuple[ListRow, ...]:
    """Every version that a person may see, the newest first. 4 queries."""
    return _rows(WeatherList.objects.filter(seen, known_by(until, "at")).order_by("-pk"))


def _rows(found: Iterable[WeatherList]) -> tuple[ListRow, ...]:
    every = {each.pk: each for each in found}
    held: dict[int, list[WeatherMeasure]] = {number: [] for number in every}
    for each in WeatherMeasure.objects.filter(list__in=list(every)).order_by("pk"):
        held[each.list_id].append(each)
    bodies = bodies_of({each.enterprise_id for rows in held.values() for each in rows})
    return tuple(
        ListRow(
            id=each.pk, region=each.region_id, path=each.path, year=each.year, document=each.document,
            emitted=_emitted(each.emitted), source=each.source, is_demo=each.is_demo, is_fictional=each.is_fictional,
            author=each.author, at=each.at, journal=each.journal,
            measures=tuple(_measure(row, bodies) for row in held[each.pk]),
        )
        for each in every.values()
    )  # fmt: skip


def _emitted(kept: Mapping[str, str]) -> dict[str, Told]:
    names = pollutant_names(open_rulebook().folder, "national")
    return {key: Decimal(kept[key]) if key in kept else State.MISSING for key in {*names, *kept}}


def _measure(row: WeatherMeasure, bodies: Mapping[int, int]) -> MeasureRow:
    return MeasureRow(
        row.enterprise_id, row.name, row.process, AlertLevel(row.level), row.action,
        {key: Decimal(cut) for key, cut in row.cuts.items()}, row.verification, bodies.get(row.enterprise_id),
    )  # fmt: skip
