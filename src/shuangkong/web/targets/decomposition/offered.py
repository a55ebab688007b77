"""评分指标的现有数据: what the facts already say of a criterion stands in the cells that nobody has filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shuangkong.core.fact import Measure, State
from shuangkong.core.period import Period
from shuangkong.records.facts.looking import observations
from shuangkong.records.facts.rows import ObservationRow
from shuangkong.web.targets.decomposition.forms import Column, Line
from shuangkong.web.targets.decomposition.pieces import plain

_CRITERION = "c-"


def offered(lines: Sequence[Line], columns: Sequence[Column]) -> tuple[list[Line], list[str]]:
    """The lines with empty cells of criteria filled from the newest year's figure of the indicator of that name.

    With them what was filled in, in words: receiver, criterion, year and source. 1 query; what was typed stays.
    """
    keys = [column.key for column in columns if column.key.startswith(_CRITERION)]
    wanted = {key: key.removeprefix(_CRITERION) for key in keys}
    blank = {(each.kind, each.code) for each in lines if each.code and any(not value for _key, value in each.cells)}
    if not wanted or not blank:
        return list(lines), []
    newest: dict[tuple[str, str, str], ObservationRow] = {}
    for row in observations(wanted.values(), blank):
        if row.state is State.VALUE and row.measure is Measure.LEVEL and Period.parse(row.period).is_year:
            newest[row.indicator, row.subject_kind, row.subject_code] = row
    labels, said, made = {column.key: column.label for column in columns}, list[str](), []
    for each in lines:
        cells = []
        for key, value in each.cells:
            known = newest.get((wanted.get(key, ""), each.kind, each.code)) if not value else None
            cells.append((key, value if known is None else plain(known.value)))
            if known is not None:
                said.append(f"{each.name} · {labels[key]} · {known.period} · {known.source}")
        made.append(replace(each, cells=tuple(cells)))
    return made, said
