"""A column for the path of a region, "/210000/210100/": whatever lies below is one range of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Q

if TYPE_CHECKING:
    _Field = CharField[str, str]
else:  # generic in the type stubs only
    _Field = CharField

SEPARATOR = "/"
#: The character behind the separator, in the order of character codes.
_BEHIND = chr(ord(SEPARATOR) + 1)


class PathField(_Field):
    """Text compared by character codes: where a database sorts by language, slashes would not count."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        plain = super().db_type(connection)
        return f'{plain} COLLATE "C"' if connection.vendor == "postgresql" else plain


def below(path: str, field: str = "path") -> Q:
    """Everything at ``path`` and below it; "/" and "" are the whole tree."""
    if path in ("", SEPARATOR):
        return Q()
    return Q(**{f"{field}__gte": path, f"{field}__lt": path.removesuffix(SEPARATOR) + _BEHIND})


def is_below(path: str, above: str) -> bool:
    """Whether ``path`` is ``above`` or lies below it; "/" and "" are the whole tree."""
    return path.startswith(above or SEPARATOR)
