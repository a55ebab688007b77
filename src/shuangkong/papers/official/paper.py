"""公文要素: what an official paper is made of, before it is set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shuangkong.papers.tables import DEMO_LABEL, FICTIONAL_LABEL


class Align(StrEnum):
    """How the cells of a column stand. DAY is in the middle, and breaks behind the year where it is narrow."""

    TEXT = "text"
    MIDDLE = "middle"
    FIGURE = "figure"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column; ``width`` is its share of the width of the block, in whatever measure the others use."""

    label: str
    width: float
    align: Align = Align.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """A table in smaller type; its head is repeated on every page that it runs on to."""

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``level`` 1 and 2 are headings (一、 and （一）), 0 all else; ``strong`` words go before it."""

    text: str
    level: int = 0
    strong: str = ""


type Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment, set on a page of its own."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What a paper says."""

    title: str
    blocks: tuple[Block, ...]
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """By whom, to whom and when a paper is issued. What the office has not decided yet is "" and stays blank.

    Attributes:
        issuer: full name of the issuing body (发文机关).
        signed_on: day of the paper (成文日期).
        head: what stands in red at the top; "" for the issuer's name with 文件.
        number: document number (发文字号); "" leaves room for it.
        addressees: whom it is sent to (主送).
        copies: to whom copies go (抄送).
        printed_by, printed_on: who printed it and when (印发机关、印发日期); "" for a paper without a closing block.
    """

    issuer: str
    signed_on: date
    head: str = ""
    number: str = ""
    addressees: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What a paper rests on, printed in small type at its end.

    Attributes:
        as_of: the day whose records it shows.
        rulebook: version of the policy files (Rulebook.version).
        journal, seal: number and digest of the journal's row that records its making.
        sources: plans or records it draws on, by title.
        is_demo, is_fictional: whether any of them is demo data, or invented; said on every page.
    """

    as_of: date
    rulebook: str
    journal: int
    seal: str
    sources: tuple[str, ...] = ()
    is_demo: bool = False
    is_fictional: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """演示数据, 虚构, both or none."""
        said = ((DEMO_LABEL, self.is_demo), (FICTIONAL_LABEL, self.is_fictional))
        return tuple(label for label, holds in said if holds)

    @property
    def statement(self) -> tuple[str, ...]:
        """The lines in small type."""
        sources = f"；依据：{'、'.join(self.sources)}" if self.sources else ""
        lines = (
            f"数据截至 {day(self.as_of)}；规则手册版本 {self.rulebook}{sources}。",
            f"出具记录：日志第 {self.journal} 号。",
            f"封印（SM3）：{self.seal}",
        )
        return (*lines, f"{'、'.join(self.labels)}：不作公文使用。") if self.labels else lines


class Head(StrEnum):
    """What stands at the top of the first page."""

    RED = "red"  # 发文机关标志、发文字号、红色分隔线
    MINUTES = "minutes"  # 纪要标志
    NONE = "none"  # 责任书: nothing above the title


@dataclass(frozen=True, slots=True)
class Party:
    """One who signs a responsibility letter: the body, and who signs for it ("" leaves room for a hand)."""

    name: str
    person: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. ``parties`` sign instead of the issuer where there are any."""

    issue: Issue
    basis: Basis
    content: Content
    head: Head = Head.RED
    parties: tuple[Party, ...] = ()


def day(on: date) -> str:
    """A day as official papers write it: figures, month and day without zeros in front."""
    return f"{on.year}年{on.month}月{on.day}日"


def attached(attachments: Sequence[Attachment]) -> tuple[str, ...]:
    """The marks of attachments: 附件 alone, or 附件1, 附件2 …"""
    return ("附件",) if len(attachments) == 1 else tuple(f"附件{at}" for at in range(1, len(attachments) + 1))
