"""Texts and subjects that many figures share, and their numbers. What is written once stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import batched

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
    """Kind and code → number of those that are known. 1 query a kind and 400 codes."""
    by_kind: dict[str, set[str]] = {}
    for kind, code in wanted:
        by_kind.setdefault(kind, set()).add(code)
    found: dict[tuple[str, str], int] = {}
    for kind, codes in sorted(by_kind.items()):
        for group in batched(sorted(codes), _BATCH):
            rows = Subject.objects.filter(kind=kind, code__in=group).values_list("code", "pk")
            found |= {(kind, code): pk for code, pk in rows}
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
