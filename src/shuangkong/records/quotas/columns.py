"""The columns of a file of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shuangkong.records.quotas.rows import Told
from shuangkong.records.refusal import Refused


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """``name`` is the field of Told and the English heading, ``heading`` that of the form."""

    name: str
    heading: str
    takes: str
    is_required: bool = False
    choices: tuple[str, ...] = ()


COLUMNS: tuple[LedgerColumn, ...] = (
    LedgerColumn("act", "动作", "核发、转让、核销或撤销核发", True, ("核发", "转让", "核销", "撤销核发")),
    LedgerColumn("batch", "批号", "绿证编号中相同的部分", True),
    LedgerColumn("first", "起号", "这一段的第一个号码", True),
    LedgerColumn("last", "止号", "这一段的最后一个号码", True),
    LedgerColumn("giver", "转出方", "账户名称或 #编号；核发时空着"),
    LedgerColumn("taker", "转入方", "账户名称或 #编号；核销、撤销核发时空着"),
    LedgerColumn("on", "日期", "年-月-日", True),
    LedgerColumn("has_power", "带物理电量", "是或否（默认）；随物理电量交易的写“是”", False, ("是", "否")),
    LedgerColumn("ground", "依据", "凭证名称和编号；空着则用整个文件的依据"),
    LedgerColumn("document", "文件", "任意说明"),
)


def rows_told(rows: Sequence[Sequence[str]]) -> list[Told]:
    """The rows of a sheet under its headings, empty ones left out.

    Raises:
        Refused: no headings, one that is none of ours, or one that must be there and is not.
    """
    headings = {word: each.name for each in COLUMNS for word in (each.heading, each.name)}
    first = [cell.strip() for cell in rows[0]] if rows else []
    unknown = [word for word in first if word and word not in headings]
    names = [headings.get(word, "") for word in first]
    lacking = [each.heading for each in COLUMNS if each.is_required and each.name not in names]
    if unknown or lacking:
        wrong = "、".join([*(f"不认识“{word[:20]}”" for word in unknown), *(f"缺“{word}”" for word in lacking)])
        zh = f"表头不对：{wrong}。请用模板的表头。"
        raise Refused("QTA-210", zh, f"Wrong headings: {wrong}. Use those of the form.", "heading")
    cells = [{name: cell.strip() for name, cell in zip(names, row, strict=False) if name} for row in rows[1:]]
    return [Told(**{each.name: row.get(each.name, "") for each in COLUMNS}) for row in cells if any(row.values())]
