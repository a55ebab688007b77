"""政策文件 → 公布的表: the YAML that says what each table is, and the CSV beside it that holds its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from shuangkong.core.finding import Finding
from shuangkong.core.period import Period
from shuangkong.outlook.barometer.level import Level
from shuangkong.outlook.barometer.rule import Confidence
from shuangkong.outlook.barometer.rule_book import BAROMETER
from shuangkong.outlook.history.published import (
    Doubt,
    Ground,
    History,
    PublishedChange,
    PublishedPromise,
    PublishedTable,
)
from shuangkong.policyfile import books, node
from shuangkong.policyfile.codelist import CodeRow, read_rows
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.layers import names_in_force
from shuangkong.policyfile.refusal import refuse

_FOLDER = f"{books.NATION}/outlook/history"
LEVELS = f"{_FOLDER}/published_levels.yaml"
CHANGES = f"{_FOLDER}/yearly_changes.yaml"
PROMISES = f"{_FOLDER}/plan_promises.yaml"
DOUBTS = f"{_FOLDER}/published_doubts.yaml"
_LEVEL_COLUMNS = ("table", "region", "level")
#: Levels of intensities (tce and kWh per 10⁴ yuan) stand beside their changes in %.
CHANGE_COLUMNS = (
    "energy_intensity_change",
    "consumption_growth",
    "electricity_intensity_change",
    "industry_intensity_change",
    "energy_intensity",
    "electricity_intensity",
    "industry_intensity",
)
PROMISE_COLUMNS = ("decline", "base_consumption", "increment_cap")
#: Whole countries stand in bulletins beside their regions.
_NATION_CODE = "000000"


def history(folder: PolicyFolder) -> History:
    """All published tables.

    Raises:
        PolicyRefused: a file or its CSV cannot be used.
    """
    findings = tuple(check_history(folder))
    if findings:
        raise PolicyRefused(findings)
    changes = tuple(_changes(folder))
    promises = tuple(_promises(folder))
    return History(
        tables=tuple(_tables(folder)),
        changes={(each.region, each.period): each for each in changes},
        promises={(each.region, each.plan): each for each in promises},
        doubts=tuple(_doubts(folder)),
    )


def check_history(folder: PolicyFolder) -> Iterator[Finding]:
    """Rows of no table, codes of no region, levels and figures that are none: a check of the whole folder."""
    if not folder.has(LEVELS):
        return
    regions = frozenset(each.code for each in books.regions(folder).regions) | {_NATION_CODE}
    declared = node.as_mapping(folder.require(LEVELS))
    tables = {item.text("id"): item for item in declared.listing("tables").mappings()}
    levels, findings = _rows(folder, LEVELS, _LEVEL_COLUMNS)
    yield from findings
    counts = Counter(row.cells["table"] for row in levels)
    for row in levels:
        yield from _unknown(row, "table", tables)
        yield from _unknown(row, "region", regions)
        yield from _unknown(row, "level", [str(int(level)) for level in Level])
    judging = names_in_force(folder, (books.NATION,), BAROMETER)
    for key, item in tables.items():
        if item.text("rule") not in judging:
            words = "、".join(judging)
            yield refuse("POL-018", item.place, expected=words, expected_en=words, found=item.text("rule"))
        if "count" in item and counts[key] != item.number("count"):
            yield refuse("POL-031", item.place, problem=f"{key} 应有 {item.number('count')} 行，实有 {counts[key]} 行",
                         problem_en=f"{key}: expected {item.number('count')} rows, found {counts[key]}")  # fmt: skip
    yield from _repeated(levels, ("table", "region"))
    for file, key, columns in ((CHANGES, "period", CHANGE_COLUMNS), (PROMISES, "plan", PROMISE_COLUMNS)):
        yield from _check_figures(folder, file, key, columns, regions)
    yield from _check_doubts(folder, tables)


def _check_figures(
    folder: PolicyFolder, file: str, key: str, columns: tuple[str, ...], regions: frozenset[str]
) -> Iterator[Finding]:
    rows, findings = _rows(folder, file, ("region", key, *columns, "letter"))
    yield from findings
    letters = node.as_mapping(folder.require(file)).mapping("letters").entries
    for row in rows:
        yield from _unknown(row, "region", regions)
        yield from _unknown(row, "letter", letters)
        for column in columns:
            if row.cells[column] and _number(row.cells[column]) is None:
                yield _bad(row, row.cells[column])
        if not _is_period(row.cells[key]):
            yield _bad(row, row.cells[key])
    yield from _repeated(rows, ("region", key))


def _check_doubts(folder: PolicyFolder, tables: Mapping[str, node.Mapping]) -> Iterator[Finding]:
    for item in node.as_mapping(folder.require(DOUBTS)).listing("doubts").mappings():
        if item.text("table") not in tables:
            words = "、".join(tables)
            place = item.key_places["table"]
            yield refuse("POL-018", place, expected=words, expected_en=words, found=item.text("table"))


def _tables(folder: PolicyFolder) -> Iterator[PublishedTable]:
    rows, _ = _rows(folder, LEVELS, _LEVEL_COLUMNS)
    for item in node.as_mapping(folder.require(LEVELS)).listing("tables").mappings():
        mine = (row.cells for row in rows if row.cells["table"] == item.text("id"))
        yield PublishedTable(
            id=item.text("id"),
            period=Period.parse(item.text("period")),
            rule=item.text("rule"),
            within=item.text("within"),
            is_complete=item.flag("complete", default=False),
            is_derived=item.flag("derived", default=False),
            ground=_ground(item),
            levels={cells["region"]: Level(int(cells["level"])) for cells in mine},
        )


def _changes(folder: PolicyFolder) -> Iterator[PublishedChange]:
    for row, ground, figures in _figures(folder, CHANGES, "period", CHANGE_COLUMNS):
        yield PublishedChange(row.cells["region"], Period.parse(row.cells["period"]), figures, ground)


def _promises(folder: PolicyFolder) -> Iterator[PublishedPromise]:
    for row, ground, figures in _figures(folder, PROMISES, "plan", PROMISE_COLUMNS):
        yield PublishedPromise(row.cells["region"], Period.parse(row.cells["plan"]), figures, ground)


def _figures(
    folder: PolicyFolder, file: str, key: str, columns: tuple[str, ...]
) -> Iterator[tuple[CodeRow, Ground, dict[str, Decimal]]]:
    letters = node.as_mapping(folder.require(file)).mapping("letters").entries
    grounds = {letter: _ground(node.as_mapping(item)) for letter, item in letters.items()}
    for row in _rows(folder, file, ("region", key, *columns, "letter"))[0]:
        told = ((column, _number(row.cells[column])) for column in columns if row.cells[column])
        yield row, grounds[row.cells["letter"]], {column: each for column, each in told if each is not None}


def _doubts(folder: PolicyFolder) -> Iterator[Doubt]:
    for item in node.as_mapping(folder.require(DOUBTS)).listing("doubts").mappings():
        message = books.message(item.mapping("message"))
        yield Doubt(item.text("table"), item.text("region"), item.text("reason"), message, item.text("source"))


def _ground(item: node.Mapping) -> Ground:
    is_verified = item.flag("verified", default=False)
    confidence = Confidence(item.text("confidence"))
    return Ground(item.text("source"), item.text("at"), confidence, is_verified, item.text("note"))


def _rows(folder: PolicyFolder, file: str, columns: tuple[str, ...]) -> tuple[tuple[CodeRow, ...], tuple[Finding, ...]]:
    declared = node.as_mapping(folder.require(file))
    beside = f"{file.rsplit('/', 1)[0]}/{declared.text('file')}"
    read = read_rows(folder.path(beside), folder.shown(beside), columns, declared.key_places["file"])
    return read.rows, read.findings


def _unknown(row: CodeRow, column: str, known: Container[str]) -> Iterator[Finding]:
    if row.cells[column] not in known:
        yield _bad(row, row.cells[column])


def _bad(row: CodeRow, text: str) -> Finding:
    return refuse("POL-031", row.place, problem=f"“{text}”读不成应有的内容", problem_en=f"“{text}” is not what is due")


def _repeated(rows: tuple[CodeRow, ...], columns: tuple[str, str]) -> Iterator[Finding]:
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        key = tuple(row.cells[column] for column in columns)
        if key in seen:
            yield refuse("POL-031", row.place, problem="重复的行", problem_en="the row stands twice")
        seen.add(key)


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _is_period(text: str) -> bool:
    try:
        Period.parse(text)
    except ValueError:
        return False
    return True
