"""一次核算的起止: a computation begins, writes in short transactions and ends with the marks of what it took in.

It computes outside of transactions, so that others can write meanwhile. Whoever begins later takes over: it takes in
all that the one before would have, which stops at its next writing. What was killed midway is not marked as taken in,
and so is computed again; the results that it had written are then found to stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from shuangkong.indicators.engine import Asked
from shuangkong.records.facts.codes import MEASURES
from shuangkong.records.facts.dictionary import words
from shuangkong.records.facts.models import Load, Word
from shuangkong.records.facts.periods import period_of, span
from shuangkong.records.facts.succession import is_changed_since
from shuangkong.records.indicators.models import Computation, ComputedLoad, ComputedRegion, ToldColumn
from shuangkong.records.indicators.territory import Territory

_COLUMN = ("indicator__text", "first_month", "months", "measure")
#: One that began longer ago and has not ended was killed.
_LONGEST = timedelta(hours=1)


class Overtaken(Exception):
    """Another computation has begun since, and takes in all that this one would have."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What a computation set out to do.

    Attributes:
        waiting: loads that no computation has taken into account.
        newest: number of the newest load: figures of later ones are left to the next computation.
        known: columns of which something was told before.
        everything: not only what the waiting loads can reach.
        moved: regions that are part of another whole than the last computation met, and the wholes that they left.
    """

    made: Computation
    waiting: tuple[Load, ...]
    newest: int
    known: frozenset[Asked]
    everything: bool
    moved: frozenset[str] = frozenset()


def begin(rulebook: str, territory: Territory, *, is_whole: bool) -> Pass | None:
    """A computation by these rules and registers; None where there is nothing to do."""
    with transaction.atomic():
        _alone()
        last = _last_finished()
        is_taking_over = _unfinished(last).filter(is_whole=True).exists()
        waiting = tuple(Load.objects.filter(computed__isnull=True).order_by("pk"))
        known = _known_columns()
        is_unprepared = not known and ComputedLoad.objects.exists()
        # Who became whom moves figures of any time: all is looked at, what is the same is not written.
        is_joined_anew = last is not None and is_changed_since(last.computed_at)
        met = _met_wholes()
        others = {code: whole for code, whole in territory.wholes.items() if met.get(code) != whole}
        everything = (
            is_whole or is_taking_over or last is None or last.rulebook != rulebook or is_unprepared or is_joined_anew
            or (not met and bool(territory.wholes))
        )  # fmt: skip
        if not waiting and not everything and not others:
            return None
        made = Computation.objects.create(computed_at=timezone.now(), rulebook=rulebook, is_whole=everything)
        newest = Load.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        moved = {*others, *(whole for code in others if (whole := met.get(code)))}
    return Pass(made, waiting, newest, known, everything, frozenset(moved))


def _met_wholes() -> dict[str, str]:
    """Region → its whole, as computations have met it."""
    return dict(ComputedRegion.objects.order_by("pk").values_list("region", "whole"))


def is_under_way() -> bool:
    """Whether somebody is computing. 2 queries."""
    return _unfinished(_last_finished()).filter(computed_at__gte=timezone.now() - _LONGEST).exists()


def _last_finished() -> Computation | None:
    return Computation.objects.filter(finished_at__isnull=False).order_by("pk").last()


def _unfinished(last: Computation | None) -> QuerySet[Computation]:
    """Those that began after the last that came to its end: under way, killed or overtaken."""
    return Computation.objects.filter(pk__gt=last.pk if last else 0)


@contextmanager
def writing(made: Computation) -> Iterator[None]:
    """A short transaction in which results are written; raises Overtaken."""
    with transaction.atomic():
        _alone()
        if Computation.objects.filter(pk__gt=made.pk).exists():
            raise Overtaken
        yield


def finish(done: Pass, fresh: Collection[Asked], territory: Territory) -> None:
    """Marks all as taken in: loads, columns of which something was told for the first time, regions that moved.

    Raises Overtaken.
    """
    with writing(done.made):
        _remember(fresh, done.made)
        ComputedRegion.objects.bulk_create(
            ComputedRegion(region=code, whole=territory.wholes[code], computation=done.made)
            for code in sorted(done.moved)
        )
        ComputedLoad.objects.bulk_create(ComputedLoad(load=load, computation=done.made) for load in done.waiting)
        done.made.finished_at = timezone.now()
        done.made.save(update_fields=["cells", "changed", "finished_at"])


def _alone() -> None:
    """Until the transaction ends nobody begins a computation or writes results; on SQLite it is alone anyhow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{Computation._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')


def _known_columns() -> frozenset[Asked]:
    return frozenset(
        Asked(indicator, period_of(first, months), MEASURES.word(measure))
        for indicator, first, months, measure in ToldColumn.objects.values_list(*_COLUMN)
    )


def _remember(columns: Collection[Asked], made: Computation) -> None:
    numbers = words(Word.INDICATOR, {asked.indicator for asked in columns})
    ToldColumn.objects.bulk_create(
        ToldColumn(
            indicator_id=numbers[asked.indicator],
            first_month=span(asked.period)[0],
            months=span(asked.period)[1],
            measure=MEASURES.number(asked.measure),
            computation=made,
        )
        for asked in sorted(columns)
    )
