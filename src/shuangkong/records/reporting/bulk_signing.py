"""逐家签报: drafts of many units are shown, some at a time, and those that were read are signed, each by itself.

Each signature is a transaction of its own, so that a run which stops in its midst leaves every return whole: signed, or
a draft that waits. Nobody signs what was not shown: a draft that says something else by now is refused and stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Q

from shuangkong.core.period import Period
from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.attaching import sealed_with
from shuangkong.records.reporting.bulk import Verdict
from shuangkong.records.reporting.checking import checked
from shuangkong.records.reporting.drafting import draft_content, said_so_far
from shuangkong.records.reporting.earlier import earlier
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.forms import edition_of
from shuangkong.records.reporting.models import Draft
from shuangkong.records.reporting.rows import Receipt, ReturnRow
from shuangkong.reporting.content import Beside, Content
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import IN_FORCE, OWED

#: Drafts that are shown and signed at once: each is held against the checks, which takes some hundredths of a second.
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class ToRead:
    """A draft as it would be signed: ``content`` with the files beside it, ``last`` of the period before; ``verdict``
    what the checks say to it."""

    row: ReturnRow
    form: Form
    content: Content
    last: Content | None
    verdict: Verdict

    @property
    def is_correction(self) -> bool:
        return self.row.state in IN_FORCE


@dataclass(frozen=True, slots=True)
class Signatures:
    """``signed``: receipts; ``refused``: why a return could not be signed."""

    signed: tuple[tuple[ReturnRow, Receipt], ...]
    refused: tuple[tuple[ReturnRow, Refused], ...]


def to_read(by: Acting, form: str, period: str, after: int = 0) -> tuple[tuple[ToRead, ...], int | None]:
    """Drafts that the person may sign, in the order of their returns from ``after`` on; and the return to go on after,
    None at the end. ~6 queries a draft."""
    waits = Q(form=form, period=period, state__in=(*OWED, *IN_FORCE), draft__isnull=False, pk__gt=after)
    rows = store.returns(waits & store.readable(by, Action.RETURN_SIGN), "pk", count=AT_ONCE)
    drafts = {each.owned_id: each for each in Draft.objects.filter(owned__in=[row.id for row in rows])}
    files = sealed_with(list(drafts))
    # Whoever was entrusted with the filling in alone does not sign.
    found = [
        _to_read(row, drafts.get(row.id), files.get(row.id, ()))
        for row in rows
        if may(by, Action.RETURN_SIGN, row.where_signed)
    ]
    return tuple(found), rows[-1].id if len(rows) == AT_ONCE else None


def _to_read(row: ReturnRow, kept: Draft | None, files: tuple[Beside, ...]) -> ToRead:
    content = replace(draft_content(row, kept), files=files)
    period = Period.parse(row.period)
    form = edition_of(row.form, content.edition, period, row.reporter.region)
    said = frozenset(key for key, text in said_so_far(row, kept).items() if text.strip())
    verdict = Verdict(row, 0, (), checked(form, content, row).findings, said)
    return ToRead(row, form, content, earlier(row.reporter.id, form, period).last, verdict)


def sign_read(by: Acting, read: Mapping[int, str], ground: str = "", terminal: str = "") -> Signatures:
    """Signs what was read, each by itself; what is not ready, or not what was read, is told and stays a draft.

    Args:
        read: return → digest of what was shown.
        ground: why those are corrected that were accepted before.

    Raises:
        Refused: RPT-944 nothing was read, or more than is shown at once; RPT-936 of one it is not said what was read.
    """
    if not 0 < len(read) <= AT_ONCE:
        zh = f"没有勾选要签报的，或一次超过 {AT_ONCE} 家。请看过后勾选再签。"
        raise Refused("RPT-944", zh, f"Tick what you have read and sign, {AT_ONCE} at most at once.", "return")
    if not all(read.values()):
        zh = "没有说明签的是哪份内容，没有提交。请打开签报页，看过内容再签报。"
        raise Refused("RPT-936", zh, "It does not say what is signed; nothing was submitted. Look at it first.")
    signed: list[tuple[ReturnRow, Receipt]] = []
    refused: list[tuple[ReturnRow, Refused]] = []
    for row in store.returns(Q(pk__in=list(read)) & store.readable(by, Action.RETURN_SIGN), "pk"):
        told = ToSubmit(shown=read[row.id], ground=ground, channel="file", terminal=terminal)
        try:
            signed.append((row, submit(row.id, by, told)))
        except Refused as refusal:
            refused.append((row, refusal))
    return Signatures(tuple(signed), tuple(refused))
