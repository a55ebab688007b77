"""Values of loads: what is loaded, how, and what becomes of each row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shuangkong.core.finding import Message


class Sort(StrEnum):
    """What the rows of a table are."""

    TASKS = "tasks"  # 另行交办的任务
    OWNERS = "owners"  # 归口单位
    PROGRESS = "progress"  # 进展
    BODIES = "bodies"  # 责任单位及别名
    ENTERPRISES = "enterprises"  # 企业及外部编号
    APPOINTMENTS = "appointments"  # 授权


class Mode(StrEnum):
    """What a refused row does to the others."""

    WHOLE = "whole"  # 有一行不收，全部不写
    ACCEPTED = "accepted"  # 只写收下的行


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What becomes of one row. ``row`` counts as a spreadsheet does, the headings being row 1.

    ``column``, ``expected``, ``found`` and ``next`` are told of a refused row; ``what`` is its thing in a few words.
    """

    row: int
    verdict: Verdict
    what: str
    code: str = ""
    column: str = ""
    expected: Message | None = None
    found: str = ""
    next: Message | None = None

    @property
    def message(self) -> Message:
        """The whole in a sentence."""
        if self.verdict is not Verdict.REFUSED or self.expected is None or self.next is None:
            return _SAID[self.verdict]
        return Message(
            f"第 {self.row} 行“{self.column}”：应为{self.expected.zh}，实为“{self.found}”。{self.next.zh}",
            f"Row {self.row}, {self.column}: expected {self.expected.en}, found “{self.found}”. {self.next.en}",
        )


_SAID = {
    Verdict.NEW: Message("新增", "new"),
    Verdict.SAME: Message("已录入过，不动", "loaded before: left as it is"),
    Verdict.REFUSED: Message("不收", "refused"),
}


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load does, or would do. ``load`` is its number, None where nothing was written."""

    verdicts: tuple[RowVerdict, ...]
    load: int | None

    def count(self, verdict: Verdict) -> int:
        """How many rows have that verdict."""
        return sum(each.verdict is verdict for each in self.verdicts)


class RowRefused(Exception):
    """A row that cannot be taken in: which column, what was expected, what was found."""

    def __init__(self, code: str, column: str, expected: Message, found: str, then: Message | None = None) -> None:
        super().__init__(code)
        self.code, self.column, self.expected, self.found = code, column, expected, found
        self.next = then or Message("请改正后重新录入。", "Correct it and load again.")

    def verdict(self, row: int, what: str, heading: str) -> RowVerdict:
        """The verdict on a row whose column bears this heading."""
        return RowVerdict(row, Verdict.REFUSED, what, self.code, heading, self.expected, self.found[:80], self.next)
