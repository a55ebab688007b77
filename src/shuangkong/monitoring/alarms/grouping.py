"""并案: what befalls a whole outlet is one alarm, not one a factor: a line fell silent, values are stuck together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.found import Episode
from shuangkong.monitoring.alarms.silence import silences
from shuangkong.monitoring.reading import HOUR, Reading, hours_of


def outlet_silences(
    readings: Mapping[str, Sequence[Reading]],
    due_from: Mapping[str, datetime],
    asked_at: datetime,
    is_excused: Callable[[str, datetime], bool],
    least_hours: int,
) -> Iterator[Episode]:
    """Stretches in which nothing came of all that was due; then those of single factors while others came.

    Args:
        readings: factor → hours of its point, for each factor that is due.
        due_from: factor → since when it is owed.
        asked_at: see ``silences``.
        is_excused: whether nothing is due of a factor in an hour.
    """
    if not readings:
        return
    due = {factor: since for factor, since in due_from.items() if factor in readings}
    together = [each for own in readings.values() for each in own]

    def all_excused(at: datetime) -> bool:
        return all(is_excused(factor, at) for factor, since in due.items() if since <= at)

    whole = list(silences(together, "", min(due.values()), asked_at, all_excused, least_hours))
    for each in whole:
        zh, en = each.words.zh.replace("没有数据", "没有任何数据"), each.words.en.replace("No data", "Nothing at all")
        yield replace(each, words=Message(zh, en)) if len(due) > 1 else each
    silent = {at for each in whole for at in hours_of(each.starts_at, each.ends_at or asked_at)}
    for factor, since in due.items():

        def excused(at: datetime, factor: str = factor) -> bool:
            return at in silent or is_excused(factor, at)

        if len(due) > 1:
            yield from silences(readings[factor], factor, since, asked_at, excused, least_hours)


def together(episodes: Iterable[Episode], name: Callable[[str], str]) -> Iterator[Episode]:
    """Episodes of one kind that several factors began in the same hour are one, which lasts as long as the last.

    Args:
        name: factor → how people call it.
    """
    by: dict[datetime, list[Episode]] = {}
    for each in episodes:
        by.setdefault(each.starts_at.replace(minute=0, second=0), []).append(each)
    for own in by.values():
        if len(own) == 1:
            yield own[0]
            continue
        ends = [each.ends_at for each in own]
        last = None if None in ends else max(end for end in ends if end is not None)
        names = [name(each.factor) for each in own]
        count = max(each.count for each in own)
        words = Message(
            f"{'、'.join(names)} 同时恒定，最长 {count} 小时",
            f"{', '.join(names)} stuck at the same time, the longest for {count} hours",
        )
        evidence = own[0].evidence
        yield replace(own[0], factor="", ends_at=last, count=count, words=words, peak=None, worst_at=None,
                      evidence=evidence)  # fmt: skip


def clean_hours(
    readings: Mapping[str, Sequence[Reading]], since: datetime, is_valid: Callable[[Reading], bool],
    is_passed_over: Callable[[Reading], bool] = lambda _each: False,
) -> int:  # fmt: skip
    """Consecutive hours from ``since`` on, up to the newest that came, in which every factor has a valid value.

    An hour that is passed over for some factor (a daily check, a stop) neither counts nor ends the row; one of which
    nothing valid is known ends it, and counting begins anew after it.
    """
    by = [{each.at: each for each in own if each.at >= since} for own in readings.values()]
    told = [at for own in by for at, each in own.items() if each.value is not None or is_passed_over(each)]
    count = 0
    for at in hours_of(min(told), max(told) + HOUR) if told else ():
        here = [own.get(at) for own in by]
        sound = [each is not None and each.value is not None and is_valid(each) for each in here]
        if all(sound):
            count += 1
        elif not all(
            is_sound or (each is not None and is_passed_over(each)) for is_sound, each in zip(sound, here, strict=True)
        ):
            count = 0
    return count
