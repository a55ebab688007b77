"""逐家签报: drafts of many units are shown, some at a time, and those that were read are signed, each by itself.

Each signature is a transaction of its own, so that a run which stops in its midst leaves every return whole: signed, or
a draft that waits. Nobody signs what was not shown: a draft that says something else by now is refused and stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from shuangkong.core.period import Period
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.attaching import sealed_with
from shuangkong.records.reporting.bulk import Verdict
from shuangkong.records.reporting.checking import checked_many
from shuangkong.records.reporting.earlier import earlier_of
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.forms import edition_of
from shuangkong.records.reporting.models import Draft
from shuangkong.records.reporting.rows import Receipt, ReturnRow, finding_key
from shuangkong.records.reporting.to_sign import ToSign, to_sign
from shuangkong.reporting.checks.run import Found
from shuangkong.reporting.content import Content
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import IN_FORCE, OWED

#: Drafts that are shown and signed at once: each is held against the checks, which takes some hundredths of a second.
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class ToRead:
    """A draft as it would be signed: ``told``, with the files beside it; ``last`` of the period before; ``verdict``
    what the checks say to it."""

    row: ReturnRow
    form: Form
    told: ToSign
    last: Content | None
    verdict: Verdict

    @property
    def is_correction(self) -> bool:
        return self.row.state in IN_FORCE

    @property
    def is_ready(self) -> bool:
        return self.told.clash is None and self.verdict.is_ready

    @property
    def explained(self) -> tuple[tuple[Found, str], ...]:
        """What the checks found and the unit explained, with its words: they are signed as well."""
        found = ((each, self.told.said.get(finding_key(each.code, each.place), "")) for each in self.verdict.found)
        return tuple((each, words.strip()) for each, words in found if words.strip())


@dataclass(frozen=True, slots=True)
class Signatures:
    """``signed``: receipts; ``refused``: why a return could not be signed; ``gone``: numbers of those that were asked
    for and are not the person's any more, or never were, and what to say of them."""

    signed: tuple[tuple[ReturnRow, Receipt], ...]
    refused: tuple[tuple[ReturnRow, Refused], ...]
    gone: tuple[tuple[int, Refused], ...] = ()


def to_read(by: Acting, form: str, period: str, after: int = 0) -> tuple[tuple[ToRead, ...], int | None]:
    """Drafts that the person may sign, in the order of their returns from ``after`` on; and the return to go on after,
    None at the end. ~8 queries for a page of one place."""
    waits = Q(form=form, period=period, state__in=(*OWED, *IN_FORCE), draft__isnull=False, pk__gt=after)
    rows = store.returns(waits & store.signable(by), "pk", count=AT_ONCE + 1)
    shown = rows[:AT_ONCE]
    if not shown:
        return (), None
    drafts = {each.owned_id: each for each in Draft.objects.filter(owned__in=[row.id for row in shown])}
    files, when = sealed_with(list(drafts)), Period.parse(period)
    told = {row.id: to_sign(row, drafts.get(row.id), files.get(row.id, ())) for row in shown}
    laws = {row.id: edition_of(form, told[row.id].content.edition, when, row.reporter.region) for row in shown}
    judged = checked_many([(laws[row.id], told[row.id].content, row) for row in shown])
    before = earlier_of([row.reporter.id for row in shown], laws[shown[0].id], when)
    found = [
        ToRead(
            row, laws[row.id], told[row.id], before[row.reporter.id].last,
            Verdict(row, 0, (), judged[row.id].findings, _said(told[row.id])),
        )
        for row in shown
    ]  # fmt: skip
    return tuple(found), shown[-1].id if len(rows) > AT_ONCE else None


def _said(told: ToSign) -> frozenset[str]:
    return frozenset(key for key, text in told.said.items() if text.strip())


def sign_read(by: Acting, read: Mapping[int, str], ground: str = "", terminal: str = "") -> Signatures:
    """Signs what was read, each by itself; what is not ready, or not what was read, is told and stays a draft.

    Args:
        read: return → mark of what was shown.
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
    rows = store.returns(Q(pk__in=list(read)) & store.readable(by, Action.RETURN_SIGN), "pk")
    for row in rows:
        told = ToSubmit(shown=read[row.id], ground=ground, channel="file", terminal=terminal)
        try:
            signed.append((row, submit(row.id, by, told)))
        except Refused as refusal:
            refused.append((row, refusal))
    gone = sorted(read.keys() - {row.id for row in rows})
    return Signatures(tuple(signed), tuple(refused), tuple((number, _gone()) for number in gone))


def _gone() -> Refused:
    zh = "这份报表现在不归您签报：委托已经终止，或报表已经撤销。没有签。请与委托您的单位联系。"
    en = "The return is not yours to sign: the agreement has ended, or it was cancelled. Ask the unit."
    return Refused("RPT-979", zh, en, "return")
