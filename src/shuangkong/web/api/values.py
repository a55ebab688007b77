"""The kinds of values that a call may send and an answer may hold: what a database can keep, no more."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer, WithJsonSchema

#: The largest number of a row that a database gives.
_MOST = 2**63 - 1
#: Days far from any plan are slips of the pen, and cannot be reckoned with.
_FIRST_YEAR, _LAST_YEAR = 1_900, 2_999


def _near(day: date) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(f"a day from {_FIRST_YEAR} to {_LAST_YEAR}")
    return day


Number = Annotated[int, Field(ge=1, le=_MOST)]
Day = Annotated[date, AfterValidator(_near)]
#: A region's code (GB/T 2260, twelve digits at most).
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,12}$")]
#: Words; no sign that a database cannot keep.
Line = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]
Text = Annotated[str, Field(max_length=20_000, pattern=r"^[^\x00]*$")]
#: A figure is sent and answered as text: every digit as it was told.
FigureTold = Annotated[str, Field(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,9})?$")]
Figure = Annotated[Decimal, PlainSerializer(lambda told: format(told, "f"), return_type=str)]


def listed(words: type[StrEnum]) -> WithJsonSchema:
    """Describes the words where they are used: in the description two lists of one name would be taken for one."""
    return WithJsonSchema({"type": "string", "enum": [each.value for each in words]})


def figure(told: str | None) -> Decimal | None:
    """A figure as it was sent."""
    return None if told is None else Decimal(told)
