"""将签的内容: what would be sealed if a return were signed now, and the mark that names what a signatory read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from shuangkong.core.digest import sm3
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.drafting import base_of, draft_content, said_so_far
from shuangkong.records.reporting.models import Draft
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.content import Beside, Content
from shuangkong.reporting.correction import Conflict, rebased, rebased_keys
from shuangkong.reporting.life import IN_FORCE


@dataclass(frozen=True, slots=True)
class ToSign:
    """A return as it would be signed: the figures, what is said to findings, the version that it takes the place of.

    ``clash``: it cannot be signed, for it changes what was changed meanwhile; ``content`` is then what the draft says.
    """

    content: Content
    said: Mapping[str, str]
    in_force: int | None
    clash: Refused | None = None

    @property
    def mark(self) -> str:
        return mark_of(self.content, self.said, self.in_force)


def to_sign(row: ReturnRow, kept: Draft | None, files: tuple[Beside, ...] = ()) -> ToSign:
    """What would be signed of a return as it is kept. No query with a draft; 2 where another correction came first."""
    content = replace(draft_content(row, kept), files=files)
    return would_sign(row, kept.base if kept else None, content, said_so_far(row, kept))


def would_sign(row: ReturnRow, base: int | None, content: Content, said: Mapping[str, str]) -> ToSign:
    """The same of what stands in ``content``, begun on version ``base``."""
    clash = None
    if row.state in IN_FORCE:
        try:
            content = as_corrected(row, base, content)
        except Refused as refusal:
            clash = refusal
    return ToSign(content, said, row.standing.in_force, clash)


def mark_of(content: Content, said: Mapping[str, str], in_force: int | None) -> str:
    """SM3 of all that a signatory is shown: words changed, or another version in force, is another mark."""
    words = sorted((key, text.strip()) for key, text in said.items() if text.strip())
    return sm3(json.dumps([content.digest, words, in_force], ensure_ascii=False).encode())


def as_corrected(row: ReturnRow, base: int | None, content: Content) -> Content:
    """What a correction says where another one was accepted since it was begun on ``base``. 2 queries then.

    Raises:
        Refused: RPT-922 there is no such version; RPT-923 both change the same places.
    """
    if (base or row.standing.in_force) == row.standing.in_force:
        return content
    began, now = base_of(row.id, base), base_of(row.id, row.standing.in_force)
    if began is None or now is None:
        raise Refused("RPT-922", f"没有第 {base} 版。", f"There is no version {base}.", "base")
    try:
        entries = rebased(began.entries, content.entries, now.entries)
    except Conflict as conflict:
        cells = "、".join(conflict.addresses[:5])
        zh = f"这些栏目在您改的同时已被另一次更正改过：{cells}。请刷新页面，看过现在的数再改。"
        raise Refused("RPT-923", zh, f"Changed meanwhile: {cells}. Load anew and look.", "content") from None
    return replace(content, entries=entries, keys=rebased_keys(began.keys, content.keys, now.keys, entries))


def require_as_shown(signed: ToSign, shown: str) -> None:
    """Raises Refused where something else would be signed than was ``shown`` (its mark; "": nothing was)."""
    if shown and shown != signed.mark:
        zh = "这份报表在您打开签报页以后又改过（数、说明，或已接收的一版），没有提交。请看过现在的内容再签报。"
        en = "The return was changed since the page was loaded: figures, explanations, or the version in force."
        raise Refused("RPT-926", zh, f"{en} Nothing was submitted. Look at it as it is now.")
