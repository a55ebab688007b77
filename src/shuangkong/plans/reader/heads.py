"""表头: where the heads of a table end, and the tiers that stand over each of its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from shuangkong.plans.reader.pieces import NUMBER, Grown, Piece, is_group, is_value

#: The texts over one column from top to bottom; a text that spans several tiers or columns is given to each once.
Tiers = tuple[str, ...]

_BARE_YEAR = re.compile(r"20\d\d年?")
_TIME = re.compile(r"20\d\d年?(?:底|末)?(?:目标|实际|指标|任务)?|“[一二三四五六七八九十]{1,3}五”(?:时期|期间)?")
_PAST = re.compile(r"(?:实际|现状|基数|基准|完成)(?:值|数|量|情况)?")
_MEMBER = re.compile(
    r"实际|目标|变化|幅度|下降|降低|减排|削减|增长|提高|排放量|总量|强度|数值|完成|基本|激励|力争|任务|（[^（）]+）$"
)


def parted(rows: Grown) -> tuple[Grown, Grown]:
    """(heads, data). The heads end before the first row that holds a value or groups those below; none may be there."""
    captions = next((at for at, row in enumerate(rows) if len(row) > 1), 0)
    rows = rows[captions:] if captions and not is_group(rows[0][0].text) else rows
    if rows and len(rows[0]) > 1 and all(_is_amount(piece.text) for piece in rows[0][1:]):
        return [], rows
    for index, row in enumerate(rows):
        if index and (len(row) == 1 or _holds_values(row)):
            return rows[:index], rows[index:]
    return rows[:1], rows[1:]


def _is_amount(text: str) -> bool:
    """A number that is no year: years may head their columns."""
    return bool(NUMBER.match(text)) and not _BARE_YEAR.fullmatch(text)


def _holds_values(row: list[Piece]) -> bool:
    """Whether a row is one of data; years alone are a second tier of the head."""
    values = [piece.text for piece in row[1:] if is_value(piece.text)]
    return any(not _BARE_YEAR.fullmatch(text) for text in values)


def tiers_of(heads: Grown, width: int) -> tuple[list[Tiers], bool]:
    """The tiers over each of ``width`` columns, and whether they are certain (False: cells of a flat head are left)."""
    if not heads:
        return [()] * width, True
    if all(len(row) == width for row in heads):
        return [_down(column) for column in zip(*_filled(heads), strict=True)], True
    texts = [piece.text for row in heads for piece in row]
    flat = _rejoined(_told_apart(texts, width) if len(heads) == 1 else texts, width)
    if len(flat) <= width:
        return [(text,) for text in flat] + [()] * (width - len(flat)), len(flat) == width
    spread = _spread(flat, width, len(heads[-1]) if len(heads) == 2 else None)
    return (spread, True) if spread else ([(text,) for text in flat[:width]], False)


def _down(column: Sequence[str]) -> Tiers:
    tiers: list[str] = []
    for text in column:
        if text and text not in tiers:
            tiers.append(text)
    return tuple(tiers)


def _filled(heads: Grown) -> list[list[str]]:
    """Texts of the head; an empty cell beside a spanning head, over a text of its own, is covered by that head."""
    texts = [[piece.text for piece in row] for row in heads]
    for upper, lower in pairwise(texts):
        for at in range(1, len(upper)):
            if not upper[at] and upper[at - 1] and lower[at] and lower[at - 1]:
                upper[at] = upper[at - 1]
    return texts


def _told_apart(flat: list[str], width: int) -> list[str]:
    """Heads that a page ran together (…比例（%）2020年…减排量（吨）), parted behind a unit while columns lack one."""
    parted_heads = [part for text in flat for part in re.split(r"(?<=）)(?=20\d\d年|“)", text)]
    return parted_heads if len(flat) < len(parted_heads) <= width else flat


def _rejoined(flat: list[str], width: int) -> list[str]:
    """Parts of a head that a page broke in two (（万 吨）; 2020年 实际值) put together, while there are too many."""
    joined: list[str] = []
    for text in flat:
        ahead = joined[-1] if joined else ""
        is_rest = ahead.count("（") > ahead.count("）") or (_BARE_YEAR.fullmatch(ahead) and _PAST.fullmatch(text))
        if is_rest and len(flat) > width:
            joined[-1] += text
        else:
            joined.append(text)
    return joined


def _spread(flat: list[str], width: int, members: int | None) -> list[Tiers]:
    """A two-tier head given cell by cell: whole columns, then the spanning heads, then their members.

    ``members`` is how many cells the lower tier has, None where not known. Empty where nothing fits well.
    """
    spanning = len(flat) - width
    best: tuple[int, list[Tiers]] = (2, [])
    for count in [members] if members else range(max(2, spanning), width):
        own, heads, lower = flat[: width - count], flat[width - count : -count], flat[-count:]
        blocks = _shared_out(heads, lower)
        if count >= width or count < spanning or not blocks:
            continue
        score = (
            2 * all(_TIME.fullmatch(head) for head in heads)
            + all("（" not in head for head in heads)
            + 2 * all(_MEMBER.search(text) or _BARE_YEAR.fullmatch(text) for text in lower)
            + 2 * (len(blocks) > 1 and all(block == blocks[0] for block in blocks))
            - 3 * any(_BARE_YEAR.fullmatch(text) for text in own)
            - 3 * (any(map(_TIME.fullmatch, heads)) and any(map(_BARE_YEAR.fullmatch, lower)))
            + 3 * (members is not None)
        )
        if score > best[0]:
            columns: list[Tiers] = [(text,) for text in own]
            columns += [(head, text) for head, block in zip(heads, blocks, strict=True) for text in block]
            best = (score, columns)
    return best[1]


def _shared_out(heads: list[str], lower: list[str]) -> list[list[str]]:
    """The members of each spanning head: in equal shares; where that does not go, what is past under the first."""
    if len(lower) % len(heads) == 0:
        share = len(lower) // len(heads)
        return [lower[at : at + share] for at in range(0, len(lower), share)]
    past = next((at for at, text in enumerate(lower) if not _PAST.search(text)), 0)
    return [lower[:past], lower[past:]] if len(heads) == 2 and past else []
