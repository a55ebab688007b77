"""谁考核谁: which table a superior assesses a subject by on a day, and how often, as policy lays it down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shuangkong.assessment.book import TABLES
from shuangkong.core.dated import Validity
from shuangkong.core.finding import Finding, Message
from shuangkong.core.trace import Clause
from shuangkong.policyfile import books, node
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.policyfile.values import starts_of

ROOM, WORD = "assessment", "assessors"


class Cycle(StrEnum):
    """How often: 半年、年度、中期、期末、离任."""

    HALF = "half"
    YEAR = "year"
    PLAN_MIDDLE = "plan_middle"
    PLAN_END = "plan_end"
    TERM = "term"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One duty to assess.

    Attributes:
        subjects: kind of subject; ``level``: of the region whose it is, ``register``: the list it stands in (千家,
            万家); empty: any.
        assessor: level of the government that assesses; ``executors``: its bodies, as a person would name them.
    """

    id: str
    name: Message
    subjects: str
    assessor: str
    executors: str
    table: str
    cycle: Cycle
    validity: Validity
    clause: Clause
    source: str
    level: str = ""
    register: str = ""

    def covers(self, kind: str, level: str, registers: frozenset[str]) -> bool:
        is_listed = not self.register or self.register in registers
        return self.subjects == kind and self.level in ("", level) and is_listed


def assessments(folder: PolicyFolder, layer: str) -> tuple[Assessment, ...]:
    """All duties of the nearest layer that has the list, in file order."""
    name = names_in_force(folder, chain(folder, layer), ROOM)[WORD]
    record = node.as_mapping(folder.require(name))
    return tuple(map(_assessment, record.listing("assessments").mappings()))


def assessments_of(
    duties: tuple[Assessment, ...], kind: str, level: str, registers: frozenset[str], day: date
) -> tuple[Assessment, ...]:
    """By whom and by which table a subject is assessed on a day; several where several superiors or tables do."""
    return tuple(duty for duty in duties if duty.validity.holds_on(day) and duty.covers(kind, level, registers))


def check_assessors(folder: PolicyFolder) -> Iterator[Finding]:
    """Tables that are not there, and subjects that a table is not for: a check of the whole folder."""
    for layer in folder.layers:
        read = folder.check(f"{layer}/{ROOM}/{WORD}.yaml") if folder.has(f"{layer}/{ROOM}/{WORD}.yaml") else None
        if read is None or read.findings or not isinstance(read.node, node.Mapping):
            continue
        names = names_in_force(folder, chain(folder, layer), TABLES)
        for record in read.node.listing("assessments").mappings():
            word = record.text("table")
            table = folder.check(names[word]).node if word in names else None
            subjects = table.listing("subjects").texts() if isinstance(table, node.Mapping) else ()
            if record.text("subjects") not in subjects:
                hint = nearness(nearest(word, names))
                yield refuse("POL-050", record.entries["table"].place, found=word, **hint)


def _assessment(record: node.Mapping) -> Assessment:
    name, at = books.message(record.mapping("name")), record.text("at")
    words = Message(f"{name.zh}（{at}）", f"{name.en} ({at})") if at else name
    return Assessment(
        id=record.text("id"),
        name=name,
        subjects=record.text("subjects"),
        assessor=record.text("assessor"),
        executors=record.text("executors"),
        table=record.text("table"),
        cycle=Cycle(record.text("cycle")),
        validity=Validity(starts_of(record), record.day("until")),
        clause=Clause(words, record.flag("verified", default=False)),
        source=record.text("source"),
        level=record.text("level"),
        register=record.text("register"),
    )
