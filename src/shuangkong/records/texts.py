"""Columns of text that hold what fits, on every database: SQLite would keep any length, PostgreSQL would fail.

Whoever stores, by whatever way, is told which text and how long it may be; nothing is cut without a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from shuangkong.records.refusal import Refused

if TYPE_CHECKING:
    _Line = models.CharField[str, str]
    _Text = models.TextField[str, str]
else:  # generic in the type stubs only
    _Line, _Text = models.CharField, models.TextField

#: The sign that no database keeps in a text.
NUL = "\0"
_BRIEF = 12


class LineField(_Line):
    """A line of at most ``max_length`` signs. For migrations it is Django's own."""

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        fitting(value, self.max_length, self.attname)
        return super().get_db_prep_save(value, connection)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class TextField(_Text):
    """Text of any length. For migrations it is Django's own."""

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        fitting(value, None, self.attname)
        return super().get_db_prep_save(value, connection)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


def fitting(value: object, most: int | None, field: str) -> None:
    """Raises Refused where a text is longer than ``most`` signs, or has the sign that no database keeps."""
    if not isinstance(value, str):
        return
    if NUL in value:
        zh = f"“{_beginning(value)}”里有不可见的空字符（U+0000）。请重新输入，不要从程序里粘贴。"
        raise Refused("TXT-101", zh, "The text holds a NUL sign: type it anew.", field)
    if most is not None and len(value) > most:
        raise Refused(
            "TXT-102",
            f"“{_beginning(value)}”太长：最多 {most} 个字，现有 {len(value)} 个。请缩短。",
            f"Too long: at most {most} signs, found {len(value)}. Shorten it.",
            field,
        )


def brief(text: str, most: int) -> str:
    """At most ``most`` signs of a text that the machine takes from a document; what is left out is told by …."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _beginning(text: str) -> str:
    plain = text.replace(NUL, "")
    return plain if len(plain) <= _BRIEF else plain[:_BRIEF] + "…"
