"""The kinds of values that a call may send and an answer may hold: what a database can keep, no more."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from django.utils import timezone
from pydantic import AfterValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from shuangkong.core.horizon import is_near, years

#: The largest number of a row that a database gives.
_MOST = 2**63 - 1
#: The sort of fault that a day far from any plan is.
FAR = "far_day"


def _near(day: date) -> date:
    today = timezone.localdate()
    if not is_near(day, today):
        first, last = years(today)
        raise PydanticCustomError(FAR, "a day from {first} to {last}", {"first": first, "last": last})
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
