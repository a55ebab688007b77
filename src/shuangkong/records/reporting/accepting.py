"""逐份接收: returns of the desk in which nothing is open are ticked and accepted, each by itself.

Each acceptance is a transaction of its own: one that cannot be accepted any more says why and holds up no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Q

from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.models import FoundFinding, LaterFinding
from shuangkong.records.reporting.own_filed import own_among
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.life import WAITING, EventKind

#: Returns that are accepted at once: each is written with its figures and its row of the journal.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Accepted:
    """``done``: those that were accepted; ``refused``: why others were not; None where the person sees no return of
    the number."""

    done: tuple[ReturnRow, ...]
    refused: tuple[tuple[ReturnRow | None, Refused], ...]


def without_open_findings(by: Acting, rows: Iterable[ReturnRow]) -> tuple[ReturnRow, ...]:
    """Of returns that wait those in which nothing waits for a judgement: no explanation in the version that stands,
    nothing grave found since it was signed. What the own body or the person filed another one judges. 3 queries."""
    mine = [row for row in rows if row.state in WAITING and not by.bodies & row.reporter.bodies]
    numbers = [row.id for row in mine]
    explained = FoundFinding.objects.filter(
        version__owned__in=numbers, version__number=F("version__owned__version"), explanation__isnull=False
    ).exclude(explanation__verdict="accepted")
    later = LaterFinding.objects.filter(owned__in=numbers, version=F("owned__version"))
    held = {*explained.values_list("version__owned", flat=True), *later.values_list("owned", flat=True)}
    sound = [row for row in mine if row.id not in held and may(by, Action.RETURN_REVIEW, row.where)]
    own = own_among((row.id for row in sound), by)
    return tuple(row for row in sound if row.id not in own)


def accept_read(by: Acting, read: Mapping[int, int | None], ground: str = "") -> Accepted:
    """Accepts what was read, each by itself, as ``acts.act`` does it.

    Args:
        read: return → the version that was read; None where it is not said, which is refused.

    Raises:
        Refused: RPT-909 nothing is ticked, or more than is accepted at once.
    """
    if not 0 < len(read) <= AT_ONCE:
        zh = f"没有勾选要接收的，或一次超过 {AT_ONCE} 份。请看过后勾选再接收。"
        raise Refused("RPT-909", zh, f"Tick what you have read and accept, {AT_ONCE} at most at once.", "accept")
    rows = store.returns(Q(pk__in=list(read)) & store.readable(by), "pk")
    done: list[ReturnRow] = []
    refused: list[tuple[ReturnRow | None, Refused]] = []
    for row in rows:
        try:
            act(row.id, by, EventKind.ACCEPT, Said(ground, version=read[row.id], names_version=True))
        except Refused as refusal:
            refused.append((row, refusal))
        else:
            done.append(row)
    for number in sorted(read.keys() - {row.id for row in rows}):
        refused.append((None, Refused("RPT-910", f"没有编号为 {number} 的报表。", f"There is no return {number}.")))
    return Accepted(tuple(done), tuple(refused))
