"""应急期间的日排放量: what lines of enterprises emitted each day, before and while an alert held, as told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shuangkong.outlook.weather.comparison import Outcome, outcomes
from shuangkong.outlook.weather.share_book import pollutant_names
from shuangkong.records.journal import store as journal
from shuangkong.records.outlook.weather.alerts import alert
from shuangkong.records.outlook.weather.columns import (
    WeatherColumn,
    cells_told,
    day_told,
    emission_columns,
    needed,
    tonnes,
)
from shuangkong.records.outlook.weather.models import WeatherEmission
from shuangkong.records.outlook.weather.naming import Enterprises
from shuangkong.records.outlook.weather.rows import AlertRow, EmissionRow, ListRow
from shuangkong.records.past import known_by
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook

_BATCH = 500


def columns_of(region: str, day: date) -> tuple[WeatherColumn, ...]:
    """The columns of the file, by the policy of the place."""
    book = open_rulebook()
    return emission_columns(pollutant_names(book.folder, book.layer_of(region, day)))


def load(alert_id: int, rows: Sequence[Sequence[str]], source: str, by: Acting) -> int:
    """Keeps what a file tells of daily emissions and returns how many figures it had. ~8 queries.

    Raises:
        Refused: OUT-801 … OUT-807 what of the file does not read; OUT-822 no such alert; OUT-830 no source; OUT-831 no
            figure, or two of one line, day and pollutant.
        Forbidden: the person records nothing there.
    """
    row = alert(alert_id)
    if row is not None:
        require(by, Action.WEATHER_RECORD, row.where)
    if row is None:
        raise Refused("OUT-822", "没有这次应急响应。", "There is no such response.")
    if not source.strip():
        raise Refused("OUT-830", "请写明数的来源。", "Say whence the figures are.", "source")
    today = timezone.localdate()
    columns = columns_of(row.region, today)
    found = _figures(cells_told(rows, columns), columns, Enterprises(row.path), today)
    with transaction.atomic():
        said = {"figures": len(found)}
        act = by.act("weather.tell", f"weather_alert/{alert_id}", ground=source.strip(), after=said)
        number, now = journal.append(replace(act, place=row.path)), timezone.now()
        WeatherEmission.objects.bulk_create(
            [
                WeatherEmission(
                    alert_id=alert_id, enterprise_id=one, process=process, day=day, pollutant=pollutant,
                    amount_t=amount, source=source.strip(), author=by.author, at=now, journal=number,
                )
                for (one, process, day, pollutant), amount in found.items()
            ],
            batch_size=_BATCH,
        )  # fmt: skip
    return len(found)


def _figures(
    lines: Sequence[tuple[int, dict[str, str]]], columns: Sequence[WeatherColumn], known: Enterprises, today: date
) -> dict[tuple[int, str, date, str], Decimal]:
    found: dict[tuple[int, str, date, str], Decimal] = {}
    plain = {"enterprise", "process", "day"}
    for line, cells in lines:
        needed(cells, line, columns)
        one, day = known.named(cells["enterprise"], line), day_told(cells["day"], line, today)
        for each in columns:
            amount = None if each.name in plain else tonnes(cells[each.name], line, each.heading)
            key = (one.id, cells["process"], day, each.name)
            if amount is None:
                continue
            if key in found:
                zh = f"第 {line} 行：同一条线、同一天的“{each.heading}”填了两次。请删去一行。"
                raise Refused("OUT-831", zh, f"Line {line}: told twice for one line and day.", "file")
            found[key] = amount
    if not found:
        raise Refused("OUT-831", "文件里没有一个数。请按模板填写。", "The file has no figure.", "file")
    return found


def emissions(alert_id: int, until: date | None = None) -> tuple[EmissionRow, ...]:
    """What was told last of every line, day and pollutant, in that order. 1 query."""
    found = WeatherEmission.objects.filter(known_by(until, "at"), alert=alert_id).select_related("enterprise")
    newest = {(each.enterprise_id, each.process, each.day, each.pollutant): each for each in found.order_by("pk")}
    return tuple(
        EmissionRow(
            each.enterprise_id, each.enterprise.name, each.process, each.pollutant, each.day, each.amount_t,
            each.source,
        )
        for _, each in sorted(newest.items())
    )  # fmt: skip


def outcomes_of(row: AlertRow, book: ListRow | None, told: Sequence[EmissionRow]) -> tuple[Outcome, ...]:
    """What each line was asked for and what its told emissions show."""
    daily: dict[tuple[str, str], dict[date, Decimal]] = {}
    for each in told:
        daily.setdefault((each.unit, each.pollutant), {})[each.day] = each.amount_t
    given: Mapping[tuple[str, str], Mapping[date, Decimal]] = daily
    return outcomes(book.unit_measures if book else (), row.spells, given, timezone.get_current_timezone())
