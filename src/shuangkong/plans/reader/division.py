"""任务分工表: bodies that a table at the end hands out, joined to the items it names."""

from __future__ import annotations

import re
from dataclasses import replace

from shuangkong.plans.reading import AnnexTable, Body, Cell, Item, Role, Row

#: Column heads of a division table; the first that fits decides the role.
_ROLES = (
    (re.compile(r"牵头|主办|主责"), Role.LEAD),
    (re.compile(r"配合|参加|参与|协办|协助"), Role.PARTICIPANT),
    (re.compile(r"责任(?:单位|部门|主体)|承办|落实单位"), Role.SHARED),
)
_NUMBER = re.compile(
    r"（[一二三四五六七八九十百]+）|第[一二三四五六七八九十百]+条|[一二三四五六七八九十]+（[一二三四五六七八九十]+）\d*"
)


def divided(items: tuple[Item, ...], tables: list[AnnexTable]) -> tuple[Item, ...]:
    """``items`` with the bodies of every division table among ``tables``; an item that has its own bracket keeps it."""
    given: dict[str, list[Body]] = {}
    for table in tables:
        roles = _roles(table)
        if not roles:
            continue
        for row in table.rows:
            item = _named(row, items)
            if item is not None:
                given.setdefault(item.no, []).extend(_bodies(row, roles))
    return tuple(
        replace(item, bodies=tuple(given[item.no])) if item.no in given and not item.bodies else item for item in items
    )


def _roles(table: AnnexTable) -> dict[int, Role]:
    found = {
        index: role
        for index, column in enumerate(table.columns)
        for role in [next((role for pattern, role in _ROLES if pattern.search(column.header)), None)]
        if role is not None
    }
    if Role.LEAD in found.values():
        # 责任单位 beside 牵头单位 take part.
        return {index: Role.PARTICIPANT if role is Role.SHARED else role for index, role in found.items()}
    if Role.PARTICIPANT in found.values():
        return {index: Role.LEAD if role is Role.SHARED else role for index, role in found.items()}
    return found


def _named(row: Row, items: tuple[Item, ...]) -> Item | None:
    """The item that a row is about: by its printed number, else by its title."""
    texts = [cell.text for cell in row.cells]
    for text in texts:
        for match in _NUMBER.finditer(text):
            found = [item for item in items if item.no == match[0]]
            if len(found) == 1:
                return found[0]
    return next((item for item in items if any(item.title and item.title in text for text in texts)), None)


def _bodies(row: Row, roles: dict[int, Role]) -> list[Body]:
    return [
        Body(name, _settled(role, cell), cell.span)
        for index, role in roles.items()
        if index < len(row.cells)
        for cell in [row.cells[index]]
        for name in _names(cell)
    ]


def _settled(role: Role, cell: Cell) -> Role:
    return Role.LEAD if role is Role.SHARED and len(_names(cell)) == 1 else role


def _names(cell: Cell) -> list[str]:
    return [
        name
        for part in re.split(r"[、，；,;]", cell.text)
        if (name := re.sub(r"等(?:有关)?(?:部门|单位)?$", "", part)) and name not in "—-无"
    ]
