"""A column for reported numbers: every printed digit is kept, on every database."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:  # generic in the type stubs only
    _Field = models.Field


class ExactDecimalField(_Field):
    """A Decimal as printed: ``15`` and ``15.0`` stay apart.

    Text on SQLite, whose NUMERIC would go through a binary float.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "numeric" if connection.vendor == "postgresql" else "text"

    def from_db_value(self, value: object, *_: object) -> Decimal | None:
        return None if value is None else Decimal(str(value))

    def to_python(self, value: object) -> Decimal | None:
        return value if value is None or isinstance(value, Decimal) else Decimal(str(value))

    def get_prep_value(self, value: object) -> object:
        return None if value is None else format(Decimal(str(value)), "f")

    def get_db_prep_value(self, value: object, connection: BaseDatabaseWrapper, prepared: bool = False) -> object:
        text = value if prepared else self.get_prep_value(value)
        return Decimal(str(text)) if text is not None and connection.vendor == "postgresql" else text
