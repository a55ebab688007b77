"""疑点清单的定时: suspicions, what came of each check, and what looks like one hand, computed by the clock and read.

It is as of when it was computed: whoever reads it is told when that was.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, Sum
from django.utils import timezone

from shuangkong.core.finding import Message, Severity
from shuangkong.records.reporting.hands import is_unread, looks_like_one_hand
from shuangkong.records.reporting.models import (
    CheckRecord,
    ClockMark,
    Event,
    LaterFinding,
    OneHandFound,
    Reporter,
    SuspectedUnit,
    Version,
)
from shuangkong.records.reporting.rows import ReporterRow
from shuangkong.records.reporting.store import reporter_row
from shuangkong.records.reporting.suspecting import Told, alarm_counts, findings, newest_month
from shuangkong.records.reporting.verification.cases import settled_fates
from shuangkong.records.reporting.verification.models import CaseEvent
from shuangkong.records.reporting.weighing import hand_limits, weights
from shuangkong.reporting.alarms import Alarms, Fate
from shuangkong.reporting.proxies import Filing, OneHand, Sign
from shuangkong.reporting.suspicion import Part, Point, Suspicion, suspicions

#: Months looked back on; how long a computed list holds though something happened since; evidence kept of one check.
_MONTHS, _HOLDS, _EVIDENCE, _BATCH = 12, timedelta(minutes=15), 40, 500
_CLOCK = "suspicions"
_DAYS = 31 * _MONTHS
#: What moves the list when it grows.
_MOVING = (Event, Version, CaseEvent, LaterFinding)


def keep_suspicions(now: datetime | None = None) -> bool:
    """Computes the list anew where something happened since; whether it did. ~13 queries and a row a unit."""
    now = now or timezone.now()
    mark, is_first = ClockMark.objects.get_or_create(name=_CLOCK, defaults={"at": now})
    moved = sum(model.objects.aggregate(newest=Max("pk"))["newest"] or 0 for model in _MOVING)
    if moved == mark.number or (not is_first and now < mark.at + _HOLDS):
        return False
    with transaction.atomic():
        _compute(now)
        # Where returns came faster than they are read, the list is computed again though nothing more happens.
        is_behind = is_unread(now - timedelta(days=_DAYS))
        ClockMark.objects.filter(pk=mark.pk).update(number=-1 if is_behind else moved, at=now)
    return True


def _compute(now: datetime) -> None:
    day = timezone.localdate(now)
    newest = newest_month()
    told = () if newest is None else findings(since=newest - _MONTHS + 1)
    hands = looks_like_one_hand(hand_limits(day), since=now - timedelta(days=_DAYS))
    points = [*(_with_return(each) for each in told if each.is_newest), *_of_hands(hands, settled_fates())]
    ranked = suspicions(points, weights(day), alarm_counts(told))
    known = {row.code: row for row in Reporter.objects.filter(code__in={each.unit for each in ranked})}
    SuspectedUnit.objects.all().delete()
    SuspectedUnit.objects.bulk_create(
        [
            SuspectedUnit(
                reporter=known[each.unit], path=known[each.unit].path, score=each.score, told=_packed(each), made_at=now
            )
            for each in ranked
            if each.score > 0 and each.unit in known
        ],
        batch_size=_BATCH,
    )
    _keep_records(told, now)
    _keep_hands(hands, now)


def _with_return(each: Told) -> Point:
    return replace(each.point(), owned=each.owned)


def _of_hands(hands: Iterable[OneHand], settled: Mapping[tuple[object, object], Fate]) -> Iterator[Point]:
    """A sign of one hand speaks against each of the units, unless a case cleared it there; which the others are is for
    whoever may see them."""
    for hand in hands:
        others = len(hand.units) - 1
        sides = (
            ((Message(f"同一来源另有 {others} 家", f"{others} other units of the same hand"), ""),) if others else ()
        )
        for filing in hand.filings:
            yield Point(
                filing.unit,
                filing.form,
                filing.period,
                code_of(hand.sign),
                Severity.NOTICE,
                hand.message,
                sides,
                is_answered=settled.get((filing.owned, code_of(hand.sign))) is Fate.CLEARED,
                is_one_hand=True,
                owned=filing.owned,
            )


def code_of(sign: Sign) -> str:
    """What stands for a sign where a check has its code."""
    return f"one_hand.{sign.value}"


def _keep_records(told: Iterable[Told], now: datetime) -> None:
    by_path: dict[str, list[Told]] = defaultdict(list)
    for each in told:
        by_path[each.path].append(each)
    CheckRecord.objects.all().delete()
    CheckRecord.objects.bulk_create(
        [
            CheckRecord(path=path, code=each.code, fired=each.fired, real=each.real, false=each.false, made_at=now)
            for path, held in by_path.items()
            for each in alarm_counts(held)
        ],
        batch_size=_BATCH,
    )


def _keep_hands(hands: Iterable[OneHand], now: datetime) -> None:
    OneHandFound.objects.all().delete()
    OneHandFound.objects.bulk_create(
        [
            OneHandFound(
                sign=each.sign.value, value=each.value[:150], units=len(each.units), made_at=now,
                told=json.dumps([_filing(filing) for filing in each.filings], ensure_ascii=False),
            )
            for each in hands
        ],
        batch_size=_BATCH,
    )  # fmt: skip


def _filing(filing: Filing) -> dict[str, Any]:
    return {
        "owned": filing.owned, "unit": filing.unit, "form": filing.form, "period": filing.period,
        "at": filing.at.isoformat(), "account": filing.account, "signatory": filing.signatory,
    }  # fmt: skip


def _packed(each: Suspicion) -> str:
    parts = [
        {
            "code": part.code, "times": part.times, "points": str(part.points),
            "reliability": None if part.reliability_pct is None else str(part.reliability_pct),
            "evidence": [_point(point) for point in part.evidence[:_EVIDENCE]],
        }
        for part in each.parts
    ]  # fmt: skip
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def _point(point: Point) -> dict[str, Any]:
    return {
        "owned": point.owned, "form": point.form, "period": point.period, "severity": point.severity.value,
        "zh": point.message.zh, "en": point.message.en, "sides": [[words.zh, words.en] for words, _ in point.sides],
        "answered": point.is_answered, "hand": point.is_one_hand,
    }  # fmt: skip


def suspected(among: Q, most: int) -> tuple[tuple[ReporterRow, Suspicion], ...]:
    """Units that meet a condition on SuspectedUnit with what speaks against them, the weightiest first. 1 query."""
    rows = SuspectedUnit.objects.select_related("reporter__region").filter(among).order_by("-score", "reporter__code")
    return tuple((reporter_row(row.reporter), _unpacked(row)) for row in rows[:most])


def suspected_count(among: Q) -> int:
    """1 query."""
    return SuspectedUnit.objects.filter(among).count()


def computed_at() -> datetime | None:
    """As of when the list is; None where it was never computed. 1 query."""
    return ClockMark.objects.filter(name=_CLOCK).values_list("at", flat=True).first()


def _unpacked(row: SuspectedUnit) -> Suspicion:
    unit = row.reporter.code
    parts = tuple(
        Part(
            part["code"], part["times"], Decimal(part["points"]),
            None if part["reliability"] is None else Decimal(part["reliability"]),
            tuple(
                Point(
                    unit, each["form"], each["period"], part["code"], Severity(each["severity"]),
                    Message(each["zh"], each["en"]), tuple((Message(*words), "") for words in each["sides"]),
                    is_answered=each["answered"], is_one_hand=each["hand"], owned=each["owned"],
                )
                for each in part["evidence"]
            ),
        )
        for part in json.loads(row.told)
    )  # fmt: skip
    return Suspicion(unit, row.score, parts)


def alarms_of(among: Q) -> tuple[Alarms, ...]:
    """What came of each check in the places that meet a condition on CheckRecord, the noisiest first. 1 query."""
    rows = (
        CheckRecord.objects.filter(among)
        .values("code")
        .annotate(all=Sum("fired"), real=Sum("real"), false=Sum("false"))
    )
    found = (Alarms(row["code"], row["all"], row["real"], row["false"]) for row in rows)
    return tuple(sorted(found, key=lambda each: (-(each.at_least_pct or 0), each.code)))


def hands_of(owned: Iterable[int], most: int) -> tuple[tuple[Sign, str, int, tuple[dict[str, Any], ...]], ...]:
    """(sign, whose, how many units in all, filings among the returns named), most units first. 1 query.

    So many of those that filed one of them: what filed for more units elsewhere takes no place from them.
    """
    wanted = set(owned)
    found: list[tuple[Sign, str, int, tuple[dict[str, Any], ...]]] = []
    for row in OneHandFound.objects.order_by("-units", "sign", "value", "pk").iterator(_AT_ONCE) if wanted else ():
        if len(found) == most:
            break
        seen = tuple(each for each in json.loads(row.told) if each["owned"] in wanted)
        if seen:
            found.append((Sign(row.sign), row.value, row.units, seen))
    return tuple(found)


#: Rows read at once while those are sought that someone may see.
_AT_ONCE = 50
