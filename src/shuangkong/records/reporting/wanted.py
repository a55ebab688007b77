"""填报单位名单: whoever is to be a reporter, and the rows that are made or brought up to date for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shuangkong.records.reporting.models import Reporter

_BATCH = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """One who is to be a reporter, before it has a number; ``former``: bodies that were named to act for it, and act no
    more unless one is ``body``."""

    kind: str
    code: str
    name: str
    region: str
    path: str
    body: int | None = None
    enterprise: int | None = None
    industry: str = ""
    is_fictional: bool = False
    former: frozenset[int] = frozenset()


def kept(wanted: Iterable[Wanted]) -> dict[tuple[str, str], int]:
    """Kind and code → number of the reporter, brought up to date. 3 queries."""
    told = {(each.kind, each.code): each for each in wanted}
    there = {
        (row.kind, row.code): row
        for row in Reporter.objects.filter(code__in=[code for _, code in told])
        if (row.kind, row.code) in told
    }
    fresh = [_made(each) for key, each in told.items() if key not in there]
    moved = [row for key, row in there.items() if _brought_up(row, told[key])]
    Reporter.objects.bulk_create(fresh)
    columns = ["name", "region", "path", "body", "enterprise", "industry"]
    Reporter.objects.bulk_update(moved, columns, batch_size=_BATCH)
    return {(row.kind, row.code): row.pk for row in (*there.values(), *fresh)}


def _made(each: Wanted) -> Reporter:
    return Reporter(
        kind=each.kind, code=each.code, name=each.name, region_id=each.region, path=each.path, body_id=each.body,
        enterprise_id=each.enterprise, industry=each.industry, is_fictional=each.is_fictional,
    )  # fmt: skip


def _brought_up(row: Reporter, each: Wanted) -> bool:
    """Takes over what is otherwise now; whether anything is. What is not known any more stays, but for a body whose
    naming ended."""
    body = None if row.body_id in each.former else row.body_id
    now = {
        "name": each.name, "region_id": each.region, "path": each.path, "body_id": each.body or body,
        "enterprise_id": each.enterprise or row.enterprise_id, "industry": each.industry or row.industry,
    }  # fmt: skip
    moved = {name: value for name, value in now.items() if getattr(row, name) != value}
    for name, value in moved.items():
        setattr(row, name, value)
    return bool(moved)
