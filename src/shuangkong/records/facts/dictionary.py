"""Texts and subjects that many figures share, and their numbers. What is written once stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import batched

from django.db.models import Q

from shuangkong.records.facts.models import Subject, Word
from shuangkong.records.facts.rows import SubjectRow

_BATCH = 400


def words(kind: str, texts: Iterable[str]) -> dict[str, int]:
    """Text → number of those that are known. 1 query a 400 texts."""
    found: dict[str, int] = {}
    for group in batched(sorted(set(texts)), _BATCH):
        found |= dict(Word.objects.filter(kind=kind, text__in=group).values_list("text", "pk"))
    return found


def written(kind: str, texts: Iterable[str]) -> dict[str, int]:
    """Text → number; those not yet known are written. 1 to 3 queries a 400 texts."""
    wanted = set(texts)
    found = words(kind, wanted)
    absent = sorted(wanted - found.keys())
    if absent:
        made = [Word(kind=kind, text=text) for text in absent]
        Word.objects.bulk_create(made, batch_size=_BATCH, ignore_conflicts=True)
        found |= words(kind, absent)
    return found


def subjects(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Kind and code → number of those that are known, though withdrawn. 1 query a kind and 400 codes."""
    return _numbers(wanted, Q())


def registered(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Kind and code → number of those whose registration stands. 1 query a kind and 400 codes."""
    return _numbers(wanted, Q(withdrawals=None))


def _numbers(wanted: Iterable[tuple[str, str]], condition: Q) -> dict[tuple[str, str], int]:
    """Of several editions the newest."""
    by_kind: dict[str, set[str]] = {}
    for kind, code in wanted:
        by_kind.setdefault(kind, set()).add(code)
    found: dict[tuple[str, str], int] = {}
    for kind, codes in sorted(by_kind.items()):
        for group in batched(sorted(codes), _BATCH):
            rows = Subject.objects.filter(condition, kind=kind, code__in=group).order_by("edition")
            found |= {(kind, code): pk for code, pk in rows.values_list("code", "pk")}
    return found


def known(rows: Iterable[SubjectRow]) -> dict[tuple[str, str], int]:
    """Kind and code → number of those that are known."""
    return subjects(row.key for row in rows)


def met(rows: Iterable[SubjectRow]) -> dict[tuple[str, str], int]:
    """Kind and code → number; those not yet known are written as they are told."""
    told: Mapping[tuple[str, str], SubjectRow] = {row.key: row for row in rows}
    found = subjects(told)
    absent = [told[key] for key in sorted(told.keys() - found.keys())]
    if absent:
        made = [Subject(kind=row.kind, code=row.code, name=row.name, region=row.region) for row in absent]
        Subject.objects.bulk_create(made, batch_size=_BATCH, ignore_conflicts=True)
        found |= known(absent)
    return found


def met_anew(rows: Iterable[SubjectRow]) -> None:
    """Writes each as the next edition of its code: it is not registered, or no longer. 2 queries a 400 rows."""
    told = tuple(rows)
    for group in batched(told, _BATCH):
        newest = Subject.objects.filter(code__in=[row.code for row in group]).order_by("edition")
        editions = {(kind, code): edition for kind, code, edition in newest.values_list("kind", "code", "edition")}
        made = (
            Subject(
                kind=row.kind, code=row.code, name=row.name, region=row.region, edition=editions.get(row.key, -1) + 1
            )
            for row in group
        )
        Subject.objects.bulk_create(made, ignore_conflicts=True)
